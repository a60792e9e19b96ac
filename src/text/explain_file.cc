#include <array>

#include "text/explain.h"

namespace warmshell::text {

// WS00xx: files and flags. One entry per code, in order.
std::span<const Explanation> file_explanations() {
  static constexpr std::array all{
      Explanation{"WS0001", "a file cannot be opened or read",
                  "The file is not there, or may not be read. Files named inside a portfolio are "
                  "looked for in the portfolio's own folder.",
                  "fleet: {from: ../lots.csv}", "fleet: {from: lots.csv}"},
      Explanation{
          "WS0002", "a file is too large",
          "Portfolios and their tables are read whole, so their size is bounded, at 16 MiB each; "
          "what a run folder holds by what its run can have written. Job traces are streamed and "
          "may be of any size.",
          "", ""},
      Explanation{"WS0003", "a file is not UTF-8",
                  "All text is UTF-8. A spreadsheet may have saved the table in another encoding: "
                  "choose \"CSV UTF-8\" when saving.",
                  "", ""},
      Explanation{"WS0004", "a NUL byte stands in a text",
                  "Text has no NUL bytes. Most often the file is UTF-16, is not a text, or was cut "
                  "while it was copied.",
                  "", ""},
      Explanation{
          "WS0005", "a path leads out of the folder that was opened",
          "A portfolio may come from anybody, so it reads nothing outside its own folder: no "
          "absolute path, no `..`, no link that leads out.",
          "fleet: {from: /home/me/lots.csv}", "fleet: {from: lots.csv}"},
      Explanation{"WS0006", "a path is not what is needed",
                  "A folder or regular file was needed. Pipes, devices and sockets are not read.",
                  "", ""},
      Explanation{"WS0007", "there is no such scenario",
                  "A scenario NAME is the file scenarios/NAME.yaml in the portfolio's folder.",
                  "warmshell simulate examples/speed --scenario slwo",
                  "warmshell simulate examples/speed --scenario slow"},
      Explanation{
          "WS0008", "scenarios are based on each other in a circle",
          "A scenario is laid over the one it is based on, and that over its own, down to the "
          "portfolio. A circle has no beginning.",
          "scenarios/a.yaml: based_on: b\nscenarios/b.yaml: based_on: a",
          "scenarios/a.yaml: based_on: b\nscenarios/b.yaml: (no based_on)"},
      Explanation{"WS0009", "a folder holds no portfolio.yaml",
                  "A portfolio is one YAML file, or a folder with portfolio.yaml and, if there are "
                  "any, scenarios/NAME.yaml.",
                  "", ""},
      Explanation{"WS0010", "there is no such code",
                  "`warmshell explain` without a code lists all.", "warmshell explain 206",
                  "warmshell explain WS0206"},
      Explanation{"WS0011", "a flag holds no date", "A date is year-month or year-month-day.",
                  "--as-of 23.5.2026", "--as-of 2026-05-23"},
      Explanation{
          "WS0012", "a file cannot be written",
          "The folder is not there, may not be written to, or the disk is full. What stood in "
          "the file before is still there.",
          "", ""},
      Explanation{"WS0013", "a portfolio is there already",
                  "`init` writes a first portfolio to edit and never replaces one that is there.",
                  "", ""},
      Explanation{"WS0014", "there is no such template",
                  "`warmshell init` without a name lists the templates.",
                  "warmshell init --template neoclod", "warmshell init --template neocloud"},
      Explanation{
          "WS0015", "a run folder cannot be read back",
          "`warmshell report` reads the simulate.json that `warmshell simulate --out` wrote, and "
          "names the key that is missing or of another type. A file that was edited, cut short or "
          "written by another version may lack what a report needs. Of several folders it reads "
          "the paths.csv too, to set them against each other path by path.",
          "warmshell report examples/neocloud --html again.html",
          "warmshell simulate examples/neocloud --out run && warmshell report run --html "
          "again.html"},
      Explanation{"WS0050", "the catalogue has no such table",
                  "`warmshell catalog` without a name lists the tables there are.",
                  "warmshell catalog acelerators", "warmshell catalog accelerators"},
  };
  return all;
}

}  // namespace warmshell::text
