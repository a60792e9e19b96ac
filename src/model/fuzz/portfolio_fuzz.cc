// Any bytes as a portfolio: no crash, no leak, no hang; what is accepted compiles to a layout whose
// gates follow only earlier ones, and every complaint has a code, a text and a place.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "model/compile.h"
#include "model/read.h"
#include "text/yaml.h"

using namespace warmshell;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const Diagnostics& diagnostics) {
  for (const Diagnostic& each : diagnostics) {
    require(each.code.size() == 6 && !each.message.empty());
    require(each.where.column >= 0 && each.where.length >= 1);
  }
  (void)render(diagnostics);
}

void check(const model::Layout& layout) {
  for (std::size_t g = 0; g < layout.gates.size(); ++g) {
    require(layout.gates[g].follows < static_cast<int>(g));
    for (int other : layout.gates[g].also_follows) require(other < static_cast<int>(g));
  }
  for (const model::LayoutLot& lot : layout.lots)
    require(lot.count > 0 && lot.provisioned_kw > 0 && !lot.halls.empty() &&
            lot.delivered_gate >= 0);
  for (const model::LayoutHall& hall : layout.halls)
    require(hall.it_mw > 0 && hall.warm_gate >= 0 && !hall.pue.empty());
  for (const model::LayoutSource& source : layout.sources)
    require(source.nameplate_mw > 0 && source.firm_share >= 0 &&
            source.tranche_gate.size() == source.tranche_mw.size() && source.tranche_gate[0] >= 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto tree =
      text::read_yaml("portfolio.yaml", std::string(reinterpret_cast<const char*>(data), size));
  if (!tree) return 0;
  const auto read = model::read_portfolio(*tree, nullptr);
  if (!read) {
    require(has_errors(read.error()));
    check(read.error());
    return 0;
  }
  check(read->diagnostics);
  const model::Layout layout = model::compile(read->portfolio);
  check(layout);
  (void)model::decide(layout, model::written_expectations(read->portfolio, layout));
  return 0;
}
