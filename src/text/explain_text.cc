#include <array>

#include "text/explain.h"

namespace warmshell::text {

// WS01xx: YAML, CSV and settings as text. One entry per code, in order.
std::span<const Explanation> text_explanations() {
  static constexpr std::array all{
      Explanation{
          "WS0101", "this is not YAML",
          "The text breaks off here for the reader. The mistake is often in the line before: "
          "a bracket or quote that is not closed, a tab, a text with `: ` or ` #` in it that "
          "needs quotes.",
          "portfolio: One site: the first\n", "portfolio: \"One site: the first\"\n"},
      Explanation{"WS0102", "a key stands twice in one map",
                  "One of the two would silently win, so both are refused.",
                  "hall: {it_power: 36 MW_it, it_power: 60 MW_it}\n",
                  "hall: {it_power: 60 MW_it}\n"},
      Explanation{"WS0103", "merge keys are not read",
                  "`<<` merges maps by rules that differ between programs. Plain aliases are read; "
                  "for variants of a whole portfolio there are scenarios.",
                  "a: &a {x: 1}\nb: {<<: *a}\n", "a: &a {x: 1}\nb: *a\n"},
      Explanation{
          "WS0104", "tags are not read",
          "Every field knows the type of its value, so `!!int` and its kin say nothing here.",
          "count: !!int 40\n", "count: 40\n"},
      Explanation{"WS0105", "a second document in one file", "A file holds one document.",
                  "a: 1\n---\nb: 2\n", "a: 1\nb: 2\n"},
      Explanation{"WS0106", "a key is not plain text",
                  "Keys are names, joined by dots to paths such as sites.quincy.install; a list, a "
                  "map or nothing cannot be a name.",
                  "[a, b]: 1\n", "a-b: 1\n"},
      Explanation{
          "WS0107", "nested deeper than 64 levels",
          "No portfolio needs it; the limit keeps hostile files from exhausting the program.", "",
          ""},
      Explanation{
          "WS0108", "more than one million values",
          "Aliases count as often as they are used, so that a small file cannot grow into a "
          "huge one.",
          "", ""},
      Explanation{"WS0109", "an alias stands inside what it names",
                  "The value would hold itself without end.", "a: &a {b: *a}\n", "a: {b: 1}\n"},
      Explanation{
          "WS0110", "an alias names no anchor",
          "An alias `*name` repeats a value that was marked `&name` earlier in the same file.",
          "a: *b\n", "b: &b 1\na: *b\n"},
      Explanation{
          "WS0111", "a control character in the text",
          "Characters that cannot be seen (bell, escape, NUL) have no place in a portfolio.",
          "a: \"x\\0y\"\n", "a: xy\n"},
      Explanation{"WS0121", "a table has no usable header",
                  "The first row of a table names its columns, each once.", "name,count,count\n",
                  "name,count,price\n"},
      Explanation{
          "WS0122", "a row has more or fewer cells than the header",
          "Most often a cell holds a comma and needs quotes. The row is named and left out.",
          "name,site\nlot-1,Quincy, WA\n", "name,site\nlot-1,\"Quincy, WA\"\n"},
      Explanation{"WS0123", "a quote in a table is in the wrong place",
                  "By RFC 4180 a cell is quoted as a whole, and quotes inside it are doubled.",
                  "name,note\nlot-1,the \"new\" one\n",
                  "name,note\nlot-1,\"the \"\"new\"\" one\"\n"},
      Explanation{"WS0124", "a row is longer than 1 MiB",
                  "The file probably has other line ends than LF or CRLF, or is no table.", "", ""},
      Explanation{"WS0125", "a table has no such column",
                  "A table that stands for a map of things needs the column `name` first; other "
                  "columns are found by the names in the header.",
                  "lot,count\nlot-1,40\n", "name,count\nlot-1,40\n"},
      Explanation{
          "WS0126", "a row of a table cannot become an entry",
          "Each row is one thing under its own name; a column is one of its fields, or fields "
          "joined by dots.",
          "name,count\nlot-1,40\nlot-1,50\n", "name,count\nlot-1,40\nlot-2,50\n"},
      Explanation{"WS0131", "a setting that cannot be read",
                  "`--set` takes a dotted path, `=` and a value as YAML. The value `null` removes.",
                  "--set sites.quincy.install", "--set \"sites.quincy.install=40 racks/month\""},
      Explanation{
          "WS0132", "a name in a scenario or setting was probably meant for another",
          "A scenario or `--set` may add sites, halls, sources, lots and markets, and `null` "
          "removes them. A name that is new and nearly that of another is taken as written, "
          "with this warning; so is a `null` that finds nothing to remove.",
          "--set 'sites.quinzy.install=40 racks/month'",
          "--set 'sites.quincy.install=40 racks/month'"},
  };
  return all;
}

}  // namespace warmshell::text
