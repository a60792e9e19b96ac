#include "import/epoch_chips.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <optional>
#include <regex>

#include "catalog/catalog.h"

namespace warmshell::import {

namespace {

using catalog::Accelerator;
using Candidates = std::vector<const Accelerator*>;

// Not found in frontier training sites; their low prices per MW would win by accident.
constexpr std::array left_out{"a100_40", "l40s", "h100_pcie", "tpu_v5e", "tpu_v6e"};

struct Word {
  std::string_view word;
  std::string_view accelerator;  // or, for a family, empty
  std::string_view vendor = {};
};
constexpr std::array words{
    Word{"v100", "v100_32"},        Word{"a100", "a100_80"},        Word{"h100", "h100_sxm"},
    Word{"h200", "h200_sxm"},       Word{"b200", "b200_hgx"},       Word{"b300", "b300_hgx"},
    Word{"gb200", "gb200_nvl72"},   Word{"gb300", "gb300_nvl72"},   Word{"vr200", "vr200_nvl72"},
    Word{"rubin", "vr200_nvl72"},   Word{"mi300x", "mi300x"},       Word{"mi325x", "mi325x"},
    Word{"mi355x", "mi355x"},       Word{"v5p", "tpu_v5p"},         Word{"ironwood", "tpu_v7"},
    Word{"v7", "tpu_v7"},           Word{"trainium2", "trainium2"}, Word{"trn2", "trainium2"},
    Word{"trainium3", "trainium3"}, Word{"trn3", "trainium3"},      Word{"910b", "ascend_910b"},
    Word{"910c", "ascend_910c"},    Word{"tpu", "", "Google"},      Word{"trainium", "", "AWS"},
    Word{"nvidia", "", "NVIDIA"},   Word{"blackwell", "", "NVIDIA"}};
constexpr std::array blackwell{"b200_hgx", "b300_hgx", "gb200_nvl72", "gb300_nvl72"};

bool is_left_out(const Accelerator& a) {
  return std::find(left_out.begin(), left_out.end(), a.id) != left_out.end();
}

Candidates by_vendor(std::string_view vendor) {
  Candidates found;
  for (const Accelerator& a : catalog::accelerators())
    if (a.vendor == vendor && !is_left_out(a)) found.push_back(&a);
  return found;
}

Candidates family(std::string_view word, std::string_view vendor) {
  Candidates found = by_vendor(vendor);
  if (word == "blackwell")
    std::erase_if(found, [](const Accelerator* a) {
      return std::find(blackwell.begin(), blackwell.end(), a->id) == blackwell.end();
    });
  return found;
}

// Link targets and the unit of compute name no chip.
std::string readable(const std::string& text) {
  static const std::regex link_target(R"(\]\([^)]*\))");
  static const std::regex unit(R"(H100[- ]?(equivalents?|eq?\b))", std::regex::icase);
  return std::regex_replace(std::regex_replace(text, link_target, "]"), unit, "");
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> found;
  std::string word;
  const auto end_word = [&] {
    if (word.size() > 2 && word.back() == 's') word.pop_back();
    if (!word.empty()) found.push_back(word);
    word.clear();
  };
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)))
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else
      end_word();
  }
  end_word();
  for (std::size_t i = 0; i + 1 < found.size(); ++i)  // "Trainium 3"
    if (found[i] == "trainium" && (found[i + 1] == "2" || found[i + 1] == "3"))
      found[i] += found[i + 1];
  return found;
}

