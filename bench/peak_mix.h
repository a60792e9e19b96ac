#pragma once
// The mix of operations that the peak is measured with: that of the twins on examples/reference, in
// sixty-fourths. peak_bench.cc counts anew and refuses a mix that is not this one any more.

#include <cstdint>

namespace warmshell::bench {

inline constexpr int pattern = 64;
inline constexpr int pattern_adds = 27, pattern_multiplies = 16, pattern_divides = 1;
inline constexpr int pattern_compares =
    pattern - pattern_adds - pattern_multiplies - pattern_divides;

// Runs the loop `turns` times; what it returns only keeps the work from being left out.
double peak_loop_v2(std::int64_t turns);
double peak_loop_v3(std::int64_t turns);
double peak_loop_v4(std::int64_t turns);
extern const double peak_operations_v2, peak_operations_v3, peak_operations_v4;  // in a turn

}  // namespace warmshell::bench
