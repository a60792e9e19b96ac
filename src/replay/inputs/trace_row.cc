#include "replay/inputs/trace_row.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "text/quantity_text.h"

namespace warmshell::replay {

namespace {

// FNV-1a, 64 bits (Fowler, Noll, Vo).
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325ull;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
  return hash;
}

constexpr double longest_s = 1e10;  // about 317 years

// Days from 1970-01-01 in the Gregorian calendar.
std::int64_t days_since_1970(std::int64_t year, std::int64_t month, std::int64_t day) {
  // Count years from March, so that the leap day is the last of its year.
  const std::int64_t y = month > 2 ? year : year - 1;
  const std::int64_t months_from_march = (month + 9) % 12;
  const std::int64_t day_of_year = (153 * months_from_march + 2) / 5 + day - 1;
  return 365 * y + y / 4 - y / 100 + y / 400 + day_of_year - 719'468;
}

// Reads digits off the front; nothing when there are none or too many.
std::optional<std::int64_t> take_digits(std::string_view& text, std::size_t most = 9) {
  std::size_t count = 0;
  std::int64_t value = 0;
  while (count < text.size() && text[count] >= '0' && text[count] <= '9') {
    if (count == most) return std::nullopt;
    value = value * 10 + (text[count++] - '0');
  }
  if (count == 0) return std::nullopt;
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<Milliseconds> parse_timestamp(std::string_view text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day || (!take(text, ' ') && !take(text, 'T'))) return std::nullopt;
  const auto hour = take_digits(text, 2);
  if (!hour || !take(text, ':')) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || !take(text, ':')) return std::nullopt;
  const auto second = take_digits(text, 2);
  if (!second) return std::nullopt;
  std::int64_t milli = 0;
  if (take(text, '.')) {
    const std::string_view fraction = text;
    if (!take_digits(text)) return std::nullopt;
    for (std::size_t d = 0; d < 3; ++d)
      milli = milli * 10 + (d < fraction.size() - text.size() ? fraction[d] - '0' : 0);
  }
  if (take(text, 'Z') && !text.empty()) return std::nullopt;
  if (!text.empty() || *month < 1 || *month > 12 || *day < 1 || *day > 31 || *hour > 23 ||
      *minute > 59 || *second > 60)
    return std::nullopt;
  return ((days_since_1970(*year, *month, *day) * 24 + *hour) * 60 + *minute) * 60'000 +
         *second * 1000 + milli;
}

std::optional<Milliseconds> parse_slurm_time(std::string_view text) {
  std::int64_t days = 0;
  const bool has_days = text.find('-') != std::string_view::npos;
  if (has_days) {
    const auto count = take_digits(text);
    if (!count || !take(text, '-')) return std::nullopt;
    days = *count;
  }
  std::vector<std::int64_t> parts;
  do {
    const auto part = take_digits(text);
    if (!part || parts.size() == 3) return std::nullopt;
    parts.push_back(*part);
  } while (take(text, ':'));
  std::int64_t milli = 0;
  if (take(text, '.')) {
    const std::size_t before = text.size();
    auto fraction = take_digits(text, 6);
    if (!fraction) return std::nullopt;
    for (std::size_t digits = before - text.size(); digits < 3; ++digits) *fraction *= 10;
    for (std::size_t digits = before - text.size(); digits > 3; --digits) *fraction /= 10;
    milli = *fraction;
  }
  if (!text.empty()) return std::nullopt;
  std::int64_t seconds = 0;
  if (has_days) {  // days-hours[:minutes[:seconds]]
    parts.resize(3, 0);
    seconds = (parts[0] * 60 + parts[1]) * 60 + parts[2];
  } else if (parts.size() == 1) {
    seconds = parts[0] * 60;
  } else {
    for (const std::int64_t part : parts) seconds = seconds * 60 + part;
  }
  return (days * 86'400 + seconds) * 1000 + milli;
}

}  // namespace

void TraceRow::take_header(const std::vector<std::string>& names) {
  columns_ = names;
}

void TraceRow::begin(const text::CsvRow& row) {
  row_ = &row;
  good_ = true;
  passed_by_ = false;
}

bool TraceRow::pass_by() {
  passed_by_ = good_;
  return false;
}

const text::CsvCell* TraceRow::find(std::string_view column) const {
  for (std::size_t c = 0; c < columns_.size(); ++c)
    if (columns_[c] == column) return &(*row_)[c];
  return nullptr;
}

bool TraceRow::complain(std::string_view column, std::string code, std::string message,
                        std::string help) {
  if (!good_) return false;  // once for each row
  good_ = false;
  Diagnostic diagnostic = plain_error(
      std::move(code), fmt::format("row {}: {}", row_->number, message), std::move(help));
  if (const text::CsvCell* cell = find(column)) diagnostic.where = text::csv_span(file_, *cell);
  problems_.add(std::move(diagnostic));
  return false;
}

void TraceRow::identify(std::string_view id) {
  if (!ids_.insert(hash_of(id), row_->number)) return;
  // The column that names a job is the first in every format.
  complain(columns_.front(), "WS0614", fmt::format("the id `{}` was seen before", id),
           "give every job an id of its own");
}

