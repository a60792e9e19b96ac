// tests/wrong_inputs/NAME: portfolio.yaml, what else it needs, and expected.txt, the whole text
// that reading it prints. arguments.txt may hold `scenario=NAME` and `set=PATH=VALUE` lines. With
// WARMSHELL_ACCEPT=1 in the environment the texts are written instead of compared.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "model/read.h"
#include "text/explain.h"

namespace warmshell::model {
namespace {

namespace fs = std::filesystem;

std::string content(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<fs::path> cases() {
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(fs::path(WARMSHELL_ROOT) / "tests/wrong_inputs"))
    if (entry.is_directory()) folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  return folders;
}

Diagnostics diagnostics_of(const fs::path& folder) {
  std::string scenario;
  std::vector<std::string> settings;
  std::istringstream arguments(content(folder / "arguments.txt"));
  for (std::string line; std::getline(arguments, line);) {
    if (line.rfind("scenario=", 0) == 0) scenario = line.substr(9);
    if (line.rfind("set=", 0) == 0) settings.push_back(line.substr(4));
  }
  const auto result = read_portfolio(folder.string(), scenario, settings);
  return result ? result->diagnostics : result.error();
}

TEST(WrongInputs, there_are_at_least_forty) {
  EXPECT_GE(cases().size(), 40U);
}

TEST(WrongInputs, each_is_refused_with_its_whole_text) {
  const bool accept = std::getenv("WARMSHELL_ACCEPT") != nullptr;
  for (const fs::path& folder : cases()) {
    SCOPED_TRACE(folder.filename().string());
    const Diagnostics told = diagnostics_of(folder);
    EXPECT_TRUE(has_errors(told));
    if (accept) {
      std::ofstream(folder / "expected.txt", std::ios::binary) << render(told);
      continue;
    }
    EXPECT_EQ(render(told), content(folder / "expected.txt"));
  }
}

TEST(WrongInputs, every_code_is_explained) {
  for (const fs::path& folder : cases())
    for (const Diagnostic& each : diagnostics_of(folder))
      EXPECT_NE(text::find_explanation(each.code), nullptr) << each.code;
}

}  // namespace
}  // namespace warmshell::model
