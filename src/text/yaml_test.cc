#include "text/yaml.h"

#include <gtest/gtest.h>

#include <chrono>

#include "text/testing.h"

namespace warmshell::text {
namespace {

std::string told(const std::string& yaml) {
  const auto tree = read_yaml("a.yaml", yaml);
  return tree ? "" : render(tree.error());
}

Node read(const std::string& yaml) {
  auto tree = read_yaml("a.yaml", yaml);
  EXPECT_TRUE(tree) << render(tree.error());
  return tree ? *tree : Node{};
}

// Kinds, texts and order, without places.
std::string shape(const Node& node) {
  std::string text;
  if (node.is_scalar()) return node.quoted ? "\"" + node.text + "\"" : node.text;
  if (node.is_list()) {
    for (const Node& item : node.items) text += (text.empty() ? "" : ", ") + shape(item);
    return "[" + text + "]";
  }
  for (const Entry& entry : node.entries)
    text += (text.empty() ? "" : ", ") + entry.key + ": " + shape(entry.value);
  return "{" + text + "}";
}

std::string where(const Place& place) {
  const SourceSpan span = place.span();
  return std::to_string(span.line) + ":" + std::to_string(span.column) + "+" +
         std::to_string(span.length);
}

TEST(yaml, keeps_scalars_as_text_and_the_order_of_the_file) {
  EXPECT_EQ(shape(read("b: no\na: 1.0\nc: [2025-01, 'x', ~]\nd: {e: null, f: }\n")),
            "{b: no, a: 1.0, c: [2025-01, \"x\", ~], d: {e: null, f: }}");
  EXPECT_EQ(shape(read("{\"a\": [1, true], \"b\": {}}")), "{a: [1, true], b: {}}");
  EXPECT_EQ(shape(read("a: |\n  two\n  lines\n")), "{a: \"two\nlines\n\"}");
}

TEST(yaml, an_empty_document_is_an_empty_map) {
  EXPECT_EQ(shape(read("")), "{}");
  EXPECT_EQ(shape(read("# only a comment\n")), "{}");
  EXPECT_EQ(shape(read("---\n")), "{}");
}

TEST(yaml, places_count_code_points_from_one) {
  const Node tree = read("站点: \"é\"\nb:\n  c: 36 MW_it # note\n");
  EXPECT_EQ(where(tree.entries[0].key_place), "1:1+2");
  EXPECT_EQ(where(tree.entries[0].value.place), "1:5+3");
  const Node& c = tree.entries[1].value;
  EXPECT_EQ(where(c.entries[0].key_place), "3:3+1");
  EXPECT_EQ(where(c.entries[0].value.place), "3:6+8");
  EXPECT_EQ(c.entries[0].value.place.span().source_line, "  c: 36 MW_it # note");
}

TEST(yaml, places_hold_behind_a_byte_order_mark_and_crlf) {
  const Node tree = read(
      "\xEF\xBB\xBF"
      "a: 1\r\nb: 22\r\n");
  EXPECT_EQ(where(tree.entries[1].value.place), "2:4+2");
  EXPECT_EQ(tree.entries[1].value.place.span().source_line, "b: 22");
}

TEST(yaml, aliases_are_copied) {
  EXPECT_EQ(shape(read("a: &x {b: [1, 2]}\nc: *x\nd: [*x]\n")),
            "{a: {b: [1, 2]}, c: {b: [1, 2]}, d: [{b: [1, 2]}]}");
  EXPECT_EQ(shape(read("a: &x 1\nb: &x 2\nc: *x\n")), "{a: 1, b: 2, c: 2}");
}

TEST(yaml, mistakes_that_leave_it_readable_are_told_together) {
  EXPECT_EQ(told("a: 1\na: 2\nb: !!int 3\nc: {<<: 1, d: {e: 1, e: 2}}\n"),
            R"(a.yaml:2:1: error[WS0102]: the key `a` stands here twice
 2 | a: 2
   | ^
   help: it was first written in line 1: keep one
a.yaml:3:4: error[WS0104]: the tag `tag:yaml.org,2002:int` is not read
 3 | b: !!int 3
   |    ^^^^^^^
   help: remove it: the field knows its type
a.yaml:4:5: error[WS0103]: merge keys (`<<`) are not read
 4 | c: {<<: 1, d: {e: 1, e: 2}}
   |     ^^
   help: write the entries out, or use a scenario that lays them over
a.yaml:4:22: error[WS0102]: the key `e` stands here twice
 4 | c: {<<: 1, d: {e: 1, e: 2}}
   |                      ^
   help: it was first written in line 4: keep one
)");
}

TEST(yaml, a_mistake_behind_a_refused_key_is_told_too) {
  EXPECT_EQ(told("a: 1\na: {b: 1, b: 2}\n"),
            R"(a.yaml:2:1: error[WS0102]: the key `a` stands here twice
 2 | a: {b: 1, b: 2}
   | ^
   help: it was first written in line 1: keep one
a.yaml:2:11: error[WS0102]: the key `b` stands here twice
 2 | a: {b: 1, b: 2}
   |           ^
   help: it was first written in line 2: keep one
)");
}

// ---- hostile inputs, each with its whole text ----

struct Hostile {
  const char* name;
  std::string yaml;
};

std::string repeated(const std::string& unit, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += unit;
  return all;
}

std::string bomb() {
  std::string yaml = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    yaml += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int k = 1; k < 10; ++k) yaml += ", " + before;
    yaml += "]\n";
  }
  return yaml;
}

