#include "text/json_writer.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace warmshell::text {

namespace {

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "warmshell: broken invariant in JSON output: %s\n", what);
  std::abort();
}

}  // namespace

std::string json_number(double number) {
  require(std::isfinite(number), "a number is not finite");
  if (number == 0) return "0";  // no negative zero
  return fmt::format("{}", number);
}

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        else
          out += c;
    }
  }
  return out + '"';
}

void JsonWriter::line_break(std::size_t level) {
  if (style_ == Style::compact) return;
  out_ += '\n';
  out_.append(2 * level, ' ');
}

void JsonWriter::before_value() {
  if (open_.empty()) {
    require(!started_, "two values at the top");
    started_ = true;
    return;
  }
  Level& level = open_.back();
  if (level.object) {
    require(after_key_, "a value without its key");
    after_key_ = false;
    return;
  }
  if (!level.empty) out_ += level.flat && style_ == Style::pretty ? ", " : ",";
  level.empty = false;
  if (!level.flat) line_break(open_.size());
}

JsonWriter& JsonWriter::begin_object() {
  before_value();
  const bool flat = !open_.empty() && open_.back().flat;
  out_ += '{';
  open_.push_back({true, flat, true});
  return *this;
}

JsonWriter& JsonWriter::end_object() {
  require(!open_.empty() && open_.back().object && !after_key_, "an object that is not open ends");
  const Level level = open_.back();
  open_.pop_back();
  if (!level.empty && !level.flat) line_break(open_.size());
  out_ += '}';
  return *this;
}

JsonWriter& JsonWriter::begin_array() {
  before_value();
  const bool flat = !open_.empty() && open_.back().flat;
  out_ += '[';
  open_.push_back({false, flat, true});
  return *this;
}

JsonWriter& JsonWriter::begin_flat_array() {
  before_value();
  out_ += '[';
  open_.push_back({false, true, true});
  return *this;
}

JsonWriter& JsonWriter::end_array() {
  require(!open_.empty() && !open_.back().object, "an array that is not open ends");
  const Level level = open_.back();
  open_.pop_back();
  if (!level.empty && !level.flat) line_break(open_.size());
  out_ += ']';
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  require(!open_.empty() && open_.back().object && !after_key_, "a key outside an object");
  Level& level = open_.back();
  if (!level.empty) out_ += level.flat && style_ == Style::pretty ? ", " : ",";
  level.empty = false;
  if (!level.flat) line_break(open_.size());
  out_ += json_string(name);
  out_ += style_ == Style::pretty ? ": " : ":";
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::null() {
  before_value();
  out_ += "null";
  return *this;
}

JsonWriter& JsonWriter::value(double number) {
  before_value();
  out_ += json_number(number);
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view string) {
  before_value();
  out_ += json_string(string);
  return *this;
}

JsonWriter& JsonWriter::boolean(bool b) {
  before_value();
  out_ += b ? "true" : "false";
  return *this;
}

JsonWriter& JsonWriter::integer(std::int64_t i) {
  before_value();
  out_ += fmt::format("{}", i);
  return *this;
}

JsonWriter& JsonWriter::natural(std::uint64_t i) {
  before_value();
  out_ += fmt::format("{}", i);
  return *this;
}

}  // namespace warmshell::text
