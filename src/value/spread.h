#pragma once
// Mean and spread of one number per path, without keeping the paths. Equal numbers have no spread,
// to the last bit. Join in a fixed order for the same bits on any number of threads (Chan, Golub
// and LeVeque 1979).

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace warmshell::value {

struct Spread {
  double count = 0, mean = 0, squares = 0;  // squares: sum of squared deviations from the mean

  void add(double x) {
    count += 1;
    const double off = x - mean;
    mean += off / count;
    squares += off * (x - mean);
  }
  void join(const Spread& next) {
    if (next.count == 0) return;
    const double total = count + next.count, off = next.mean - mean;
    mean += off * (next.count / total);
    squares += next.squares + off * off * (count * next.count / total);
    count = total;
  }
  [[nodiscard]] double standard_error() const {
    return count > 1 ? std::sqrt(squares / (count - 1) / count) : 0;
  }
};

// rows[k][path] into each of `into`, the first `count` of `width`. Several rows side by side: a
// division takes long, and those of different rows do not wait for each other.
inline void add_rows(const double* rows, std::size_t width, int count, std::vector<Spread>& into) {
  constexpr std::size_t most = 8;
  for (std::size_t first = 0; first < into.size(); first += most) {
    const std::size_t end = std::min(first + most, into.size());
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i)
      for (std::size_t k = first; k < end; ++k) into[k].add(rows[k * width + i]);
  }
}

}  // namespace warmshell::value
