#include "text/json_writer.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

namespace warmshell::text {
namespace {

void write(JsonWriter& json) {
  json.begin_object()
      .field("name", "a \"b\"\n\x01")
      .field("n", 1)
      .field("x", 0.1)
      .field("on", true);
  json.key("rows").begin_array();
  json.value(std::vector<double>{1, 2.5}).value(std::vector<double>{});
  json.end_array();
  json.key("empty").begin_object().end_object();
  json.key("none").null();
  json.key("flat")
      .begin_flat_array()
      .begin_object()
      .field("a", 1)
      .field("b", 2)
      .end_object()
      .end_array();
  json.end_object();
}

TEST(json_writer, pretty_and_compact) {
  std::string pretty, compact;
  JsonWriter a(pretty), b(compact, JsonWriter::Style::compact);
  write(a);
  write(b);
  EXPECT_TRUE(a.complete());
  EXPECT_EQ(pretty, R"({
  "name": "a \"b\"\n\u0001",
  "n": 1,
  "x": 0.1,
  "on": true,
  "rows": [
    [1, 2.5],
    []
  ],
  "empty": {},
  "none": null,
  "flat": [{"a": 1, "b": 2}]
})");
  EXPECT_EQ(
      compact,
      R"({"name":"a \"b\"\n\u0001","n":1,"x":0.1,"on":true,"rows":[[1,2.5],[]],"empty":{},"none":null,"flat":[{"a":1,"b":2}]})");
  EXPECT_EQ(nlohmann::json::parse(pretty), nlohmann::json::parse(compact));
}

TEST(json_writer, numbers_come_back_bit_for_bit) {
  for (const double x : {0.1, 1.0 / 3, 1e300, 5e-324, -2.5e-10, 123456789012345680.0, 1e15, 1e16,
                         100000.0, std::numeric_limits<double>::max()}) {
    const std::string text = json_number(x);
    EXPECT_EQ(nlohmann::json::parse(text).get<double>(), x) << text;
  }
  EXPECT_EQ(json_number(-0.0), "0");
  EXPECT_EQ(json_number(40000), "40000");
}

TEST(json_writer, integers_keep_all_their_digits) {
  std::string out;
  JsonWriter json(out, JsonWriter::Style::compact);
  json.begin_array()
      .value(std::numeric_limits<std::int64_t>::min())
      .value(std::numeric_limits<std::uint64_t>::max())
      .end_array();
  EXPECT_EQ(out, "[-9223372036854775808,18446744073709551615]");
}

TEST(json_writer_death, a_broken_invariant_stops_the_program) {
  std::string out;
  JsonWriter json(out);
  EXPECT_DEATH(json.value(std::numeric_limits<double>::quiet_NaN()), "a number is not finite");
  EXPECT_DEATH(json.begin_object().value(1), "a value without its key");
  EXPECT_DEATH(json.end_array(), "an array that is not open");
}

}  // namespace
}  // namespace warmshell::text
