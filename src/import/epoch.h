#pragma once
// Epoch AI's frontier data centres (two CSV files, CC BY 4.0) become a portfolio that simulate
// reads. The files hold, per site, dated states with cumulative IT MW, facility MW and
// H100-equivalents. They hold no delivery date, one date per state, no slip, no demand and no
// price: whatever is assumed is written into the YAML with `tier: assumption`. Rules:
// docs/frontier.md.

#include <optional>
#include <string>
#include <vector>

#include "base/calendar.h"
#include "base/diagnostic.h"
#include "text/source.h"

namespace warmshell::import {

struct EpochOptions {
  text::SourcePtr sites;      // epoch_data_centers_*.csv
  text::SourcePtr timelines;  // epoch_data_center_timelines_*.csv
  text::SourcePtr overrides;  // YAML; may be empty
  Date as_of;                 // later dates are plans
};

struct ImportedFile {
  std::string path;  // relative to the portfolio's folder
  std::string text;
};

struct EpochTotals {
  int sites = 0, sites_without_halls = 0, halls = 0, sources = 0, past = 0, future = 0;
  double it_mw_as_of = 0, facility_mw_as_of = 0;  // running on the as-of date
  double it_mw_end = 0, facility_mw_end = 0;      // after the last row
};

struct EpochImport {
  std::vector<ImportedFile> files;  // portfolio.yaml, scenarios/no-slip.yaml, chips-on-time and one
                                    // without each assumption
  EpochTotals totals;
  Diagnostics warnings;
};

[[nodiscard]] Result<EpochImport> import_epoch(const EpochOptions& options);

}  // namespace warmshell::import
