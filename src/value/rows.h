#pragma once
// Arithmetic on rows: `width` paths side by side, eight to a group, and only on the groups that are
// asked for. A path's result is the same bits whatever its neighbours are. The kernels behind it
// are built for several vector levels (rows_kernel.cc); none may contract or reorder, so all give
// the same bits.

#include <cstdint>

namespace warmshell::fleet {
enum class VectorLevel;
}

namespace warmshell::value {

using Groups = std::uint64_t;  // one bit for each eight paths of a row
inline constexpr int most_paths = 8 * 64;

// The months outside which no span [from, to) of some paths has a part.
struct SpanMonths {
  int first, last;
};
inline constexpr int span_groups = 8;  // the most that span_moves takes together

// The kernels of one vector level. Rows do not overlap, but out may be a or b.
struct RowKernels {
  void (*add)(const double* a, const double* b, double* out, Groups groups);
  void (*subtract)(const double* a, const double* b, double* out, Groups groups);
  void (*multiply)(const double* a, const double* b, double* out, Groups groups);
  void (*divide)(const double* a, const double* b, double* out, Groups groups);
  void (*minimum)(const double* a, const double* b, double* out, Groups groups);
  void (*maximum)(const double* a, const double* b, double* out, Groups groups);
  void (*fill)(double value, double* out, Groups groups);
  // out += factor x row
  void (*add_product)(double factor, const double* row, double* out, Groups groups);
  // out = rows[operands[0]] + rows[operands[1]] + ..., and the same with a factor for each
  void (*sum)(const double* const* rows, const int* operands, int count, double* out,
              Groups groups);
  void (*dot)(const double* factors, const double* const* rows, const int* operands, int count,
              double* out, Groups groups);
  // Part of the month in [from, to), times its rate (null: 1): that of a share is 1 over its
  // length, 0 where no month of the run has a part.
  void (*span)(const double* from, const double* to, const double* rate, int month, double* out,
               Groups groups);
  void (*span_rates)(const double* from, const double* to, int months, double* rates,
                     Groups groups);
  // moves[month], of all but the first: the groups in which the part may be another than the month
  // before, a bit each. Room for two months more.
  SpanMonths (*span_moves)(const double* from, const double* to, int months, int group_count,
                           unsigned char* moves);
  void (*constant_fall)(const double* age, double log_keep, double* out, Groups groups);
  void (*residual)(const double* age, const double* by_year, int years, double* out, Groups groups);
  // sums[k]: of the first `paths` paths of row k, in eight lanes. lanes: eight for each row
  void (*over_paths)(const double* const* rows, int count, int paths, double* lanes, double* sums);
  // The largest |balance - before - sum of rows| over their absolute sum.
  double (*cash_residual)(const double* const* rows, int count, const double* balance,
                          const double* before, int paths);
};

[[nodiscard]] const RowKernels& row_kernels(fleet::VectorLevel level);

}  // namespace warmshell::value
