#include "text/uncertain.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "text/csv.h"
#include "text/utf8.h"

namespace warmshell::text::detail {

namespace {

constexpr std::string_view forms =
    "write a plain value, `{p10: ..., p50: ..., p90: ...}`, or one of fixed, uniform, triangular, "
    "lognormal, discrete, empirical";
constexpr std::array law_keys{"p10",        "p50",       "p90",      "fixed",    "uniform",
                              "triangular", "lognormal", "discrete", "empirical"};

std::optional<Law> valid(Law law, const Node& node, Reader& reader) {
  if (const std::optional<std::string> wrong = problem(law)) {
    reader.error("WS0216", node.place, fmt::format("this distribution means nothing: {}", *wrong),
                 std::holds_alternative<Myerson>(law)
                     ? "p10 is the lowest of the three, for dates the earliest; p90 the highest"
                     : "");
    return std::nullopt;
  }
  return law;
}

// The numbers under `keys`, all of them needed and no others.
std::optional<std::vector<double>> numbers(const Node& node, const std::vector<std::string>& keys,
                                           const NumberReader& number, Reader& reader) {
  std::string list;
  for (const std::string& key : keys) list += (list.empty() ? "" : ", ") + key;
  if (!node.is_map()) {
    reader.error("WS0215", node.place,
                 fmt::format("expected a map with {}, found {}", list, kind_name(node)), "");
    return std::nullopt;
  }
  bool good = true;
  for (const Entry& entry : node.entries) {
    if (std::find(keys.begin(), keys.end(), entry.key) != keys.end()) continue;
    reader.error("WS0215", entry.key_place,
                 fmt::format("unknown key {} in a distribution", ticked(entry.key)),
                 fmt::format("keys here: {}", list));
    good = false;
  }
  std::vector<double> values;
  for (const std::string& key : keys) {
    const Entry* entry = node.find_entry(key);
    if (!entry || entry->value.is_null()) {
      reader.error("WS0215", node.place,
                   fmt::format("`{}` is missing: a distribution needs {}", key, list), "");
      good = false;
      continue;
    }
    Reader::Step step(reader, key, entry->key_place);
    const std::optional<double> value = number(entry->value, reader);
    if (value) values.push_back(*value);
    good = good && value;
  }
  if (!good) return std::nullopt;
  return values;
}

std::optional<Law> read_lognormal(const Node& node, const NumberReader& number, Reader& reader) {
  if (node.find("sigma") == nullptr) {
    const auto values = numbers(node, {"p50", "p90"}, number, reader);
    if (!values) return std::nullopt;
    if (!((*values)[0] > 0 && (*values)[1] > (*values)[0])) {
      reader.error("WS0216", node.place,
                   "this distribution means nothing: p50 must be more than 0 and lie below p90",
                   "");
      return std::nullopt;
    }
    return valid(make_lognormal_p50_p90((*values)[0], (*values)[1]), node, reader);
  }
  const NumberReader either = [&number](const Node& scalar, Reader& r) -> std::optional<double> {
    return r.path().ends_with(".sigma") ? FieldType<double>::read(scalar, r) : number(scalar, r);
  };
  const bool with_origin = node.find("origin") != nullptr;
  const auto values = with_origin ? numbers(node, {"median", "sigma", "origin"}, either, reader)
                                  : numbers(node, {"median", "sigma"}, either, reader);
  if (!values) return std::nullopt;
  return valid(Lognormal{(*values)[0], (*values)[1], with_origin ? (*values)[2] : 0}, node, reader);
}

std::optional<Law> read_discrete(const Node& node, const NumberReader& number, Reader& reader) {
  if (!node.is_map() || node.entries.empty()) {
    reader.error("WS0215", node.place,
                 "expected a map from values to odds like `{6 months: 30 %, 12 months: 70 %}`", "");
    return std::nullopt;
  }
  std::vector<double> values, weights;
  bool good = true;
  for (const Entry& entry : node.entries) {
    Reader::Step step(reader, entry.key, entry.key_place);
    const std::optional<double> value = number(make_scalar(entry.key, entry.key_place), reader);
    const std::optional<Fraction> weight = read_value<Fraction>(entry.value, reader);
    good = good && value && weight;
    if (value && weight) {
      values.push_back(*value);
      weights.push_back(weight->value);
    }
    if (weight && !(weight->value > 0)) {
      reader.error("WS0216", entry.value.place, "odds must be more than 0 %", "");
      good = false;
    }
  }
  if (!good) return std::nullopt;
  double sum = 0;
  for (const double weight : weights) sum += weight;
  if (std::abs(sum - 1) > 1e-9) {
    reader.error(
        "WS0216", node.place,
        fmt::format("the odds sum to {}, not to 100 %", quantity_text(sum, Dimension::fraction)),
        "");
    return std::nullopt;
  }
  return valid(make_discrete(std::move(values), std::move(weights)), node, reader);
}

std::optional<std::vector<double>> sample_of_table(const Node& node, const NumberReader& number,
                                                   Reader& reader) {
  const Node* from = node.find("from");
  const Node* column = node.find("column");
  if (!from || !column || !from->is_scalar() || !column->is_scalar() || node.entries.size() != 2) {
    reader.error("WS0215", node.place, "expected `{from: FILE.csv, column: NAME}`", "");
    return std::nullopt;
  }
  const auto forward = [&](const Diagnostics& told) {
    for (const Diagnostic& each : told)
      reader.error(each.code, from->place, each.message, each.help);
  };
  if (!reader.folder()) {
    reader.error("WS0001", from->place, "no folder is open to read this from", "");
    return std::nullopt;
  }
  const auto source = reader.folder()->load(from->text, from->place);
  if (!source) return forward(source.error()), std::nullopt;
  const auto table = read_csv(*source);
  if (!table) {
    // The places inside the table say more than the place that names it.
    forward(table.error());
    return std::nullopt;
  }
  const auto index = table->find(column->text);
  if (!index) {
    reader.error(
        "WS0125", column->place,
        fmt::format("the table {} has no column {}", ticked(from->text), ticked(column->text)), "");
    return std::nullopt;
  }
  std::vector<double> values;
  bool good = true;
  for (const auto& row : table->rows) {
    const auto value = number(make_scalar(row[*index].text, row[*index].place), reader);
    if (value) values.push_back(*value);
    good = good && value;
  }
  if (!good) return std::nullopt;
  return values;
}

std::optional<Law> read_empirical(const Node& node, const NumberReader& number, Reader& reader) {
  std::vector<double> values;
  if (node.is_map()) {
    auto sample = sample_of_table(node, number, reader);
    if (!sample) return std::nullopt;
    values = std::move(*sample);
  } else if (node.is_list()) {
    bool good = true;
    for (const Node& item : node.items) {
      const auto value = number(item, reader);
      if (value) values.push_back(*value);
      good = good && value;
    }
    if (!good) return std::nullopt;
  } else {
    reader.error(
        "WS0215", node.place,
        fmt::format("expected a list of values or `{{from: FILE.csv, column: NAME}}`, found {}",
                    kind_name(node)),
        "");
    return std::nullopt;
  }
  if (values.empty()) {
    reader.error("WS0216", node.place, "this distribution means nothing: the sample is empty", "");
    return std::nullopt;
  }
  return valid(make_empirical(std::move(values)), node, reader);
}

}  // namespace

bool recognises_law(const Node& node) {
  if (node.is_scalar()) return true;
  if (!node.is_map()) return false;
  for (const char* key : law_keys)
    if (node.find(key)) return true;
  return false;
}

std::optional<Law> read_law(const Node& node, const NumberReader& number, const std::string& form,
                            Reader& reader) {
  if (node.is_scalar()) {
    const std::optional<double> value = number(node, reader);
    if (!value) return std::nullopt;
    return Law(Fixed{*value});
  }
  if (!node.is_map() || !recognises_law(node)) {
    reader.error("WS0215", node.place,
                 fmt::format("expected {} or a distribution, found {}", form, kind_name(node)),
                 std::string(forms));
    return std::nullopt;
  }
  if (node.find("p10") || node.find("p50") || node.find("p90")) {
    const auto values = numbers(node, {"p10", "p50", "p90"}, number, reader);
    if (!values) return std::nullopt;
    return valid(make_quantiles((*values)[0], (*values)[1], (*values)[2]), node, reader);
  }
  if (node.entries.size() != 1) {
    reader.error("WS0215", node.place, "a distribution is said in one way", std::string(forms));
    return std::nullopt;
  }
  const Entry& entry = node.entries[0];
  const Node& inside = entry.value;
  Reader::Step step(reader, entry.key, entry.key_place);
  if (entry.key == "fixed") {
    const std::optional<double> value = number(inside, reader);
    if (!value) return std::nullopt;
    return Law(Fixed{*value});
  }
  if (entry.key == "uniform") {
    const auto values = numbers(inside, {"low", "high"}, number, reader);
    if (!values) return std::nullopt;
    return valid(Uniform{(*values)[0], (*values)[1]}, inside, reader);
  }
  if (entry.key == "triangular") {
    const auto values = numbers(inside, {"low", "mode", "high"}, number, reader);
    if (!values) return std::nullopt;
    return valid(Triangular{(*values)[0], (*values)[1], (*values)[2]}, inside, reader);
  }
  if (entry.key == "lognormal") return read_lognormal(inside, number, reader);
  if (entry.key == "discrete") return read_discrete(inside, number, reader);
  return read_empirical(inside, number, reader);
}

Bounds law_bounds(const Law& law) {
  struct Visitor {
    Bounds operator()(const Fixed& l) const { return {l.value, l.value}; }
    Bounds operator()(const Myerson& l) const { return {l.p10, l.p90}; }
    Bounds operator()(const Triangular& l) const { return {l.low, l.high}; }
    Bounds operator()(const Lognormal& l) const { return {l.origin, l.median}; }
    Bounds operator()(const Uniform& l) const { return {l.low, l.high}; }
    Bounds operator()(const Discrete& l) const { return {l.values.front(), l.values.back()}; }
    Bounds operator()(const Empirical& l) const { return {l.sorted.front(), l.sorted.back()}; }
  };
  return std::visit(Visitor{}, law);
}

void law_schema(const std::function<void()>& number, SchemaWriter& out) {
  JsonWriter& json = out.json();
  const auto object = [&](const std::vector<std::string>& keys) {
    json.begin_object()
        .field("type", "object")
        .field("required", keys)
        .field("additionalProperties", false);
    json.key("properties").begin_object();
    for (const std::string& key : keys) {
      json.key(key);
      number();
    }
    json.end_object().end_object();
  };
  const auto under = [&](std::string_view key, const std::function<void()>& value) {
    json.begin_object()
        .field("type", "object")
        .key("required")
        .begin_flat_array()
        .value(key)
        .end_array();
    json.field("additionalProperties", false).key("properties").begin_object().key(key);
    value();
    json.end_object().end_object();
  };
  json.begin_object().key("anyOf").begin_array();
  number();
  object({"p10", "p50", "p90"});
  under("fixed", number);
  under("uniform", [&] { object({"low", "high"}); });
  under("triangular", [&] { object({"low", "mode", "high"}); });
  under("lognormal", [&] { json.begin_object().field("type", "object").end_object(); });
  under("discrete", [&] { json.begin_object().field("type", "object").end_object(); });
  under("empirical", [&] {
    json.begin_object()
        .key("type")
        .begin_flat_array()
        .value("array")
        .value("object")
        .end_array()
        .end_object();
  });
  json.end_array().end_object();
}

}  // namespace warmshell::text::detail
