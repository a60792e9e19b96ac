#pragma once
// For tests: recorded texts, compared whole. A file holds named texts, each under `=== NAME`.
// WARMSHELL_ACCEPT=1 in the environment writes what is found instead of comparing: then read the
// difference before committing it.

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace warmshell::text::testing {

using NamedTexts = std::vector<std::pair<std::string, std::string>>;

inline std::map<std::string, std::string> read_recorded(const std::string& path) {
  std::ifstream in(path);
  std::map<std::string, std::string> texts;
  std::string line, name;
  while (std::getline(in, line)) {
    if (line.starts_with("=== "))
      texts[name = line.substr(4)];
    else
      texts[name] += line + "\n";
  }
  return texts;
}

// `path` is relative to the root of the repository.
inline void expect_recorded(const std::string& path, const NamedTexts& found) {
  const std::string whole_path = std::string(WARMSHELL_ROOT) + "/" + path;
  if (const char* accept = std::getenv("WARMSHELL_ACCEPT"); accept && *accept == '1') {
    std::ofstream out(whole_path);
    for (const auto& [name, text] : found) out << "=== " << name << "\n" << text;
  }
  std::map<std::string, std::string> recorded = read_recorded(whole_path);
  for (const auto& [name, text] : found) {
    ASSERT_TRUE(recorded.contains(name)) << name << " is not recorded in " << path;
    EXPECT_EQ(text, recorded[name]) << name;
    recorded.erase(name);
  }
  for (const auto& [name, text] : recorded) ADD_FAILURE() << name << " is recorded and not tested";
}

}  // namespace warmshell::text::testing
