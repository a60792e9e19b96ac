#include "text/portfolio_files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "text/testing.h"

namespace warmshell::text {
namespace {

namespace fs = std::filesystem;

// A folder of its own for each test.
class PortfolioFilesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    outside_ = fs::temp_directory_path() / ("warmshell_files_" + std::to_string(::getpid()));
    fs::remove_all(outside_);
    root_ = outside_ / "inside";
    fs::create_directories(root_ / "scenarios");
    put("portfolio.yaml",
        "portfolio: test\nsites: {a: {install: 40 racks/month}}\nfleet: {from: lots.csv}\n");
    put("lots.csv", "name,count,site\nlot-1,40k,a\nlot-2,10k,a\n");
    put("scenarios/fast.yaml", "sites: {a: {install: 80 racks/month}}\n");
    put("scenarios/faster.yaml", "based_on: fast\nfleet: {lot-2: null, lot-1: {count: 50k}}\n");
    put("scenarios/loop-a.yaml", "based_on: loop-b\n");
    put("scenarios/loop-b.yaml", "based_on: loop-a\n");
    put("scenarios/lost.yaml", "based_on: fas\n");
  }
  void TearDown() override { fs::remove_all(outside_); }

  void put(const std::string& path, const std::string& text) const {
    std::ofstream(root_ / path, std::ios::binary) << text;
  }
  std::string told(const std::string& scenario = "",
                   const std::vector<std::string>& settings = {}) const {
    const auto files = load_portfolio(root_.string(), scenario, settings);
    if (files && files->problems.empty()) return "";
    std::string text = render(files ? files->problems : files.error());
    for (std::size_t at; (at = text.find(root_.string())) != std::string::npos;)
      text.replace(at, root_.string().size(), "FOLDER");
    return text;
  }

  fs::path outside_, root_;
};

TEST_F(PortfolioFilesTest, tables_scenarios_and_settings_are_laid_over_each_other) {
  const auto files = load_portfolio(root_.string(), "faster", {"sites.a.install=90 racks/month"});
  ASSERT_TRUE(files) << render(files.error());
  EXPECT_EQ(find_path(files->tree, "fleet.lot-1.count")->text, "50k");
  EXPECT_EQ(find_path(files->tree, "fleet.lot-1.count")->place.span().file,
            "scenarios/faster.yaml");
  EXPECT_EQ(find_path(files->tree, "fleet.lot-1.site")->place.span().file, "lots.csv");
  EXPECT_EQ(find_path(files->tree, "fleet.lot-2"), nullptr);
  EXPECT_EQ(find_path(files->tree, "sites.a.install")->text, "90 racks/month");
  EXPECT_EQ(find_path(files->tree, "based_on"), nullptr);
  EXPECT_EQ(files->scenarios,
            (std::vector<std::string>{"fast", "faster", "loop-a", "loop-b", "lost"}));
  EXPECT_EQ(files->scenario, "faster");
  std::vector<std::string> names;
  for (const SourcePtr& source : files->sources) names.push_back(source->name());
  EXPECT_EQ(names, (std::vector<std::string>{"portfolio.yaml", "lots.csv", "scenarios/faster.yaml",
                                             "scenarios/fast.yaml"}));
}

TEST_F(PortfolioFilesTest, one_file_is_a_portfolio_too) {
  const auto files = load_portfolio((root_ / "portfolio.yaml").string());
  ASSERT_TRUE(files) << render(files.error());
  EXPECT_EQ(find_path(files->tree, "fleet.lot-2.count")->text, "10k");
}

TEST_F(PortfolioFilesTest, what_is_wrong_with_files_is_told_word_for_word) {
  testing::NamedTexts found;
  found.emplace_back("unknown scenario", told("fsat"));
  found.emplace_back("scenario out of the folder", told("../../etc/passwd"));
  found.emplace_back("circle", told("loop-a"));
  found.emplace_back("unknown based_on", told("lost"));
  found.emplace_back("bad setting", told("", {"install"}));
  put("portfolio.yaml", "fleet: {from: ../secret.csv}\n");
  found.emplace_back("table above", told());
  put("portfolio.yaml", "fleet: {from: /etc/table.csv}\n");
  found.emplace_back("absolute table", told());
  put("portfolio.yaml", "fleet: {from: nowhere.csv}\n");
  found.emplace_back("missing table", told());
  std::ofstream(outside_ / "secret.csv") << "name\nx\n";
  fs::create_symlink(outside_ / "secret.csv", root_ / "link.csv");
  put("portfolio.yaml", "fleet: {from: link.csv}\n");
  found.emplace_back("link that leads out", told());
  fs::create_directory_symlink(outside_, root_ / "door");
  put("portfolio.yaml", "fleet: {from: door/secret.csv}\n");
  found.emplace_back("folder link that leads out", told());
  ASSERT_EQ(::mkfifo((root_ / "pipe.csv").c_str(), 0600), 0);
  put("portfolio.yaml", "fleet: {from: pipe.csv}\n");
  found.emplace_back("pipe", told());
  put("portfolio.yaml", "fleet: {from: ragged.csv}\n");
  put("ragged.csv", "name,count\nlot-1\n");
  found.emplace_back("ragged table", told());
  put("portfolio.yaml", "- a\n- b\n");
  found.emplace_back("list at the top", told());
  put("portfolio.yaml", "36 MW_it\n");
  found.emplace_back("text at the top", told());
  fs::remove(root_ / "portfolio.yaml");
  found.emplace_back("no portfolio.yaml", told());
  fs::create_directory(root_ / "portfolio.yaml");
  found.emplace_back("portfolio.yaml is a folder", told());
  found.emplace_back("nothing there", render(load_portfolio("no/such/place").error()));
  found.emplace_back("no such file", render(load_portfolio("no_such_file.yaml").error()));
  testing::expect_recorded("src/text/testdata/wrong_files.txt", found);
}

TEST_F(PortfolioFilesTest, a_link_that_stays_inside_is_followed) {
  fs::create_symlink("lots.csv", root_ / "same.csv");
  put("portfolio.yaml", "fleet: {from: same.csv}\n");
  EXPECT_EQ(told(), "");
}

TEST_F(PortfolioFilesTest, entries_beside_a_table_are_laid_over_it) {
  put("portfolio.yaml", "fleet: {from: lots.csv, lot-1: {count: 7}, lot-3: {count: 1}}\n");
  const auto files = load_portfolio(root_.string());
  ASSERT_TRUE(files);
  EXPECT_EQ(find_path(files->tree, "fleet.lot-1.count")->text, "7");
  EXPECT_EQ(find_path(files->tree, "fleet.lot-1.site")->text, "a");
  EXPECT_EQ(find_path(files->tree, "fleet.lot-3.count")->text, "1");
  EXPECT_EQ(find_path(files->tree, "fleet.from"), nullptr);
}

}  // namespace
}  // namespace warmshell::text
