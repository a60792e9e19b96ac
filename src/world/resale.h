#pragma once
// What an accelerator of some age sells for: price x age_factor(age) x MonthColumns::resale_factor.
// The user's `market_value: {falls: ...}`: (1 - f)^age and a resale_factor of 1. Else the
// catalogue's curve of an H100, freed of the generations that passed while it was measured, one
// each conventions.resale_cadence: releases act through resale_factor, at their own date on each
// path. Prices written in the portfolio are those of `start`: resale_factor is 1 in month 0.

#include "model/portfolio.h"

namespace warmshell::world {

[[nodiscard]] double age_factor(const model::MarketValue& market_value, double age_months);

}  // namespace warmshell::world
