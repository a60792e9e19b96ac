#pragma once
// The units in which each dimension may be written: the table behind quantity_text.

#include <span>
#include <string_view>

#include "text/quantity_text.h"

namespace warmshell::text {

// One unit a dimension may be written in: value x up / down is the value in the canonical unit.
// Two factors, so that 7 % is 7/100, the double nearest to 0.07. CUR stands for a currency.
struct UnitRow {
  Dimension dimension;
  std::string_view text;
  double up, down;
};

[[nodiscard]] std::span<const DimensionInfo> dimension_table();
[[nodiscard]] std::span<const UnitRow> unit_table();
[[nodiscard]] const UnitRow* find_unit(Dimension dimension, std::string_view text);  // null: none

}  // namespace warmshell::text
