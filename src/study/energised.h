#pragma once
// What is ready for service at an instant: halls whose shell is warm, as far as power is energised
// at their site. A step function of the gates, whatever chips there are: per site, facility MW =
// the lesser of the open halls' IT MW x peak PUE and the open sources' nameplate (bridges less what
// they yielded).

#include <vector>

#include "model/layout.h"

namespace warmshell::study {

// From the dates on which the tranche before opens to those of tranche k, [path] (model/tranches).
void open_tranche(const model::LayoutSource& source, std::size_t k,
                  const std::vector<const double*>& gate_rows, std::vector<double>& dates);

// Rows of one site: [path]. gate_rows[gate]: [path] months since start.
struct EnergisedRows {
  std::vector<double> it_mw, facility_mw;
  std::vector<double> date, open, bridged, power;  // scratch
};
void energised_at(const model::Layout& layout, int site,
                  const std::vector<const double*>& gate_rows, double month, int width,
                  EnergisedRows& rows);

}  // namespace warmshell::study
