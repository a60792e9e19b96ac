#include "study/energised.h"

#include <algorithm>

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

// A tranche opens at its own gate, or `every` after the one before, never before the one before.
double open_mw(const model::LayoutSource& source, const std::vector<const double*>& gate_rows,
               double month, int path) {
  if (month >= source.ends_month) return 0;
  double open = 0, date = gate_rows[static_cast<std::size_t>(source.gate)][path];
  for (std::size_t tranche = 0; tranche < source.tranche_mw.size(); ++tranche) {
    if (tranche > 0) {
      const int own = tranche < source.tranche_gate.size() ? source.tranche_gate[tranche] : -1;
      date = own >= 0 ? std::max(date, gate_rows[static_cast<std::size_t>(own)][path])
                      : date + source.every;
    }
    if (date <= month) open += source.tranche_mw[tranche];
  }
  return open * left_after_outages(source.outages, month);
}

}  // namespace

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
  for (std::size_t path = 0; path < count; ++path) {
    double power = 0;
    for (const int index : here.sources) {
      const model::LayoutSource& source = layout.sources[static_cast<std::size_t>(index)];
      const int p = static_cast<int>(path);
      double open = open_mw(source, gate_rows, month, p);
      if (source.bridge_until >= 0)
        open -=
            std::min(open, open_mw(layout.sources[static_cast<std::size_t>(source.bridge_until)],
                                   gate_rows, month, p));
      power += open;
    }
    const double facility = std::min(rows.facility_mw[path], power);
    if (facility < rows.facility_mw[path]) rows.it_mw[path] *= facility / rows.facility_mw[path];
    rows.facility_mw[path] = facility;
  }
}

}  // namespace warmshell::study
