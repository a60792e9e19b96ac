#pragma once
// What the parts of build_lines share. Private to value.

#include <string>
#include <utility>
#include <vector>

#include "catalog/catalog.h"
#include "value/lines.h"

namespace warmshell::value {

inline constexpr double hours = hours_per_month.value;

// Something bought: what it costs, when it is paid, and how long it lasts from the day it serves.
struct Asset {
  int cost = -1;           // constant
  int from = -1, to = -1;  // paid evenly over [from, to)
  int in_service = -1;
  int life_months = -1;  // constant
};

struct Builder {
  const model::Layout& layout;
  const model::Portfolio& portfolio;
  Basis basis;
  Graph& g;
  int one, zero, last_month;  // last_month: 1 in the last month, else 0
  std::vector<int> revenue;   // of accelerators
  std::vector<Asset> plant, building;
  std::vector<std::vector<int>> minimum_bills, leases;  // by site: nodes of lines, paid for nothing

  template <class T>
  int input(const text::Given<T>& given, std::string name) {
    if constexpr (requires { given.value.value; })
      return g.input(given.value.value, given.origin, std::move(name));
    else
      return g.input(given.value, given.origin, std::move(name));
  }
  double month_of(Date date) const { return date.months - layout.start; }
  int gate(int index) { return index < 0 ? g.constant(model::never_month) : g.gate(index); }
  // Columns with the lot or site that they are of.
  int of_lot(Column column, int lot) { return g.column(column, lot, lot); }
  int of_site(Column column, int site) { return g.column(column, site, site); }
  int of_hall(Column column, int hall) { return g.column(column, hall, layout.halls[hall].site); }
  int of_source(Column column, int source) {
    return g.column(column, source, layout.sources[source].site);
  }
  int busy(int market, int lot) {
    return g.column(Column::busy, market * static_cast<int>(layout.lots.size()) + lot, lot);
  }
  int price(int source) { return g.column(Column::price_per_mwh, source, 0); }  // one mark for all
  int plus(int node, double more) { return g.sum({node, g.constant(more)}); }
  int scaled(int node, double factor) { return g.multiply(node, g.constant(factor)); }
  // Part of the month in [from, to), both known.
  int span(double from, double to) { return g.overlap(g.constant(from), g.constant(to)); }
  void cash(std::string name, int node, std::string formula, std::string doc) {
    g.line({std::move(name), "money", std::move(formula), std::move(doc), LineKind::cash, node});
  }
  void book(std::string name, int node, std::string formula, std::string doc) {
    g.line({std::move(name), "money", std::move(formula), std::move(doc), LineKind::book, node});
  }
  void terminal(std::string name, int node, std::string formula, std::string doc) {
    g.line(
        {std::move(name), "money", std::move(formula), std::move(doc), LineKind::terminal, node});
  }

  const model::Hall& hall(int h) const {
    const model::LayoutHall& l = layout.halls[h];
    return portfolio.sites.at(layout.sites[l.site].name).halls.at(l.name);
  }
  const model::PowerSource& source(int s) const {
    const model::LayoutSource& l = layout.sources[s];
    return portfolio.sites.at(layout.sites[l.site].name).power.at(l.name);
  }
  std::string place(int site, const std::string& name) const {
    return layout.sites[site].name + "." + name;
  }
};

// A rent written with an escalator at [from, to) months: its factor by month, averaged over the
// month.
[[nodiscard]] std::vector<double> escalated_share(int months, double from, double to,
                                                  double yearly_escalator, double anniversary);
// The yearly escalator alone, by month, 1 before the first anniversary.
[[nodiscard]] std::vector<double> escalator(int months, double yearly, double anniversary);

void add_market_lines(Builder& b);
void add_hall_lines(Builder& b);
void add_energy_lines(Builder& b);
void add_operating_lines(Builder& b);
void add_chip_lines(Builder& b);
void add_plant_lines(Builder& b);
void add_carry_lines(Builder& b);
// Facility MW that a hall draws when it is full, by month.
[[nodiscard]] std::vector<double> full_facility_mw(const model::LayoutHall& hall, int months);

}  // namespace warmshell::value