Candidates named_in(const std::string& text) {
  Candidates chips, families;
  for (const std::string& word : words_of(readable(text)))
    for (const Word& known : words) {
      if (word != known.word) continue;
      const Candidates more = known.accelerator.empty()
                                  ? family(known.word, known.vendor)
                                  : Candidates{catalog::find_accelerator(known.accelerator)};
      Candidates& into = known.accelerator.empty() ? families : chips;
      into.insert(into.end(), more.begin(), more.end());
    }
  Candidates& found = chips.empty() ? families : chips;
  std::sort(found.begin(), found.end());  // rows stand in one array: catalogue order
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

Candidates of_owner(const std::string& owner) {
  if (owner == "Google") return by_vendor("Google");
  if (owner == "Amazon") return by_vendor("AWS");
  return by_vendor("NVIDIA");
}

// Calendar months: the same day `months` later is not after `date`. A month means its first day.
bool available(const Accelerator& a, Date date, int months) {
  const auto text = [](Date d) {
    return date_text(d).size() == 7 ? date_text(d) + "-01" : date_text(d);
  };
  const std::string from = text(a.available), to = text(date);
  const auto year_month = [](const std::string& t) {
    return std::stoi(t.substr(0, 4)) * 12 + std::stoi(t.substr(5, 2));
  };
  const int gap = year_month(to) - year_month(from);
  return gap > months || (gap == months && to.substr(8) >= from.substr(8));
}

double implied_kw(const Accelerator& a, const Phase& phase) {
  return phase.it_mw * 1000 / (phase.h100e / catalog::h100e(a));
}

bool kw_fits(const Accelerator& a, const Phase& phase) {
  const double ratio = implied_kw(a, phase) / catalog::provisioned_kw(a);
  return ratio >= 0.8 && ratio <= 1.7;
}

double distance(const Accelerator& a, const Phase& phase) {
  return std::abs(catalog::h100e(a) / catalog::provisioned_kw(a) * 1000 -
                  phase.h100e / phase.it_mw);
}

const Accelerator* nearest(const Candidates& candidates, const Phase& phase) {
  const Accelerator* best = nullptr;
  for (const Accelerator* a : candidates)
    if (best == nullptr || distance(*a, phase) < distance(*best, phase)) best = a;
  return best;
}

struct Choice {
  const Accelerator* accelerator = nullptr;
  std::string named_by;
};

Choice choose(const EpochSite& site, const Phase& phase, Diagnostics& warnings) {
  // ---- sources of names, in order
  std::vector<std::pair<std::string, Candidates>> sources{{"step", named_in(phase.status)}};
  for (int earlier = phase.number - 1; earlier >= 1; --earlier)
    sources.emplace_back("earlier step",
                         named_in(site.phases[static_cast<std::size_t>(earlier - 1)].status));
  sources.emplace_back("notes", named_in(site.notes));
  sources.emplace_back("owner", of_owner(site.owner));

  // ---- the first source with a chip that was on the market and whose kilowatts fit
  for (const int months : {3, 0})
    for (const auto& [source, names] : sources) {
      Candidates fitting = names;
      std::erase_if(fitting, [&](const Accelerator* a) {
        return !available(*a, phase.date, months) || !kw_fits(*a, phase);
      });
      if (const Accelerator* best = nearest(fitting, phase)) return {best, source};
    }

  // ---- none fits
  const Candidates owners = of_owner(site.owner);
  Candidates released = owners;
  std::erase_if(released, [&](const Accelerator* a) { return !available(*a, phase.date, 0); });
  const Accelerator* chosen = nearest(released, phase);
  if (chosen == nullptr)
    chosen = *std::min_element(
        owners.begin(), owners.end(),
        [](const Accelerator* a, const Accelerator* b) { return a->available < b->available; });
  Diagnostic diagnostic;
  diagnostic.severity = Severity::warning;
  diagnostic.code = "WS0410";
  diagnostic.where = phase.place.span();
  diagnostic.path = fmt::format("fleet.{}-phase-{}", site.name, phase.number);
  diagnostic.message = fmt::format(
      "{}, step of {}: no accelerator on the market has its MW and h100e; {} is {}", site.title,
      date_text(phase.date), chosen->id,
      released.empty() ? "the owner's earliest, not yet released" : "the owner's nearest");
  warnings.push_back(std::move(diagnostic));
  return {chosen, "owner"};
}

void warn_lot(const EpochSite& site, const Phase& phase, std::string code, std::string what,
              Diagnostics& warnings) {
  Diagnostic diagnostic;
  diagnostic.severity = Severity::warning;
  diagnostic.code = std::move(code);
  diagnostic.where = phase.place.span();
  diagnostic.path = fmt::format("fleet.{}-phase-{}", site.name, phase.number);
  diagnostic.message = fmt::format("{}, step of {}: {}", site.title, date_text(phase.date), what);
  warnings.push_back(std::move(diagnostic));
}

ChipLot lot_of(const EpochSite& site, const Phase& phase, const Choice& choice,
               Diagnostics& warnings) {
  const Accelerator& a = *choice.accelerator;
  const double count = phase.h100e / catalog::h100e(a);
  const double each = phase.it_mw * 1000 / count;
  const double ratio = each / catalog::provisioned_kw(a);
  if (ratio < 0.8 || ratio > 1.7)
    warn_lot(site, phase, "WS0411",
             fmt::format("{} at {:.2f} kW each is {:.2f} times its provisioned {:.2f} kW", a.id,
                         each, ratio, catalog::provisioned_kw(a)),
             warnings);
  return {a.id, count, each, choice.named_by};
}

std::vector<ChipLot> overridden(const Phase& phase, const ChipOverride& override) {
  double provisioned = 0;
  std::vector<ChipLot> lots;
  for (const auto& [id, stated] : override) {
    const Accelerator& a = *catalog::find_accelerator(id);
    const double count = stated > 0 ? stated : phase.h100e / catalog::h100e(a);
    provisioned += count * catalog::provisioned_kw(a);
    lots.push_back({id, count, catalog::provisioned_kw(a), "override"});
  }
  for (ChipLot& lot : lots) lot.it_kw_each *= phase.it_mw * 1000 / provisioned;
  return lots;
}

}  // namespace

std::vector<std::string> chips_named_in(const std::string& text) {
  std::vector<std::string> ids;
  for (const Accelerator* a : named_in(text)) ids.push_back(a->id);
  return ids;
}

std::vector<std::vector<ChipLot>> choose_chips(const EpochSite& site,
                                               const std::map<std::string, ChipOverride>& overrides,
                                               Diagnostics& warnings) {
  std::vector<std::vector<ChipLot>> lots;
  std::string before;  // of the phase before
  for (const Phase& phase : site.phases) {
    const auto override = overrides.find(date_text(phase.date));
    if (override != overrides.end()) {
      lots.push_back(overridden(phase, override->second));
    } else if (phase.h100e <= 0) {
      const Accelerator* a =
          before.empty() ? of_owner(site.owner).front() : catalog::find_accelerator(before);
      warn_lot(
          site, phase, "WS0412",
          fmt::format(
              "h100e do not rise with IT power; {} as in the step before, h100e not reproduced",
              a->id),
          warnings);
      lots.push_back({{a->id, phase.it_mw * 1000 / catalog::provisioned_kw(*a),
                       catalog::provisioned_kw(*a), "step before"}});
    } else {
      lots.push_back({lot_of(site, phase, choose(site, phase, warnings), warnings)});
    }
    before = lots.back().back().accelerator;
  }
  return lots;
}

}  // namespace warmshell::import
