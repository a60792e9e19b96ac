#pragma once
// A portfolio from disk: files laid over each other, fields read, defaults filled, meaning checked.
// Everything that is wrong is told at once: all fields first, then, when every field could be read,
// all of the meaning. Pure but for reading files; any thread.

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "model/portfolio.h"
#include "text/tree.h"

namespace warmshell::model {

// A value that was not written and came from the catalogue.
struct DefaultUsed {
  std::string path, value, source, tier;
};

struct ReadPortfolio {
  Portfolio portfolio;
  Diagnostics diagnostics;                  // warnings and notes
  std::vector<DefaultUsed> defaults_used;   // weakest tier first, then by path
  std::vector<std::string> not_yet_valued;  // read and checked, without effect on any number
  std::string inputs_sha256;                // of every text read and every --set
  std::string scenario;                     // "" for none
  std::vector<std::string> scenarios;       // names there are
};

// `path` is a YAML file or a folder with portfolio.yaml; `settings` are "a.b.c=VALUE", `overlays`
// files that are laid over it before them.
[[nodiscard]] Result<ReadPortfolio> read_portfolio(const std::string& path,
                                                   const std::string& scenario = "",
                                                   const std::vector<std::string>& settings = {},
                                                   const std::vector<std::string>& overlays = {});

// The same from a tree that is already there: nothing but `folder` is opened (may be null).
[[nodiscard]] Result<ReadPortfolio> read_portfolio(const text::Node& tree,
                                                   const text::Folder* folder);

// Fills what was not written. A default in a currency without a rate is a diagnostic.
void fill_defaults(Portfolio& portfolio, std::vector<DefaultUsed>& used, Diagnostics& out);

// More things than the program is made for.
void check_sizes(const Portfolio& portfolio, Diagnostics& out);

// What no single field can tell: see checks.cc. Expects filled defaults.
void check_portfolio(const Portfolio& portfolio, Diagnostics& out);

[[nodiscard]] std::string portfolio_schema();          // JSON Schema, draft-07
[[nodiscard]] std::string portfolio_reference_page();  // Markdown

}  // namespace warmshell::model
