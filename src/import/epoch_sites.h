#pragma once
// Step 1 and 2 of the import: cleaned states, and what they mean as halls, falls and PUE steps.

#include <string>
#include <vector>

#include "base/calendar.h"
#include "base/diagnostic.h"
#include "text/source.h"

namespace warmshell::import {

struct State {  // cumulative, MW and h100e
  Date date;
  double it_mw = 0, facility_mw = 0, h100e = 0;
  std::string status;
  text::Place place;
};

struct Phase {     // one positive step: a hall and a source
  int number = 0;  // from 1
  Date date;
  double it_mw = 0, facility_mw = 0, h100e = 0;  // of the step
  std::string status;
  text::Place place;
};

struct Fall {  // MW that are gone from .. to; to is `never` when they do not return
  Date from, to = never;
  double it_mw = 0, facility_mw = 0;
};

struct PueStep {  // from that date the PUE of every hall that then stands; 0: back to each hall's
                  // own
  Date from;
  double pue = 0;
  int halls = 0;  // phases 1..halls
};

struct EpochSite {
  std::string title, name;  // as written; lower case with hyphens
  std::string owner, confidence, notes, country;
  std::vector<State> states;
  std::vector<Phase> phases;
  std::vector<Fall> falls;
  std::vector<PueStep> pue_steps;
};

// Sites by name. Rows that change nothing are dropped; blanks and impossible falls are carried
// forward.
[[nodiscard]] Result<std::vector<EpochSite>> read_epoch_sites(const text::SourcePtr& sites,
                                                              const text::SourcePtr& timelines,
                                                              Diagnostics& warnings);

[[nodiscard]] std::string name_of(
    const std::string& title);  // "Google Pryor (North)" -> "google-pryor-north"

}  // namespace warmshell::import
