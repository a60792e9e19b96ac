#pragma once
// The world on a block of paths: everything uncertain, drawn once, laid [item][path], path
// innermost. The same path gives the same bits in a block of any width, on any thread and vector
// level: the counter is (path, index, draw), the key is hash(seed, dotted name). Gates are drawn at
// begin(); columns of a month are filled by next_month(), in order 0, 1, ... Thread rule: one Block
// per thread; Layout and Law are shared read-only.

#include <cstdint>
#include <memory>
#include <span>

#include "model/layout.h"

namespace warmshell::world {

// What a month holds. Pointers stay valid until the next call on the block.
struct MonthColumns {
  int month = 0;
  const double* rent_per_hour = nullptr;  // [market][class][path] money per accelerator-hour
  const double* demand_h100e = nullptr;   // [market][path]; 1e300 when unbounded
  const double* accept_share =
      nullptr;  // [market][class][path] part of the month in which it is accepted
  const double* price_per_mwh = nullptr;    // [source][path] money per MWh at the meter
  const double* curtailed_share = nullptr;  // [source][path]
  const double* resale_factor =
      nullptr;  // [class][path] market value over price when new, at age 0
  // Known to be the same as the month before, on every path of the block.
  bool same_prices = false, same_curtailment = false;
};

class Block {
 public:
  Block(const model::Layout& layout, const model::Portfolio& portfolio, std::uint64_t seed,
        int width);
  ~Block();
  Block(Block&&) noexcept;

  void begin(std::int64_t first_path,
             int count);  // count <= width; lanes beyond it repeat the last path
  [[nodiscard]] const double* gate_month(
      int gate) const;  // [path] months since start, +infinity never
  [[nodiscard]] const MonthColumns& next_month();
  [[nodiscard]] int width() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace warmshell::world
