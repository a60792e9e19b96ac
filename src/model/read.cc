#include "model/read.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/hash.h"
#include "catalog/catalog.h"
#include "catalog/tiers.h"
#include "model/defaults_behind.h"
#include "model/left_out.h"
#include "model/records/fields.h"
#include "text/portfolio_files.h"
#include "text/reference.h"
#include "text/schema.h"

namespace warmshell::model {
namespace {

std::vector<std::string> not_yet_valued(const Portfolio& portfolio) {
  std::vector<std::string> list;
  for (const auto& [name, debt] : portfolio.debt) list.push_back("debt." + name);
  list.push_back("finance.tax");
  for (const auto& [name, market] : portfolio.markets)
    if (market.elasticity) list.push_back("markets." + name + ".elasticity");
  return list;
}

void weakest_first(std::vector<DefaultUsed>& used) {
  std::stable_sort(used.begin(), used.end(), [](const DefaultUsed& a, const DefaultUsed& b) {
    const int rank_a = catalog::tier_rank(a.tier), rank_b = catalog::tier_rank(b.tier);
    return rank_a != rank_b ? rank_a > rank_b : a.path < b.path;
  });
}

// The period of an interest rate goes without saying: `wacc: 12 %` is `12 %/year`.
void complete_period(text::Node& map, std::string_view key) {
  for (text::Entry& entry : map.entries) {
    if (entry.key != key) continue;
    if (text::is_annotated(entry.value)) return complete_period(entry.value, "value");
    if (entry.value.is_scalar() && entry.value.text.ends_with('%')) entry.value.text += "/year";
  }
}

text::Node with_yearly_interest(text::Node tree) {
  for (text::Entry& entry : tree.entries) {
    if (entry.key == "finance") complete_period(entry.value, "wacc");
    if (entry.key == "debt")
      for (text::Entry& loan : entry.value.entries) complete_period(loan.value, "rate");
  }
  return tree;
}

// Names and lengths go in too, so that text cannot move between files unseen.
std::string hash_of(const text::PortfolioFiles& files, const std::vector<std::string>& settings) {
  Sha256 hash;
  const auto add = [&](std::string_view name, std::string_view text) {
    hash.update(name);
    hash.update("\n" + std::to_string(text.size()) + "\n");
    hash.update(text);
  };
  for (const text::SourcePtr& source : files.sources) add(source->name(), source->text());
  for (const std::string& setting : settings) add("--set", setting);
  return hash.hex();
}

// `problems`: errors of the tables that the tree was made of.
Result<ReadPortfolio> read_tree(const text::Node& tree, const text::Folder* folder,
                                Diagnostics problems) {
  ReadPortfolio result;
  Diagnostics& told = result.diagnostics = std::move(problems);
  text::Currencies currencies = text::read_currencies(tree, told);
  text::Reader reader(told, currencies, folder);
  std::optional<Portfolio> portfolio =
      text::read_record<Portfolio>(with_yearly_interest(tree), reader);
  if (!portfolio || has_errors(told)) return tl::unexpected(std::move(told));

  result.portfolio = std::move(*portfolio);
  result.portfolio.currency = currencies.portfolio;
  result.portfolio.fx = std::move(currencies);
  check_sizes(result.portfolio, told);
  if (has_errors(told)) return tl::unexpected(std::move(told));
  fill_defaults(result.portfolio, result.defaults_used, told);
  check_portfolio(result.portfolio, told);
  if (has_errors(told)) return tl::unexpected(std::move(told));
  tell_behind(result.portfolio, result.defaults_used);
  weakest_first(result.defaults_used);
  result.not_yet_valued = not_yet_valued(result.portfolio);
  return result;
}

}  // namespace

Result<ReadPortfolio> read_portfolio(const text::Node& tree, const text::Folder* folder) {
  return read_tree(tree, folder, {});
}

Result<ReadPortfolio> read_portfolio(const std::string& path, const std::string& scenario,
                                     const std::vector<std::string>& settings,
                                     const std::vector<std::string>& overlays) {
  Result<text::PortfolioFiles> files = text::load_portfolio(path, scenario, settings, overlays);
  if (!files) return tl::unexpected(std::move(files.error()));
  Result<ReadPortfolio> result = read_tree(files->tree, &files->folder, std::move(files->problems));
  if (!result) return result;
  result->diagnostics.insert(result->diagnostics.begin(), files->warnings.begin(),
                             files->warnings.end());
  result->inputs_sha256 = hash_of(*files, settings);
  result->scenario = files->scenario;
  result->scenarios = files->scenarios;
  return result;
}

std::string portfolio_schema() {
  return text::json_schema(text::Description<Portfolio>::get(), "Warmshell portfolio");
}

std::string portfolio_reference_page() {
  return text::reference_page(text::Description<Portfolio>::get(), "Portfolio", left_out) +
         fmt::format(
             "\n## Defaults\n\nA row such as `finance.wacc_neo` is of the catalogue: `warmshell "
             "catalog "
             "finance wacc` shows it with its source and tier.\n{}\n",
             catalog::tier_words);
}

}  // namespace warmshell::model
