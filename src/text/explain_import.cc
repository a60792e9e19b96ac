#include <array>

#include "text/explain.h"

namespace warmshell::text {

// WS04xx. One entry per code, in order.
std::span<const Explanation> import_explanations() {
  static constexpr std::array entries{
      Explanation{"WS0401", "a column is missing",
                  "The import reads Epoch AI's Frontier Data Centers: the sites file (Name, Owner, "
                  "Notes, Country) and the timelines file "
                  "(Date, Construction status, IT power (MW), Power (MW), H100 equivalents, Data "
                  "center), in this order.",
                  "warmshell import epoch timelines.csv sites.csv --out frontier",
                  "warmshell import epoch sites.csv timelines.csv --out frontier"},
      Explanation{"WS0402", "a cell is not a number",
                  "Cumulative MW and h100e are plain numbers that are not negative; an empty cell "
                  "carries the value before it forward.",
                  "2026-05-23,...,about 400,...", "2026-05-23,...,400,..."},
      Explanation{"WS0403", "h100e fall while IT power does not",
                  "Accelerators do not vanish from a hall that keeps its power. The value before "
                  "is carried forward.",
                  "", ""},
      Explanation{"WS0404", "a step's PUE is unlikely",
                  "Facility MW of the step over its IT MW lies outside 1.05 to 1.6. It is used as "
                  "it stands, so that the file's MW come back.",
                  "", ""},
      Explanation{"WS0405", "h100e rise without IT power",
                  "No hall was added; the accelerators are not reproduced.", "", ""},
      Explanation{"WS0406", "a site stands twice", "Sites are found by name; one row each.", "",
                  ""},
      Explanation{"WS0407", "a site has no row in the sites file",
                  "Its states are skipped: without an owner and notes nothing says what it holds.",
                  "", ""},
      Explanation{"WS0408", "a date cannot be read", "Dates are written year-month-day.",
                  "23/05/2026", "2026-05-23"},
      Explanation{"WS0410", "no accelerator fits a step",
                  "None on the market at that date has the step's MW and h100e; the owner's "
                  "nearest is taken. Counts by type are an inference.",
                  "", ""},
      Explanation{"WS0411", "kW per accelerator are unlikely",
                  "IT MW over count is outside 0.8 to 1.7 of the catalogue's provisioned kW. Used "
                  "as it stands, so that both columns come back.",
                  "", ""},
      Explanation{"WS0412", "h100e do not rise with IT power",
                  "The accelerator of the step before, as many as the MW hold at its provisioned "
                  "kW; h100e are not reproduced.",
                  "", ""},
      Explanation{"WS0413", "an override cannot be used",
                  "The override file names a site, the date of a row whose IT power rises, and "
                  "what to use instead.",
                  "colossus-1: {2025-02: {chips: {h100: 50000}}}",
                  "colossus-1: {2025-02-17: {chips: {h100_sxm: 50000}}}"},
      Explanation{"WS0414", "a stated doubt",
                  "The override file says what the files cannot. Nothing is changed by it.", "",
                  ""},
  };
  return entries;
}

}  // namespace warmshell::text
