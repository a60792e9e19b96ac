#pragma once
// Arithmetic on rows: `width` paths side by side. A row is a vector, or one number that all paths
// share, or known to be zero. A path's result is the same bits whatever its neighbours are: a
// shared number is added in the same place in which a vector would be. The kernels behind it are
// built for several vector levels (rows_kernel.cc); none may contract or reorder, so all give the
// same bits.

namespace warmshell::fleet {
enum class VectorLevel;
}

namespace warmshell::value {

struct Row {
  enum class Kind : unsigned char { zero, scalar, vector } kind = Kind::zero;
  double scalar = 0;
  const double* vector = nullptr;

  static Row of(double value) { return value == 0 ? Row{} : Row{Kind::scalar, value, nullptr}; }
  static Row of(const double* values) { return {Kind::vector, 0, values}; }
};

// A line in one month: a row, or one number where it is null.
struct LineRow {
  const double* row;
  double scalar;
  bool paid;  // is part of the balance
};

// The kernels of one vector level. n is a multiple of 8; rows do not overlap, but out may be a or
// b.
struct RowKernels {
  void (*add)(const double* a, const double* b, double* out, int n);
  void (*subtract)(const double* a, const double* b, double* out, int n);
  void (*multiply)(const double* a, const double* b, double* out, int n);
  void (*divide)(const double* a, const double* b, double* out, int n);
  void (*minimum)(const double* a, const double* b, double* out, int n);
  void (*maximum)(const double* a, const double* b, double* out, int n);
  void (*add_scalar)(const double* a, double b, double* out, int n);
  void (*subtract_from_scalar)(double a, const double* b, double* out, int n);
  void (*multiply_scalar)(const double* a, double b, double* out, int n);
  void (*divide_scalar)(const double* a, double b, double* out, int n);
  void (*divide_into_scalar)(double a, const double* b, double* out, int n);
  void (*minimum_scalar)(const double* a, double b, double* out, int n);
  void (*maximum_scalar)(const double* a, double b, double* out, int n);
  void (*fill)(double value, double* out, int n);
  // out += factors[0] rows[0], then factors[1] rows[1], ... count of them
  void (*accumulate)(const double* factors, const double* const* rows, int count, double* out,
                     int n);
  void (*overlap)(const double* from, const double* to, double month, double* out, int n);
  void (*constant_fall)(const double* age, double log_keep, double* out, int n);
  void (*residual)(const double* age, const double* by_year, int years, double* out, int n);
  // sums[line] over the first `count` paths, in eight lanes. Returns the largest
  // |balance - before - sum of paid lines| over their absolute sum; scratch: two
  // rows, and eight doubles for each line.
  double (*sum_lines)(const LineRow* lines, int line_count, const double* balance,
                      const double* before, double* scratch, double* sums, int count, int n);
};

[[nodiscard]] const RowKernels& row_kernels(fleet::VectorLevel level);

}  // namespace warmshell::value
