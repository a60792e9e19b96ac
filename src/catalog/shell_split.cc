#include "catalog/shell_split.h"

#include "catalog/catalog.h"

namespace warmshell::catalog {

ShellSplit shell_split(bool liquid) {
  ShellSplit split;
  const auto base = [&](const char* row) {
    const Fact* fact = find_fact(TableName::shells, row);
    if (!fact || !fact->value) return 0.0;
    if (split.tier.empty() || tier_rank(fact->tier) > tier_rank(split.tier))
      split.tier = fact->tier;
    if (split.source.find(fact->source) == std::string::npos)
      split.source += (split.source.empty() ? "" : "; ") + fact->source;
    return *fact->value;
  };
  const double structure = base("cold_shell") + base("powered_shell");
  const double plant = base(liquid ? "mep_liq" : "mep_air");
  if (structure + plant > 0) split.structure = structure / (structure + plant);
  return split;
}

}  // namespace warmshell::catalog