const std::vector<Hostile>& hostile() {
  static const std::vector<Hostile> all{
      {"tab", "a:\n\tb: 1\n"},
      {"unclosed_flow", "a: [1, 2\nb: 3\n"},
      {"unclosed_quote", "a: \"x\nb: 1\n"},
      {"two_values", "a: One site: the first\n"},
      {"bad_indent", "a:\n  b: 1\n c: 2\n"},
      {"second_document", "a: 1\n---\nb: 2\n"},
      {"list_as_key", "? [a, b]\n: 1\n"},
      {"map_as_key", "{a: 1}: 2\n"},
      {"alias_as_key", "a: &x 1\n*x : 2\n"},
      {"anchored_key", "&k a: 1\n"},
      {"no_key", ": 1\n"},
      {"own_tag", "a: !shell rm\n"},
      {"cyclic_alias", "a: &a\n  b: [1, *a]\n"},
      {"unknown_alias", "a: *b\n"},
      {"alias_bomb", bomb()},
      {"deep_flow", repeated("[", 100000)},
      {"deep_block",
       [] {
         std::string yaml;
         for (int i = 0; i < 65; ++i)
           yaml += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
         return yaml;
       }()},
      {"deep_by_alias", "a: &a " + repeated("[", 40) + repeated("]", 40) +
                            "\nb: " + repeated("[", 30) + "*a" + repeated("]", 30) + "\n"},
      {"bell", "a: \"x\ay\"\n"},
      {"escaped_nul", "a: \"x\\0y\"\n"},
      {"nul_byte", std::string("a: 1\nb: \0\n", 10)},
      {"not_utf8", "a: 1\nb: \xFF\xFE\n"},
      {"overlong", "a: \xC0\xAF\n"},
      {"surrogate", "a: \xED\xA0\x80\n"},
      {"reserved", "a: @home\n"},
      {"directive", "%YAML 9.9\n---\na: 1\n"},
      {"terminal_escape", "a: [\n\"\\e[31m\" \"\xC2\x9B\"\n"},
      {"long_line", "a: \"" + std::string(5000, 'x') + "\" b\n"},
  };
  return all;
}

TEST(yaml, hostile_texts_are_refused_word_for_word) {
  testing::NamedTexts found;
  for (const Hostile& each : hostile()) {
    found.emplace_back(each.name, told(each.yaml));
    EXPECT_NE(found.back().second, "") << each.name;
  }
  testing::expect_recorded("src/text/testdata/hostile_yaml.txt", found);
}

TEST(yaml, a_million_nodes_are_read_and_one_more_is_refused) {
  std::string yaml = "[";
  for (std::size_t i = 0; i < max_nodes - 1; ++i) yaml += "1,";
  const auto at_limit = read_yaml("a.yaml", yaml + "]");
  ASSERT_TRUE(at_limit) << render(at_limit.error());
  EXPECT_EQ(count_nodes(*at_limit), max_nodes);
  const auto over = read_yaml("a.yaml", yaml + "1]");
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error()[0].code, "WS0108");
}

TEST(yaml, depth_64_is_read) {
  const Node tree = read(repeated("[", 64) + repeated("]", 64));
  EXPECT_EQ(count_nodes(tree), 64u);
}

TEST(yaml, a_text_of_more_than_16_mib_is_refused) {
  EXPECT_EQ(told("a: " + std::string(max_source_bytes, 'x')),
            "a.yaml: error[WS0002]: a.yaml is larger than 16 MiB\n"
            "   help: split the portfolio, or keep long tables in CSV files\n");
}

// Shapes known to make readers slow: each must end well within a second or two.
TEST(yaml, nothing_takes_long) {
  const auto begin = std::chrono::steady_clock::now();
  (void)told(repeated("{", 1'000'000));
  (void)told(repeated("- ", 1'000'000));
  (void)told(repeated("? ", 1'000'000));
  (void)told(repeated("a: 1\n", 100'000));
  (void)told(repeated("!!x ", 100'000));
  (void)told(repeated("&a ", 100'000));
  (void)told("a: \"" + repeated("\\x41", 1'000'000) + "\"");
  (void)told("\"" + repeated("\xE7\xAB\x99", 1'000'000) + "\": [" + repeated("站,", 100'000));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  EXPECT_LT(took.count(), 20.0);
}

}  // namespace
}  // namespace warmshell::text