bool TraceRow::finish_ids(std::int64_t& late) {
  return ids_.finish([&](std::int64_t number, std::int64_t first) {
    ++late;
    Diagnostic diagnostic = plain_error(
        "WS0614", fmt::format("row {}: its id was seen before, in row {}", number, first),
        "give every job an id of its own");
    diagnostic.where.file = file_;
    problems_.add(std::move(diagnostic));
  });
}

std::string TraceRow::text(std::string_view column) const {
  const text::CsvCell* cell = find(column);
  return cell ? std::string(cell->text) : std::string();
}

std::int32_t TraceRow::integer(std::string_view column, std::int64_t least, std::int64_t most) {
  const std::string content = text(column);
  double value = 0;  // `4.0` is a whole number here: data frames write such
  const auto [end, error] = std::from_chars(content.data(), content.data() + content.size(), value);
  if (error != std::errc() || end != content.data() + content.size() ||
      value != std::floor(value)) {
    complain(column, "WS0612", fmt::format("`{}` is no whole number", content));
    return 0;
  }
  if (value < static_cast<double>(least) || value > static_cast<double>(most)) {
    complain(column, "WS0613",
             fmt::format("{} of `{}` is not between {} and {}", column, content, least, most));
    return 0;
  }
  return static_cast<std::int32_t>(value);
}

std::int32_t TraceRow::integer(std::string_view column, std::int64_t least, std::int64_t most,
                               std::int32_t otherwise) {
  return text(column).empty() ? otherwise : integer(column, least, most);
}

Milliseconds TraceRow::seconds(std::string_view column, double least) {
  const std::string content = text(column);
  double value = 0;
  const auto [end, error] = std::from_chars(content.data(), content.data() + content.size(), value);
  if (error != std::errc() || end != content.data() + content.size() || !std::isfinite(value)) {
    complain(column, "WS0612", fmt::format("`{}` is no number of seconds", content));
    return 0;
  }
  if (value < least || value > longest_s) {
    complain(column, "WS0613",
             value < 0 ? fmt::format("{} is negative: {} s", column, content)
                       : fmt::format("{} of {} s is out of range", column, content));
    return 0;
  }
  return static_cast<Milliseconds>(std::llround(value * 1000));
}

Milliseconds TraceRow::seconds(std::string_view column, double least, Milliseconds otherwise) {
  return text(column).empty() ? otherwise : seconds(column, least);
}

Milliseconds TraceRow::timestamp(std::string_view column) {
  const std::string content = text(column);
  const std::optional<Milliseconds> time = parse_timestamp(content);
  if (!time)
    complain(column, "WS0612", fmt::format("`{}` is no time", content),
             "write it like 2017-10-09 07:01:55");
  return time.value_or(0);
}

Milliseconds TraceRow::slurm_time(std::string_view column) {
  const std::string content = text(column);
  const std::optional<Milliseconds> time = parse_slurm_time(content);
  if (!time)
    complain(column, content.starts_with('-') ? "WS0613" : "WS0612",
             fmt::format("`{}` is no time of Slurm", content), "it is written like 1-02:03:04");
  return time.value_or(0);
}

void TraceRow::slurm_resources(std::string_view column, TraceJob& job) {
  const std::string content = text(column);
  std::string_view rest = content;
  std::int64_t typed_gpus = 0;
  while (!rest.empty()) {
    std::string_view item = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), item.size() + 1));
    const std::size_t equals = item.find('=');
    if (equals == std::string_view::npos) {
      complain(column, "WS0612", fmt::format("`{}` is no resource", item));
      return;
    }
    const std::string_view name = item.substr(0, equals);
    std::string_view amount = item.substr(equals + 1);
    const bool is_gpu = name == "gres/gpu" || name.starts_with("gres/gpu:");
    if (!is_gpu && name != "cpu" && name != "mem") continue;
    const std::optional<std::int64_t> count = take_digits(amount, 12);
    if (!count || (name != "mem" && !amount.empty())) {
      complain(column, "WS0612", fmt::format("`{}` is no amount", item));
      return;
    }
    if (name == "cpu") job.cpu_milli = *count * 1000;
    if (name == "mem") {
      const char unit = amount.empty() ? 'M' : amount.front();
      job.memory_mib = unit == 'K'   ? *count / 1024
                       : unit == 'G' ? *count * 1024
                       : unit == 'T' ? *count * 1024 * 1024
                                     : *count;
    }
    if (name == "gres/gpu")
      job.gpus = static_cast<std::int32_t>(std::min<std::int64_t>(*count, 1'000'000));
    if (name.starts_with("gres/gpu:")) {
      typed_gpus += *count;
      job.gpu_types += (job.gpu_types.empty() ? "" : "|") + std::string(name.substr(9));
    }
  }
  if (job.gpus == 0)
    job.gpus = static_cast<std::int32_t>(std::min<std::int64_t>(typed_gpus, 1'000'000));
}

}  // namespace warmshell::replay
