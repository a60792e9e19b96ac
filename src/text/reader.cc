#include "text/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "text/utf8.h"

namespace warmshell::text {

namespace {

constexpr std::size_t max_told = 100;
constexpr std::array provenance_keys{"value", "source", "as_of", "tier", "note"};

bool is_currency_code(std::string_view text) {
  return text.size() == 3 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

}  // namespace

std::string Reader::path() const {
  std::string joined;
  for (const Level& level : steps_) joined = join_path(joined, level.key);
  return joined;
}

Place Reader::name_place() const {
  return steps_.empty() ? Place{} : steps_.back().place;
}

Origin Reader::origin_of(const Node& value) const {
  Origin origin;
  origin.path = path();
  origin.place = value.place;
  if (!value.place.source)
    origin.kind = Origin::Kind::fallback;
  else
    origin.kind = value.place.source->name() == "--set" ? Origin::Kind::flag : Origin::Kind::file;
  return origin;
}

Reader::Step::Step(Reader& reader, std::string key, Place key_place) : reader_(reader) {
  reader_.steps_.push_back({std::move(key), std::move(key_place)});
}

void Reader::report(Severity severity, std::string code, const Place& place, std::string message,
                    std::string help) {
  if (severity == Severity::error) {
    ++errors_;
    // A column of a table, or what an alias repeats, is wrong in one place: said there once.
    const SourceSpan where = place.span();
    std::size_t told = 0;
    for (const Diagnostic& each : out_) {
      if (each.code == "WS0200") return;
      if (each.severity != Severity::error) continue;
      ++told;
      if (place.source && each.code == code && each.where == where && each.message == message)
        return;
    }
    if (told >= max_told) {
      Diagnostic rest = plain_error(
          "WS0200", fmt::format("more than {} mistakes: the rest is not shown", max_told),
          "mend these and check again");
      rest.severity = Severity::note;
      out_.push_back(std::move(rest));
      return;
    }
  }
  Diagnostic diagnostic;
  diagnostic.severity = severity;
  diagnostic.code = std::move(code);
  diagnostic.where = place.span();
  diagnostic.path = path();
  diagnostic.message = std::move(message);
  diagnostic.help = std::move(help);
  out_.push_back(std::move(diagnostic));
}

void Reader::error(std::string code, const Place& place, std::string message, std::string help) {
  report(Severity::error, std::move(code), place, std::move(message), std::move(help));
}

void Reader::warning(std::string code, const Place& place, std::string message, std::string help) {
  report(Severity::warning, std::move(code), place, std::move(message), std::move(help));
}

void Reader::error(const TextProblem& problem, const Node& scalar) {
  // Inside quotes the text begins one byte later; where escapes or folds change it, all is marked.
  const std::size_t written = scalar.place.end - scalar.place.begin;
  const std::size_t quote = scalar.quoted ? 1 : 0;
  Place place = scalar.place;
  if (written == scalar.text.size() + 2 * quote && problem.length > 0)
    place = scalar.place.part(problem.offset + quote, problem.length);
  error(problem.code, place, problem.message, problem.help);
}

namespace {

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

// Names with the same word before `_` as the name's: for `H100`, `h100_pcie` or `h100_sxm`.
std::string beginning_alike(std::string_view name, const std::vector<std::string>& known) {
  const std::string word = lower_case(name.substr(0, name.find_first_of("_- ")));
  std::vector<std::string> alike;
  for (const std::string& each : known)
    if (each.find('_') != std::string::npos && each.substr(0, each.find('_')) == word)
      alike.push_back(each);
  if (alike.empty() || alike.size() > 4) return "";
  std::string text;
  for (std::size_t i = 0; i < alike.size(); ++i)
    text += (i == 0 ? "" : i + 1 == alike.size() ? " or " : ", ") + ("`" + alike[i] + "`");
  return text;
}

}  // namespace

bool resolve(const Link& link, const std::vector<std::string>& known, std::string_view what,
             Diagnostics& out) {
  if (std::find(known.begin(), known.end(), link.name) != known.end()) return true;
  Diagnostic diagnostic =
      plain_error("WS0213", fmt::format("there is no {} called {}", what, ticked(link.name)));
  diagnostic.where = link.place.span();
  diagnostic.path = link.path;
  const std::string near = link.name.size() <= 64 ? did_you_mean(link.name, known) : "";
  // `b200_hgx` rather than `h200_sxm` for `b200_sxm`: another chip is no misspelling
  const std::string alike = beginning_alike(link.name, known);
  if (!alike.empty() && alike.find("`" + near + "`") == std::string::npos) {
    diagnostic.help = fmt::format("did you mean {}?", alike);
  } else if (!near.empty()) {
    diagnostic.help = fmt::format("did you mean `{}`?", near);
  } else if (!known.empty()) {
    std::string list;
    for (std::size_t i = 0; i < known.size() && i < 12; ++i) list += (i ? ", " : "") + known[i];
    if (known.size() > 12) list += ", ...";
    diagnostic.help = fmt::format("there are: {}", list);
  } else {
    diagnostic.help = fmt::format("no {} is written at all", what);
  }
  out.push_back(std::move(diagnostic));
  return false;
}

bool is_annotated(const Node& node) {
  return node.is_map() && node.find("value") != nullptr;
}

const Node* unwrap(const Node& node, Reader& reader, Origin* origin) {
  for (const Entry& entry : node.entries) {
    if (entry.key == "value") continue;
    if (std::find(provenance_keys.begin(), provenance_keys.end(), entry.key) ==
        provenance_keys.end()) {
      const std::string near =
          did_you_mean(entry.key.substr(0, 64), {provenance_keys.begin(), provenance_keys.end()});
      reader.error("WS0214", entry.key_place,
                   fmt::format("unknown key {} beside `value`", ticked(entry.key)),
                   near.empty() ? "beside `value` may stand source, as_of, tier and note"
                                : fmt::format("did you mean `{}`?", near));
      continue;
    }
    if (!entry.value.is_scalar()) {
      reader.error(
          "WS0214", entry.value.place,
          fmt::format("expected text for `{}`, found {}", entry.key, kind_name(entry.value)), "");
      continue;
    }
    if (!origin) continue;
    if (entry.key == "source") origin->source = entry.value.text;
    if (entry.key == "as_of") origin->as_of = entry.value.text;
    if (entry.key == "tier") origin->tier = entry.value.text;
    if (entry.key == "note") origin->note = entry.value.text;
  }
  const Node* value = node.find("value");
  if (is_annotated(*value)) {
    reader.error("WS0214", value->place, "a value with provenance inside another",
                 "keep one of the two");
    return nullptr;
  }
  if (value->is_null()) {
    reader.error("WS0214", value->place, "nothing stands after `value:`", "write the value");
    return nullptr;
  }
  if (origin) origin->place = value->place;
  return value;
}

void order_by_place(Diagnostics& diagnostics) {
  std::map<std::string, std::size_t> files;
  for (const Diagnostic& each : diagnostics) files.try_emplace(each.where.file, files.size());
  std::stable_sort(diagnostics.begin(), diagnostics.end(),
                   [&](const Diagnostic& a, const Diagnostic& b) {
                     return std::tuple(files.at(a.where.file), a.where.line, a.where.column) <
                            std::tuple(files.at(b.where.file), b.where.line, b.where.column);
                   });
}

Currencies read_currencies(const Node& portfolio, Diagnostics& out) {
  Currencies currencies;
  Reader reader(out);
  if (const Node* currency = portfolio.find("currency"); currency && !currency->is_null()) {
    Reader::Step step(reader, "currency", currency->place);
    if (currency->is_scalar() && is_currency_code(currency->text))
      currencies.portfolio = currency->text;
    else
      reader.error("WS0217", currency->place, "a currency is three capitals like `USD`", "");
  }
  const Node* fx = portfolio.find("fx");
  if (!fx || fx->is_null()) return currencies;
  Reader::Step step(reader, "fx", fx->place);
  if (!fx->is_map()) {
    reader.error(
        "WS0203", fx->place,
        fmt::format("expected a map of rates like `{{USD: 7.2 CNY}}`, found {}", kind_name(*fx)),
        "");
    return currencies;
  }
  for (const Entry& entry : fx->entries) {
    Reader::Step inner(reader, entry.key, entry.key_place);
    if (!is_currency_code(entry.key)) {
      reader.error(
          "WS0217", entry.key_place,
          fmt::format("{} is not a currency: three capitals like `USD`", ticked(entry.key)), "");
      continue;
    }
    const Node* rate = &entry.value;
    if (is_annotated(*rate)) rate = unwrap(*rate, reader, nullptr);
    if (!rate || rate->is_null()) continue;
    if (!rate->is_scalar()) {
      reader.error("WS0203", rate->place,
                   fmt::format("expected a rate like `7.2 {}`, found {}", currencies.portfolio,
                               kind_name(*rate)),
                   "");
      continue;
    }
    const auto parsed = parse_quantity(rate->text, Dimension::money);
    if (!parsed) {
      reader.error(parsed.error(), *rate);
    } else if (parsed->currency != currencies.portfolio) {
      reader.error(
          "WS0217", rate->place,
          fmt::format("a rate is given in the portfolio's currency, {}", currencies.portfolio),
          fmt::format("write what one {} is worth in {}", entry.key, currencies.portfolio));
    } else if (entry.key == currencies.portfolio) {
      reader.error("WS0217", entry.key_place,
                   fmt::format("{} is the portfolio's own currency", entry.key),
                   "remove this rate");
    } else if (!(parsed->value > 0)) {
      reader.error("WS0209", rate->place, "a rate must be more than 0", "");
    } else {
      currencies.worth[entry.key] = parsed->value;
    }
  }
  return currencies;
}

}  // namespace warmshell::text
