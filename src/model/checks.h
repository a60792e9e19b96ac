#pragma once
// Inside the model: how a check of meaning complains. One function per area, each in its own file.

#include <fmt/format.h>

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "model/portfolio.h"

namespace warmshell::model {

struct Complaints {
  Diagnostics& out;
  int told = 0;
  static constexpr int most = 100;  // a hostile file cannot fill the memory with complaints

  void error(const char* code, const text::Place& place, std::string path, std::string message,
             std::string help = "") {
    add(Severity::error, code, place, std::move(path), std::move(message), std::move(help));
  }
  void error(const char* code, const Origin& at, std::string message, std::string help = "") {
    error(code, at.place, at.path, std::move(message), std::move(help));
  }
  void warning(const char* code, const Origin& at, std::string message, std::string help = "") {
    add(Severity::warning, code, at.place, at.path, std::move(message), std::move(help));
  }

 private:
  void add(Severity severity, const char* code, const text::Place& place, std::string path,
           std::string message, std::string help) {
    if (++told > most) return;
    Diagnostic wrong;
    wrong.severity = severity;
    wrong.code = code;
    wrong.where = place.span();
    wrong.path = std::move(path);
    wrong.message = std::move(message);
    wrong.help = std::move(help);
    out.push_back(std::move(wrong));
  }
};

// The known name that comes nearest, "" when none does or the name is absurdly long.
inline std::string nearest(const std::string& name, const std::vector<std::string>& known) {
  return name.size() <= 200 ? did_you_mean(name, known) : "";
}

template <class T>
std::vector<std::string> names_of(const Named<T>& things) {
  std::vector<std::string> names;
  for (const auto& [name, thing] : things) names.push_back(name);
  return names;
}

// Whether the link names one of `things`; else said, with what comes nearest.
template <class T>
bool resolve(const Link& link, const Named<T>& things, std::string_view what,
             Complaints& complaints) {
  if (things.count(link.name)) return true;
  if (++complaints.told <= Complaints::most)
    text::resolve(link, names_of(things), what, complaints.out);
  return false;
}
bool resolve_accelerator(const Link& link, Complaints& complaints);

void check_luck(const Portfolio& portfolio, Complaints& complaints);
void check_gates(const Portfolio& portfolio, Complaints& complaints);
void check_sites(const Portfolio& portfolio, Complaints& complaints);
void check_fleet(const Portfolio& portfolio, Complaints& complaints);
// Warnings of what is allowed and probably not meant. Expects that nothing is wrong.
void check_plan(const Portfolio& portfolio, Complaints& complaints);
void check_markets_and_money(const Portfolio& portfolio, Complaints& complaints);

}  // namespace warmshell::model
