#include "text/overlay.h"

#include <gtest/gtest.h>

#include "text/yaml.h"

namespace warmshell::text {
namespace {

Node tree(const std::string& name, const std::string& yaml) {
  return *read_yaml(name, yaml);
}

std::string shape(const Node& node) {
  std::string text;
  if (node.is_scalar()) return node.text;
  if (node.is_list()) {
    for (const Node& item : node.items) text += (text.empty() ? "" : ", ") + shape(item);
    return "[" + text + "]";
  }
  for (const Entry& entry : node.entries)
    text += (text.empty() ? "" : ", ") + entry.key + ": " + shape(entry.value);
  return "{" + text + "}";
}

TEST(overlay, merges_maps_by_key_replaces_the_rest_and_removes_by_null) {
  const Node base = tree("p.yaml", "a: {x: 1, y: 2, z: [1, 2]}\nb: 3\nc: 4\n");
  const Node over =
      tree("s.yaml", "d: {new: 1, none: null}\na: {y: {deep: 5}, z: [9], w: null}\nc: null\n");
  EXPECT_EQ(shape(merge(base, over)), "{a: {x: 1, y: {deep: 5}, z: [9]}, b: 3, d: {new: 1}}");
}

TEST(overlay, a_value_keeps_the_place_where_it_was_written) {
  const Node merged = merge(tree("p.yaml", "a: {x: 1, y: 2}\n"), tree("s.yaml", "\na:\n  y: 7\n"));
  EXPECT_EQ(find_path(merged, "a.x")->place.span().file, "p.yaml");
  EXPECT_EQ(find_path(merged, "a.y")->place.span().file, "s.yaml");
  EXPECT_EQ(find_path(merged, "a.y")->place.span().line, 3);
}

TEST(overlay, a_quoted_null_is_text) {
  EXPECT_EQ(shape(merge(tree("p.yaml", "a: 1\n"), tree("s.yaml", "a: \"null\"\n"))), "{a: null}");
  EXPECT_EQ(shape(merge(tree("p.yaml", "a: 1\n"), tree("s.yaml", "a: null\n"))), "{}");
}

TEST(overlay, a_setting_is_a_tree_with_places_in_the_flag) {
  const Node node = *read_setting("sites.quincy.install=40 racks/month");
  EXPECT_EQ(shape(node), "{sites: {quincy: {install: 40 racks/month}}}");
  const SourceSpan span = find_path(node, "sites.quincy.install")->place.span();
  EXPECT_EQ(span.file, "--set");
  EXPECT_EQ(span.column, 22);
  EXPECT_EQ(span.length, 14);
  EXPECT_EQ(span.source_line, "sites.quincy.install=40 racks/month");
  EXPECT_EQ(node.entries[0].value.entries[0].key_place.span().column, 7);
  EXPECT_EQ(shape(*read_setting("a={p10: 1, p50: 2}")), "{a: {p10: 1, p50: 2}}");
  EXPECT_EQ(shape(*read_setting("a.b={}")), "{a: {b: {}}}");
  EXPECT_EQ(shape(merge(tree("p.yaml", "a: {b: 1, c: 2}\n"), *read_setting("a.b=null"))),
            "{a: {c: 2}}");
  EXPECT_EQ(shape(merge(tree("p.yaml", "a: {b: 1, c: 2}\n"), *read_setting("a=~"))), "{}");
}

TEST(overlay, settings_that_cannot_be_read_are_refused_word_for_word) {
  const auto told = [](const std::string& argument) {
    return render(read_setting(argument).error());
  };
  const std::string help =
      "   help: write PATH=VALUE, as in `sites.quincy.install=40 racks/month`\n";
  EXPECT_EQ(told("sites.quincy"),
            "--set:1:1: error[WS0131]: a setting has a path, `=` and a value\n"
            " 1 | sites.quincy\n"
            "   | ^^^^^^^^^^^^\n" +
                help);
  EXPECT_EQ(told("a="),
            "--set:1:1: error[WS0131]: a setting has a path, `=` and a value\n"
            " 1 | a=\n"
            "   | ^^\n" +
                help);
  for (const char* path : {"=1", ""})
    EXPECT_EQ(read_setting(path).error()[0].code, "WS0131") << path;
  for (const char* path : {"a..b=1", ".a=1", "a.=1", "a b=1", ".=1", "..=1"})
    EXPECT_EQ(read_setting(path).error()[0].message, "a path is names joined by dots") << path;
  EXPECT_EQ(told("a.b=[1"),
            "--set:1:7: error[WS0101]: this is not YAML: did not find expected ',' or ']'\n"
            " 1 | a.b=[1\n"
            "   |       ^\n"
            "   help: a `[` opens in line 1: close it, and put commas between its entries\n");
}

TEST(overlay, large_maps_are_merged_in_time_that_grows_with_their_size) {
  Node base = make_map(), over = make_map();
  for (int i = 0; i < 200000; ++i) {
    base.entries.push_back({"k" + std::to_string(i), {}, make_scalar("1")});
    over.entries.push_back({"k" + std::to_string(2 * i), {}, make_scalar("2")});
  }
  EXPECT_EQ(merge(base, over).entries.size(), 300000u);
}

TEST(overlay, doubtful_names_are_told_and_new_ones_are_not) {
  const Node base = tree("p.yaml",
                         "sites: {quincy: {halls: {liq-1: {}, phase-2: {}}, pue: {p10: 1}}}\n"
                         "fleet: {nvl72: {}}\n");
  const auto told = [&](const std::string& overlay) {
    std::string text;
    for (const Diagnostic& each : doubtful_names(base, tree("s.yaml", overlay)))
      text += each.code + " " + each.message + "; " + each.help + "\n";
    return text;
  };
  EXPECT_EQ(told("sites: {quinzy: {install: 1}}\n"),
            "WS0132 new here, and nearly the name of another: `quinzy`; did you mean `quincy`?\n");
  EXPECT_EQ(told("fleet: {nvll72: null}\n"),
            "WS0132 there is nothing to remove called `nvll72`; did you mean `nvl72`?\n");
  EXPECT_EQ(told("sites: {quincy: {halls: {liq1: {}}}}\n"),
            "WS0132 new here, and nearly the name of another: `liq1`; did you mean `liq-1`?\n");
  EXPECT_EQ(told("sites: {quincy: {halls: {phase-3: {}}, pue: {p50: 2}}, dallas: {}}\n"), "");
  EXPECT_EQ(told("fleet: {nvl72: null}\n"), "");
}

}  // namespace
}  // namespace warmshell::text
