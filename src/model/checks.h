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
    Diagnostic told;
    told.severity = severity;
    told.code = code;
    told.where = place.span();
    told.path = std::move(path);
    told.message = std::move(message);
    told.help = std::move(help);
    out.push_back(std::move(told));
  }
};

template <class T>
std::vector<std::string> names_of(const Named<T>& things) {
  std::vector<std::string> names;
  for (const auto& [name, thing] : things) names.push_back(name);
  return names;
}

void check_luck(const Portfolio& portfolio, Complaints& complaints);
void check_gates(const Portfolio& portfolio, Complaints& complaints);
void check_sites(const Portfolio& portfolio, Complaints& complaints);
void check_fleet(const Portfolio& portfolio, Complaints& complaints);
void check_markets_and_money(const Portfolio& portfolio, Complaints& complaints);

}  // namespace warmshell::model
