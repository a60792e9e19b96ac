#include "model/defaults_behind.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "catalog/catalog.h"
#include "catalog/shell_split.h"

namespace warmshell::model {
namespace {

using catalog::TableName;

void tell_fact(TableName table, const char* row, const std::string& value,
               std::vector<DefaultUsed>& used) {
  const catalog::Fact* fact = catalog::find_fact(table, row);
  if (fact)
    used.push_back(
        {fmt::format("{}.{}", catalog::table_text(table), row), value, fact->source, fact->tier});
}

double base(TableName table, const char* row) {
  const catalog::Fact* fact = catalog::find_fact(table, row);
  return fact ? catalog::range(*fact).value : 0;
}

void tell_accelerators(const Portfolio& portfolio, std::vector<DefaultUsed>& used) {
  std::map<std::string, bool> by_catalogue;  // whether the catalogue's kW count
  for (const auto& [name, lot] : portfolio.fleet)
    by_catalogue[lot.accelerator.name] |= !lot.it_power_each;
  bool any = false;
  for (const auto& [id, kilowatts] : by_catalogue) {
    const catalog::Accelerator* row = catalog::find_accelerator(id);
    if (!row) continue;
    any = any || kilowatts;
    std::string source = row->source_specs;
    if (row->source_rack != source) source += "; rack: " + row->source_rack;
    used.push_back(
        {"accelerators." + id,
         fmt::format("{}rack of {:g} at {:g} kW, {:.3g} h100e",
                     kilowatts ? fmt::format("{:g} kW each, ", row->server_kw) : "",
                     row->accelerators_per_rack, row->rack_kw.value, catalog::h100e(*row)),
         source, row->tier});
  }
  if (by_catalogue.empty()) return;
  if (any) {
    tell_fact(
        TableName::utilisation, "net_overhead",
        fmt::format("{:g} % on server kW", base(TableName::utilisation, "net_overhead") * 100),
        used);
    tell_fact(TableName::conventions, "peak_over_server",
              fmt::format("{:g} x server kW", base(TableName::conventions, "peak_over_server")),
              used);
  }
  tell_fact(TableName::conventions, "idle_over_peak",
            fmt::format("{:g} % of peak kW", base(TableName::conventions, "idle_over_peak") * 100),
            used);
}

void tell_shells(const Portfolio& portfolio, std::vector<DefaultUsed>& used) {
  std::set<bool> liquid;
  for (const auto& [name, site] : portfolio.sites)
    for (const auto& [hall_name, hall] : site.halls)
      if (hall.shell && hall.shell->capex && hall.shell->capex->value.value != 0)
        liquid.insert(std::find(hall.cooling.begin(), hall.cooling.end(), CoolingClass::liquid) !=
                      hall.cooling.end());
  for (const bool one : liquid) {
    const catalog::ShellSplit split = catalog::shell_split(one);
    used.push_back(
        {fmt::format("shells.structure.{}", one ? "liquid" : "air"),
         fmt::format("{:.3g} % of a shell's cost, the rest is plant", split.structure * 100),
         fmt::format("cold_shell, powered_shell, {}: {}", one ? "mep_liq" : "mep_air",
                     split.source),
         split.tier});
  }
}

}  // namespace

void tell_behind(const Portfolio& portfolio, std::vector<DefaultUsed>& used) {
  tell_accelerators(portfolio, used);
  tell_shells(portfolio, used);
}

}  // namespace warmshell::model
