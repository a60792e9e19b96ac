#pragma once
// The operations of eight.h on eight pairs of doubles, for eight_test.cc: built at each level.

namespace warmshell {

inline constexpr int eight_results = 13;

// results: eight_results rows of eight, in the order of by_lane() in eight_test.cc
using EightWork = void(const double* a, const double* b, int count, double* results);
// sums[k] += row k of 11
using EightSums = void(const double* rows, double* sums);

namespace v2 {
EightWork eight_work;
EightSums eight_sums;
}  // namespace v2
namespace v3 {
EightWork eight_work;
EightSums eight_sums;
}  // namespace v3
namespace v4 {
EightWork eight_work;
EightSums eight_sums;
}  // namespace v4

}  // namespace warmshell
