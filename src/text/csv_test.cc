#include "text/csv.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "text/table.h"
#include "text/testing.h"

namespace warmshell::text {
namespace {

struct Streamed {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> places;  // of the first cell of each row
  CsvProblems problems;
  std::string stopped;  // what ended it, "" when nothing did
  std::int64_t count = 0;
};

Streamed stream(std::string_view text) {
  Streamed got;
  CsvVisitor visitor;
  visitor.header = [&](const CsvHeader& header) {
    got.columns = header.names();
    return true;
  };
  visitor.row = [&](const CsvRow& row) {
    std::vector<std::string> cells;
    for (const CsvCell& cell : *row.cells) cells.emplace_back(cell.text);
    got.rows.push_back(cells);
    got.places.push_back(std::to_string(row[0].line) + ":" + std::to_string(row[0].column()));
    return true;
  };
  const auto rows = stream_csv_text("t.csv", text, visitor, got.problems);
  if (rows)
    got.count = *rows;
  else
    got.stopped = render(rows.error());
  return got;
}

using Rows = std::vector<std::vector<std::string>>;

TEST(csv, reads_quotes_line_ends_and_a_byte_order_mark) {
  const Streamed got =
      stream("\xEF\xBB\xBFname,note\r\na,\"x, \"\"y\"\"\r\nz\"\r\n\r\nb,\n\"\",last");
  EXPECT_EQ(got.columns, (std::vector<std::string>{"name", "note"}));
  EXPECT_EQ(got.rows, (Rows{{"a", "x, \"y\"\r\nz"}, {"b", ""}, {"", "last"}}));
  EXPECT_EQ(got.places, (std::vector<std::string>{"2:1", "5:1", "6:1"}));
  EXPECT_EQ(got.problems.count, 0);
  EXPECT_EQ(got.count, 3);
}

TEST(csv, ragged_and_broken_rows_are_told_by_row_and_reading_goes_on) {
  const Streamed got = stream(
      "name,site\n"
      "a,x\n"
      "b,Quincy, WA\n"
      "c\n"
      "d,the \"new\" one\n"
      "e,\"x\"y\n"
      "f,\xFF\n"
      "g,z\rw\n"
      "h,ok\n"
      "i,\"never closed\n"
      "j,ok\n");
  EXPECT_EQ(got.rows, (Rows{{"a", "x"}, {"h", "ok"}, {"j", "ok"}}));
  EXPECT_EQ(got.count, 10);
  EXPECT_EQ(got.problems.count, 7);
  EXPECT_EQ(render(got.problems.diagnostics),
            R"(t.csv:3:10: error[WS0122]: row 2 has 3 cells where the header has 2
 3 | b,Quincy, WA
   |          ^^^
   help: quote cells that hold a separator
t.csv:4:1: error[WS0122]: row 3 has 1 cells where the header has 2
 4 | c
   | ^
   help: quote cells that hold a separator
t.csv:5:7: error[WS0123]: a quote stands inside a cell that is not quoted
 5 | d,the "new" one
   |       ^
   help: quote the whole cell, and double the quotes inside
t.csv:6:6: error[WS0123]: text follows a closing quote
 6 | e,"x"y
   |      ^
   help: quote the whole cell, and double the quotes inside
t.csv:7:3: error[WS0003]: byte 0xFF is not UTF-8
 7 | f,?
   |   ^
   help: save the file as UTF-8
t.csv:8:4: error[WS0123]: a carriage return stands without a line feed
 8 | g,z?w
   |    ^
   help: end lines with LF or CRLF
t.csv:10:3: error[WS0123]: a quote opens here and is never closed
 10 | i,"never closed
    |   ^
   help: close it, or double it inside quotes
)");
}

TEST(csv, an_unusable_header_stops_it) {
  EXPECT_EQ(stream("").stopped,
            "t.csv: error[WS0121]: the table is empty\n"
            "   help: write a header row with the names of the columns\n");
  EXPECT_EQ(stream("\n\n").stopped, stream("").stopped);
  EXPECT_EQ(stream("a,b,a\n1,2,3\n").stopped,
            "t.csv:1:5: error[WS0121]: two columns are called `a`\n"
            " 1 | a,b,a\n"
            "   |     ^\n"
            "   help: give each column its own name\n");
  EXPECT_EQ(stream("a,\"b\n").stopped,
            "t.csv:1:3: error[WS0123]: a quote opens here and is never closed\n"
            " 1 | a,\"b\n"
            "   |   ^\n"
            "   help: close it, or double it inside quotes\n");
}

TEST(csv, a_row_of_more_than_a_mebibyte_is_told_and_left_out) {
  const std::string huge(3u << 20, 'x');
  const Streamed got = stream("a\n1\n" + huge + "\n2\n\"" + huge + "\n3\n4\n");
  EXPECT_EQ(got.rows, (Rows{{"1"}, {"2"}, {"3"}, {"4"}}));
  EXPECT_EQ(got.places, (std::vector<std::string>{"2:1", "4:1", "6:1", "7:1"}));
  ASSERT_EQ(got.problems.count, 2);
  EXPECT_EQ(got.problems.diagnostics[0].message, "this row is longer than 1 MiB");
  EXPECT_EQ(got.problems.diagnostics[1].message, "a quote opens here and is never closed");
}

TEST(csv, problems_are_all_counted_and_the_first_told) {
  std::string text = "a,b\n";
  for (int i = 0; i < 1000; ++i) text += "1\n";
  const Streamed got = stream(text);
  EXPECT_EQ(got.problems.count, 1000);
  EXPECT_EQ(got.problems.diagnostics.size(), CsvProblems::told);
}

// However the bytes are cut into pieces, the cells are the same: rows cross the 256 KiB pieces.
TEST(csv, a_file_gives_what_its_text_gives) {
  std::string text = "name,note\n";
  for (int i = 0; i < 60000; ++i)
    text += "lot-" + std::to_string(i) +
            (i % 7 ? ",plain\n" : ",\"two\nlines \"\"" + std::to_string(i) + "\"\"\"\r\n");
  ASSERT_GT(text.size(), 4u << 18);
  const std::string path =
      (std::filesystem::temp_directory_path() / "warmshell_csv_test.csv").string();
  std::ofstream(path, std::ios::binary) << text;
  const Streamed whole = stream(text);
  std::size_t row_index = 0;
  CsvProblems problems;
  CsvVisitor visitor;
  visitor.row = [&](const CsvRow& row) {
    EXPECT_EQ(std::string(row[0].text), whole.rows[row_index][0]);
    EXPECT_EQ(std::string(row[1].text), whole.rows[row_index][1]);
    EXPECT_EQ(text.substr(row[1].offset, row[1].raw.size()), row[1].raw);
    return ++row_index < 50000;
  };
  const auto rows = stream_csv_file(path, visitor, problems);
  std::filesystem::remove(path);
  ASSERT_TRUE(rows);
  EXPECT_EQ(row_index, 50000u);
  EXPECT_EQ(*rows, 50000);
  EXPECT_EQ(problems.count, 0);
}

TEST(csv, a_missing_file_and_column_are_told) {
  CsvProblems problems;
  EXPECT_EQ(render(stream_csv_file("no/such.csv", {}, problems).error()),
            "no/such.csv: error[WS0001]: cannot open no/such.csv: No such file or directory\n"
            "   help: check the path\n");
  const CsvHeader header("t.csv", {"name", "count"});
  EXPECT_EQ(*header.require("count"), 1u);
  EXPECT_EQ(
      render(header.require("cuont").error()),
      "t.csv: error[WS0125]: the table has no column `cuont`\n   help: did you mean `count`?\n");
  EXPECT_EQ(render(header.require("elsewhere").error()),
            "t.csv: error[WS0125]: the table has no column `elsewhere`\n   help: columns here: "
            "name, count\n");
}

Result<Node> map_of(const std::string& text) {
  const auto table = read_csv(*Source::make("lots.csv", text));
  if (!table) return tl::unexpected<Diagnostics>(table.error());
  return table_to_map(*table);
}

TEST(csv, a_table_becomes_a_map_with_the_places_of_its_cells) {
  const auto map = map_of(
      "name,count,failures.rate,failures.repair\ngb300,21600,,5 days\nh100,\"40k\",9 %/year,\n");
  ASSERT_TRUE(map) << render(map.error());
  EXPECT_EQ(map->entries[0].key, "gb300");
  EXPECT_EQ(find_path(*map, "gb300.count")->text, "21600");
  EXPECT_EQ(find_path(*map, "gb300.failures.rate"), nullptr);
  EXPECT_EQ(find_path(*map, "gb300.failures.repair")->text, "5 days");
  EXPECT_EQ(find_path(*map, "gb300.failures.repair")->place.span().line, 2);
  EXPECT_EQ(find_path(*map, "gb300.failures.repair")->place.span().column, 14);
  EXPECT_EQ(find_path(*map, "h100.count")->place.span().column, 6);
  EXPECT_TRUE(find_path(*map, "h100.count")->quoted);
}

TEST(csv, rows_of_empty_cells_are_no_entries) {
  const auto map = map_of("name,count\ngb300,21600\n,\n,\n");
  ASSERT_TRUE(map) << render(map.error());
  EXPECT_EQ(map->entries.size(), 1U);
}

TEST(csv, a_table_that_is_no_map_is_refused_word_for_word) {
  EXPECT_EQ(render(map_of("lot,count\na,1\n").error()),
            R"(lots.csv:1:1: error[WS0125]: the first column must be called `name`
 1 | lot,count
   | ^
   help: it holds the name of what each row describes
)");
  EXPECT_EQ(render(map_of("name;count\na;1\n").error()),
            R"(lots.csv:1:1: error[WS0125]: the first column must be called `name`
 1 | name;count
   | ^
   help: its columns are parted by semicolons: save it with commas, and numbers with decimal points
)");
  EXPECT_EQ(render(map_of("name,a,a.b\nx,1,2\n,3,\nx,4,\n").error()),
            R"(lots.csv:1:8: error[WS0126]: the column `a.b` fits no place
 1 | name,a,a.b
   |        ^^^
   help: a column is a field, or fields joined by dots, each once
lots.csv:3:1: error[WS0126]: this row has no name
 3 | ,3,
   | ^
   help: write one in the first column
lots.csv:4:1: error[WS0126]: the name `x` stands here twice
 4 | x,4,
   | ^
   help: it was first written in line 2
)");
}

TEST(csv, a_cell_knows_the_header_above_it_and_elsewhere_its_own_place) {
  const SourcePtr table =
      *Source::make("lots.csv", "\r\nname,\"a,b\",c\r\nx,\"1\n2\",3\r\ny,,\"4\"\r\n");
  const auto header_of = [&](std::string_view cell) {
    const std::size_t at = table->text().find(cell);
    const Place place{table, static_cast<std::uint32_t>(at),
                      static_cast<std::uint32_t>(at + cell.size())};
    const Place header = column_of(place);
    return std::string(table->text().substr(header.begin, header.end - header.begin));
  };
  EXPECT_EQ(header_of("x"), "name");
  EXPECT_EQ(header_of("\"1\n2\""), "\"a,b\"");
  EXPECT_EQ(header_of("3"), "c");
  EXPECT_EQ(header_of("\"4\""), "c");
  const SourcePtr yaml = *Source::make("portfolio.yaml", "a,b\nc,d\n");
  EXPECT_EQ(column_of({yaml, 4, 5}).begin, 4U);
}

TEST(csv, usable_rows_are_kept_beside_what_is_told_of_the_others) {
  Diagnostics told;
  const Node rows =
      usable_rows(*Source::make("lots.csv", "name,count\na,1\na,2\nb\n,3\nc,4\n"), told);
  ASSERT_EQ(rows.entries.size(), 2U);
  EXPECT_EQ(rows.entries[0].key, "a");
  EXPECT_EQ(rows.entries[0].value.find("count")->text, "1");
  EXPECT_EQ(rows.entries[1].key, "c");
  std::string codes;
  for (const Diagnostic& each : told) codes += each.code + " ";
  EXPECT_EQ(codes, "WS0122 WS0126 WS0126 ");
  EXPECT_TRUE(usable_rows(*Source::make("lots.csv", ""), told).entries.empty());
  EXPECT_EQ(told.back().code, "WS0121");
}

}  // namespace
}  // namespace warmshell::text
