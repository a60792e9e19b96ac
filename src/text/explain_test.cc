#include "text/explain.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "text/csv.h"
#include "text/yaml.h"

namespace warmshell::text {
namespace {

TEST(explain, every_code_in_the_sources_has_an_entry) {
  const std::regex code("WS[0-9]{4}");
  std::set<std::string> missing;
  std::size_t files = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(WARMSHELL_ROOT "/src")) {
    const std::string name = file.path().filename().string();
    if (!file.is_regular_file() || name.ends_with("_test.cc") ||
        !(name.ends_with(".cc") || name.ends_with(".h")))
      continue;
    ++files;
    std::ifstream in(file.path());
    std::stringstream text;
    text << in.rdbuf();
    const std::string whole = text.str();
    for (std::sregex_iterator it(whole.begin(), whole.end(), code), end; it != end; ++it)
      if (!find_explanation(it->str()) && it->str() != "WS0123")  // the code in usage examples
        missing.insert(it->str() + " in " +
                       file.path().lexically_relative(WARMSHELL_ROOT).string());
  }
  EXPECT_GT(files, 20u);
  EXPECT_EQ(missing, std::set<std::string>{});
}

TEST(explain, entries_are_unique_in_order_and_say_something) {
  const auto all = all_explanations();
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].code.size(), 6u);
    EXPECT_FALSE(all[i].title.empty());
    EXPECT_FALSE(all[i].meaning.empty());
    EXPECT_EQ(all[i].wrong.empty(), all[i].right.empty()) << all[i].code;
    if (i > 0) {
      EXPECT_LT(all[i - 1].code, all[i].code);
    }
  }
}

std::set<std::string> codes(const Diagnostics& diagnostics) {
  std::set<std::string> found;
  for (const Diagnostic& each : diagnostics) found.insert(each.code);
  return found;
}

// The codes that reading an example as a text gives.
std::set<std::string> codes_of(std::string_view code, std::string_view example) {
  if (code < "WS0120") {
    const auto tree = read_yaml("example.yaml", std::string(example));
    return tree ? std::set<std::string>{} : codes(tree.error());
  }
  const auto source = Source::make("example.csv", std::string(example));
  const auto table = read_csv(*source);
  if (!table) return codes(table.error());
  const auto map = table_to_map(*table);
  return map ? std::set<std::string>{} : codes(map.error());
}

TEST(explain, examples_of_text_codes_are_refused_and_accepted_as_they_say) {
  int tried = 0;
  for (const Explanation& each : text_explanations()) {
    if (each.wrong.empty() || each.code == "WS0131" || each.code == "WS0132") continue;
    ++tried;
    EXPECT_EQ(codes_of(each.code, each.wrong), std::set<std::string>{std::string(each.code)});
    EXPECT_EQ(codes_of(each.code, each.right), std::set<std::string>{}) << each.code;
  }
  EXPECT_EQ(tried, 14);
}

TEST(explain, the_terminal_text_shows_both_examples) {
  EXPECT_EQ(
      explanation_text(*find_explanation("WS0206")),
      "WS0206: a megawatt that may mean two things\n"
      "\n"
      "Power at the meter (facility) is power at the rack (IT) times PUE: 10 to 60 % more. Say "
      "which one it is.\n"
      "\n"
      "refused:\n"
      "    it_power: 36 MW\n"
      "\n"
      "instead:\n"
      "    it_power: 36 MW_it\n");
  EXPECT_EQ(find_explanation("WS9999"), nullptr);
}

}  // namespace
}  // namespace warmshell::text
