#include "fleet/column_store.h"

#include <algorithm>
#include <new>
#include <string_view>

namespace warmshell::fleet {

namespace {
constexpr std::size_t alignment = 64;
// Three cache lines between columns: rows of the same lot must not fall into one set of the cache.
constexpr std::size_t apart = 24;
}  // namespace

void ColumnStore::Free::operator()(double* memory) const {
  ::operator delete[](memory, std::align_val_t(alignment));
}

ColumnStore::ColumnStore(const model::Layout& layout, int width) {
  columns_.width = width;
  columns_.lots = static_cast<int>(layout.lots.size());
  columns_.sites = static_cast<int>(layout.sites.size());
  columns_.halls = static_cast<int>(layout.halls.size());
  columns_.sources = static_cast<int>(layout.sources.size());
  columns_.markets = static_cast<int>(layout.markets.size());
  const auto padded = [&](int rows) {
    const auto size = static_cast<std::size_t>(rows) * static_cast<std::size_t>(width);
    return (size + 7) / 8 * 8 + apart;
  };
  for_each_column(columns_,
                  [&](std::string_view, double*&, int rows) { doubles_ += padded(rows); });
  memory_.reset(static_cast<double*>(::operator new[](
      std::max<std::size_t>(doubles_, 1) * sizeof(double), std::align_val_t(alignment))));
  std::fill_n(memory_.get(), doubles_, 0.0);
  double* next = memory_.get();
  for_each_column(columns_, [&](std::string_view, double*& column, int rows) {
    column = next;
    next += padded(rows);
  });
  const auto groups = static_cast<std::size_t>((width + mark_paths - 1) / mark_paths);
  marks_.assign((layout.lots.size() + layout.sites.size()) * groups, 1);
  columns_.lot_moved = marks_.data();
  columns_.site_moved = marks_.data() + layout.lots.size() * groups;
}

}  // namespace warmshell::fleet
