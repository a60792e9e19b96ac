#include "world/luck.h"

#include <algorithm>

namespace warmshell::world {

Luck::Luck(const model::Layout& layout, std::uint64_t seed, int width)
    : layout_(layout), kernels_(path_kernels()), seed_(seed), width_(width) {
  for (const model::FactorDraw& each : layout.factors) factor_keys_.push_back(key(each.name));
  for (const model::Draw& each : layout.draws) draw_keys_.push_back(key(each.name));
  factors_.assign(factor_keys_.size() * static_cast<std::size_t>(width), 0);
  draws_.assign(draw_keys_.size() * static_cast<std::size_t>(width), 0);
}

StreamKey Luck::key(std::string_view name) const {
  return stream_key(seed_, name);
}

void Luck::repeat_last(double* column) const {
  std::fill(column + count_, column + width_, column[count_ - 1]);
}

void Luck::begin(std::int64_t first_path, int count) {
  first_path_ = first_path;
  count_ = count;
  const std::size_t n = static_cast<std::size_t>(width_);

  // Own luck first, then what is shared, factors in the order in which they load on earlier ones.
  const auto mix = [&](double* out, StreamKey own_key, double own,
                       const std::vector<std::pair<int, double>>& loads) {
    standard_normals(own_key, static_cast<std::uint64_t>(first_path_), 0, 0, out,
                     static_cast<std::size_t>(count_));
    repeat_last(out);
    if (loads.empty() && own == 1) return;
    kernels_.scale(out, own, out, n);
    for (const auto& [factor, load] : loads)
      kernels_.add_scaled(&factors_[static_cast<std::size_t>(factor) * n], load, out, n);
  };
  for (std::size_t f = 0; f < factor_keys_.size(); ++f)
    mix(&factors_[f * n], factor_keys_[f], layout_.factors[f].own, layout_.factors[f].loads);
  for (std::size_t d = 0; d < draw_keys_.size(); ++d)
    mix(&draws_[d * n], draw_keys_[d], layout_.draws[d].own, layout_.draws[d].loads);
}

const double* Luck::normal(int draw) const {
  return &draws_[static_cast<std::size_t>(draw) * static_cast<std::size_t>(width_)];
}

void Luck::uniform(StreamKey key_of_name, std::uint32_t index, double* out) const {
  uniforms(key_of_name, static_cast<std::uint64_t>(first_path_), index, 0, out,
           static_cast<std::size_t>(count_));
  repeat_last(out);
}

}  // namespace warmshell::world
