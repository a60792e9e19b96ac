#pragma once
// Inside the model: turns written dates and lucks into gates and draws. Used by compile().

#include <map>

#include "model/layout.h"

namespace warmshell::model {

// Every date that is written somewhere, under its id. Pointers go into the portfolio.
struct WrittenGate {
  std::string id;
  const UncertainDate* date = nullptr;  // null: a certain month, or an order and its lead time
  double month = 0;                     // of a certain one, months since 2000-01
  Luck luck;                            // where the date itself names none
  std::string after;                    // what `after` and a lead time count from
  const Law* lead_time = nullptr;
  double completes = 1;
  std::string completes_draw;  // name of the draw of its completion
  std::string due;             // date given completion: this gate is that one with odds
  bool when_not = false;       // comes when the order is cancelled
};

[[nodiscard]] std::map<std::string, WrittenGate> written_gates(const Portfolio& portfolio);

[[nodiscard]] bool certain_date(const UncertainDate& date);
[[nodiscard]] const Luck& luck_of(const WrittenGate& gate);

// Makes draws once per name; the first to name a shared draw gives its loads.
class Draws {
 public:
  explicit Draws(Layout& layout) : layout_(layout) {}
  [[nodiscard]] int draw(const std::string& own_name, const Luck& luck);
  [[nodiscard]] int named(const std::string& name);

 private:
  Layout& layout_;
  std::map<std::string, int> index_;
};

void compile_factors(const Portfolio& portfolio, Layout& layout);
// Index of each gate by id.
[[nodiscard]] std::map<std::string, int> compile_gates(const Portfolio& portfolio, Draws& draws,
                                                       Layout& layout);

// Every gate at the written median of its law, given that it comes, in months since `start`.
[[nodiscard]] std::vector<double> median_gate_months(const Layout& layout);

}  // namespace warmshell::model
