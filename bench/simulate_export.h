#pragma once
// What bench/peers needs to run the same model: tables of the portfolio (portfolio.json), the draws
// of paths 0 .. N-1 and our results to compare with, as plain .npy files of doubles. For the peer
// written for examples/reference alone, reference.json holds what that example uses; it is left out
// with a message for others.

#include <cstdint>
#include <string>

#include "study/simulate.h"

namespace warmshell::bench {

// paths: of draws.  compared: of our results, at most `paths`. Throws std::runtime_error.
void export_for_peers(const study::Prepared& prepared, const std::string& folder,
                      std::int64_t paths, std::int64_t compared, std::uint64_t seed);

}  // namespace warmshell::bench
