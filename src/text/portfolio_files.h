#pragma once
// What stands on disk as one portfolio: a YAML file, or a folder with `portfolio.yaml` and
// `scenarios/NAME.yaml`. Scenarios are laid over the portfolio in the order of `based_on`, then
// overlay files named by the user, then `--set` flags; tables (`fleet: {from: lots.csv}`) are put
// in place before. Nothing is interpreted.

#include <string>
#include <vector>

#include "text/source.h"
#include "text/tree.h"

namespace warmshell::text {

struct PortfolioFiles {
  Folder folder;
  Node tree;                           // everything laid over everything
  std::vector<SourcePtr> sources;      // every text read, in order: for the hash of the inputs
  std::vector<std::string> scenarios;  // names there are, sorted
  std::string scenario;                // the one laid over, "" for none
  Diagnostics problems;                // of tables: errors; `tree` holds what could be used
  Diagnostics warnings;                // names in overlays that were probably meant for others
};

[[nodiscard]] Result<PortfolioFiles> load_portfolio(const std::string& path,
                                                    const std::string& scenario = "",
                                                    const std::vector<std::string>& settings = {},
                                                    const std::vector<std::string>& overlays = {});

}  // namespace warmshell::text
