#include "world/releases.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>

namespace warmshell::world {

Releases::Releases(const model::Layout& layout, int width)
    : layout_(layout), width_(width), never_(static_cast<std::size_t>(width), model::never_month) {
  // Steps of a line by whole generation, made once and shared by its classes.
  std::map<std::pair<std::string, int>, int> known;
  const std::size_t releases = layout.release_gates.size();
  for (const model::LayoutClass& each : layout.classes) {
    const int own = static_cast<int>(std::floor(each.generation));
    std::set<int> newer;
    for (std::size_t r = 0; r < releases; ++r) {
      const int whole = static_cast<int>(std::floor(layout.release_generation[r]));
      if (layout.release_line[r] == each.line && whole > own) newer.insert(whole);
    }
    const int last = newer.empty() ? own : *newer.rbegin();
    ClassSteps& steps = classes_.emplace_back();
    for (int whole = own + 1; whole <= last; ++whole) {
      const auto [entry, is_new] =
          known.try_emplace({each.line, whole}, static_cast<int>(steps_.size()));
      if (is_new) {
        Step& step = steps_.emplace_back();
        for (std::size_t r = 0; r < releases; ++r)
          if (layout.release_line[r] == each.line && layout.release_generation[r] >= whole)
            step.gates.push_back(layout.release_gates[r]);
      }
      steps.steps.push_back(entry->second);
    }
  }
  dates_.assign(steps_.size() * static_cast<std::size_t>(width), model::never_month);
}

void Releases::draw(const Gates& gates) {
  for (std::size_t s = 0; s < steps_.size(); ++s) {
    Step& step = steps_[s];
    double* out = &dates_[s * static_cast<std::size_t>(width_)];
    std::fill_n(out, width_, model::never_month);
    for (const int gate : step.gates) {
      const double* released = gates.month(gate);
      for (int p = 0; p < width_; ++p)
        out[p] = std::min(out[p], released[p] + layout_.in_volume_after);
    }
    const auto [low, high] = std::minmax_element(out, out + width_);
    step.earliest = *low;
    step.latest = *high;
  }
}

int Releases::depth(int accelerator_class) const {
  return static_cast<int>(classes_[static_cast<std::size_t>(accelerator_class)].steps.size());
}

const Releases::Step* Releases::step(int accelerator_class, int behind) const {
  if (behind < 1 || behind > depth(accelerator_class)) return nullptr;
  const ClassSteps& steps = classes_[static_cast<std::size_t>(accelerator_class)];
  return &steps_[static_cast<std::size_t>(steps.steps[static_cast<std::size_t>(behind - 1)])];
}

const double* Releases::date(int accelerator_class, int behind) const {
  const Step* found = step(accelerator_class, behind);
  if (found == nullptr) return never_.data();
  return &dates_[static_cast<std::size_t>(found - steps_.data()) *
                 static_cast<std::size_t>(width_)];
}

double Releases::earliest(int accelerator_class, int behind) const {
  const Step* found = step(accelerator_class, behind);
  return found == nullptr ? model::never_month : found->earliest;
}

double Releases::latest(int accelerator_class, int behind) const {
  const Step* found = step(accelerator_class, behind);
  return found == nullptr ? model::never_month : found->latest;
}

}  // namespace warmshell::world
