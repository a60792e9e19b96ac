#include "report/read_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "report/json.h"
#include "report/testing.h"

namespace warmshell::report {
namespace {

using Json = nlohmann::ordered_json;

std::string written() {
  study::SimulateResult result = sample_result();
  result.unmet_share.assign(result.months.size(), 0.25);
  return simulate_json(result);
}

// What reading it says; the file is always run/simulate.json.
std::string said_of(const std::string& text) {
  const auto read = read_simulate_json(text, "run/simulate.json");
  return read ? "" : render(read.error());
}
// Of the sample with one value otherwise.
std::string said_with(const std::string& pointer, const Json& value) {
  Json json = Json::parse(written());
  EXPECT_TRUE(json.contains(Json::json_pointer(pointer))) << pointer;
  json[Json::json_pointer(pointer)] = value;
  return said_of(json.dump());
}
std::string said_without(const std::string& above, const std::string& key) {
  Json json = Json::parse(written());
  EXPECT_EQ(json.at(Json::json_pointer(above)).erase(key), 1U) << key;
  return said_of(json.dump());
}
std::string complaint(const std::string& message) {
  return "run/simulate.json: error[WS0015]: " + message +
         "\n   help: give the folder that `warmshell simulate --out` wrote, unchanged; or run it "
         "again\n";
}

TEST(ReadJsonTest, what_was_written_is_read_back_to_the_same_bytes) {
  const auto read = read_simulate_json(written(), "run/simulate.json");
  ASSERT_TRUE(read.has_value()) << render(read.error());
  EXPECT_EQ(simulate_json(*read), written());
}

TEST(ReadJsonTest, a_key_that_is_missing_is_named) {
  EXPECT_EQ(said_without("", "version"), complaint("`version` is missing"));
  EXPECT_EQ(said_without("/live_by", "quarters_resolution"),
            complaint("`live_by.quarters_resolution` is missing"));
  EXPECT_EQ(said_without("/live_by/quarters/2", "p50_gw"),
            complaint("`live_by.quarters[2].p50_gw` is missing"));
  EXPECT_EQ(said_without("/ledger/by_site/quincy/alone", "no_power"),
            complaint("`ledger.by_site.quincy.alone.no_power` is missing"));
  EXPECT_EQ(said_without("/metrics/npv", "se"), complaint("`metrics.npv.se` is missing"));
  EXPECT_EQ(said_of("{}"), complaint("`format` is missing"));
}

TEST(ReadJsonTest, a_value_of_another_type_is_named) {
  EXPECT_EQ(said_with("/paths", "2000"), complaint("`paths` is text, and must be a whole number"));
  EXPECT_EQ(said_with("/paths", 0.5), complaint("`paths` is 0.5, and must be a whole number"));
  EXPECT_EQ(said_with("/paths", -1), complaint("`paths` is below zero"));
  EXPECT_EQ(said_with("/seed", -1), complaint("`seed` is -1, and must be a whole number"));
  EXPECT_EQ(said_with("/months", 7), complaint("`months` is a number, and must be a list"));
  EXPECT_EQ(said_with("/months/3", 7), complaint("`months[3]` is a number, and must be text"));
  EXPECT_EQ(said_with("/carry", Json::array()),
            complaint("`carry` is a list, and must be an object"));
  EXPECT_EQ(said_with("/metrics/npv/mean", nullptr),
            complaint("`metrics.npv.mean` is null, and must be a number"));
  EXPECT_EQ(said_with("/ledger/mean_accelerators/4/2", "many"),
            complaint("`ledger.mean_accelerators[4][2]` is text, and must be a number"));
  EXPECT_EQ(said_with("/ledger/mean_accelerators/4", Json::array({1, 2})),
            complaint("`ledger.mean_accelerators[4]` has 2 entries, and must have 10"));
  EXPECT_EQ(said_with("/checks/cash", "yes"),
            complaint("`checks.cash` is text, and must be true or false"));
  EXPECT_EQ(said_with("/binds/case", "luck"),
            complaint("`binds.case` is `luck`, which is no case that there is"));
  EXPECT_EQ(said_with("/status", "begun"),
            complaint("`status` is `begun`, and must be complete or interrupted"));
  EXPECT_EQ(said_of("[]"), complaint("this file is a list, and must be an object"));
}

TEST(ReadJsonTest, series_of_other_lengths_are_named) {
  EXPECT_EQ(said_with("/lines/energy.quincy", Json::array({1})),
            complaint("`lines.energy.quincy` has 1 months, and `months` has 26"));
  EXPECT_EQ(said_with("/ledger/by_site/quincy/gone", Json::array({1, 2})),
            complaint("`ledger.by_site.quincy.gone` has 2 months, and `months` has 26"));
  EXPECT_EQ(said_with("/ledger/alone/no_power", Json::array({1, 2})),
            complaint("`ledger.alone` has columns of different lengths"));
}

TEST(ReadJsonTest, a_truncated_file_and_one_that_is_not_json_are_told_as_such) {
  const std::string whole = written();
  for (const std::size_t length : {whole.size() - 3, whole.size() / 2, std::size_t{1}})
    EXPECT_EQ(said_of(whole.substr(0, length)),
              complaint("this file ends before its JSON does: it was not written whole"));
  EXPECT_EQ(said_of(""), complaint("this file is empty"));
  EXPECT_EQ(said_of(" \n"), complaint("this file is empty"));
  EXPECT_EQ(
      said_of("{\"format\":\n  \"warmshell.simulate/1\" \"paths\": 3}\n"),
      R"(run/simulate.json:2:32: error[WS0015]: this is not JSON: the mistake is here or just before
 2 |   "warmshell.simulate/1" "paths": 3}
   |                                ^
   help: give the folder that `warmshell simulate --out` wrote, unchanged; or run it again
)");
  EXPECT_EQ(
      said_of("portfolio: Two halls\n"),
      R"(run/simulate.json:1:1: error[WS0015]: this is not JSON: the mistake is here or just before
 1 | portfolio: Two halls
   | ^
   help: give the folder that `warmshell simulate --out` wrote, unchanged; or run it again
)");
  // what could steer a terminal is not shown
  EXPECT_EQ(said_of("{} \x1b[2J").find('\x1b'), std::string::npos);
  EXPECT_EQ(said_of("[1e999]"), complaint("this file holds a number that is too large"));
}

TEST(ReadJsonTest, a_result_of_another_version_is_told_as_such) {
  EXPECT_EQ(said_with("/format", "warmshell.simulate/2"),
            complaint("`format` is `warmshell.simulate/2`, of another version: this warmshell "
                      "reads `warmshell.simulate/1`"));
  EXPECT_EQ(said_with("/format", "warmshell.replay/1"),
            complaint("`format` is `warmshell.replay/1`: this warmshell reads "
                      "`warmshell.simulate/1`"));
  Json json = Json::parse(written());
  json["version"] = "0.0.7";
  EXPECT_EQ(said_of(json.dump()), "");  // all is there
  json["live_by"].erase("quarters");
  const std::string said = said_of(json.dump());
  EXPECT_TRUE(
      said.starts_with("run/simulate.json: error[WS0015]: `live_by.quarters` is missing\n"
                       "   help: warmshell 0.0.7 wrote it, and this is "))
      << said;
  EXPECT_TRUE(said.ends_with(": run `warmshell simulate --out` again\n")) << said;
}

}  // namespace
}  // namespace warmshell::report
