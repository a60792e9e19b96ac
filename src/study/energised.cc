#include "study/energised.h"

#include <algorithm>

#include "model/tranches.h"

namespace warmshell::study {

namespace {

double left_after_outages(const std::vector<model::OutageSpan>& outages, double month) {
  double left = 1;
  for (const model::OutageSpan& outage : outages)
    if (month >= outage.from && month < outage.to) left -= outage.share;
  return std::max(left, 0.0);
}

double peak_pue(const std::vector<model::PueSpan>& spans, double month) {
  double pue = 1;
  for (const model::PueSpan& span : spans)
    if (month >= span.from_month) pue = span.peak;
  return pue;
}

// Nameplate of a source that is open.
void open_mw(const model::LayoutSource& source, const std::vector<const double*>& gate_rows,
             double month, std::vector<double>& date, std::vector<double>& open) {
  std::fill(open.begin(), open.end(), 0.0);
  if (month >= source.ends_month) return;
  for (std::size_t tranche = 0; tranche < source.tranche_mw.size(); ++tranche) {
    open_tranche(source, tranche, gate_rows, date);
    const double megawatts = source.tranche_mw[tranche];
    for (std::size_t path = 0; path < date.size(); ++path)
      open[path] += date[path] <= month ? megawatts : 0.0;
  }
  const double left = left_after_outages(source.outages, month);
  for (double& megawatts : open) megawatts *= left;
}

}  // namespace

void open_tranche(const model::LayoutSource& source, std::size_t k,
                  const std::vector<const double*>& gate_rows, std::vector<double>& dates) {
  model::open_tranche(
      source, k, dates.data(), [&](int gate) { return gate_rows[static_cast<std::size_t>(gate)]; },
      dates.data(), dates.size());
}

void energised_at(const model::Layout& layout, int site,
                  const std::vector<const double*>& gate_rows, double month, int width,
                  EnergisedRows& rows) {
  const model::LayoutSite& here = layout.sites[static_cast<std::size_t>(site)];
  const auto count = static_cast<std::size_t>(width);
  rows.it_mw.assign(count, 0.0);
  rows.facility_mw.assign(count, 0.0);

  // ---- halls
  for (const int index : here.halls) {
    const model::LayoutHall& hall = layout.halls[static_cast<std::size_t>(index)];
    const double it = hall.it_mw * left_after_outages(hall.outages, month),
                 facility = it * peak_pue(hall.pue, month);
    const double* warm = gate_rows[static_cast<std::size_t>(hall.warm_gate)];
    for (std::size_t path = 0; path < count; ++path) {
      const double open = warm[path] <= month ? 1.0 : 0.0;
      rows.it_mw[path] += open * it;
      rows.facility_mw[path] += open * facility;
    }
  }

  // ---- as far as there is power
  for (auto* row : {&rows.date, &rows.open, &rows.bridged}) row->resize(count);
  rows.power.assign(count, 0.0);
  for (const int index : here.sources) {
    const model::LayoutSource& source = layout.sources[static_cast<std::size_t>(index)];
    open_mw(source, gate_rows, month, rows.date, rows.open);
    if (source.bridge_until >= 0) {
      open_mw(layout.sources[static_cast<std::size_t>(source.bridge_until)], gate_rows, month,
              rows.date, rows.bridged);
      for (std::size_t path = 0; path < count; ++path)
        rows.open[path] -= std::min(rows.open[path], rows.bridged[path]);
    }
    for (std::size_t path = 0; path < count; ++path) rows.power[path] += rows.open[path];
  }
  for (std::size_t path = 0; path < count; ++path) {
    const double room = rows.facility_mw[path], facility = std::min(room, rows.power[path]);
    rows.it_mw[path] *= facility < room ? facility / room : 1.0;
    rows.facility_mw[path] = facility;
  }
}

}  // namespace warmshell::study
