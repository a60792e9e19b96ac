#pragma once
// What a field's reader is handed: where it stands, what money is worth, and where to complain.
//
// A Reader belongs to one thread. It collects; it never stops at the first mistake.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "text/quantity_text.h"
#include "text/tree.h"

namespace warmshell::text {

// Where a value comes from. `path` is the dotted path that diagnostics, --set and traces use.
struct Origin {
  enum class Kind { file, flag, catalogue, fallback };  // fallback: the field's own default
  Kind kind = Kind::fallback;
  std::string path;
  Place place;
  std::string source, as_of, tier, note;  // as written in {value: ..., source: ..., ...}, or ""
};

// A value that remembers where it comes from.
template <class T>
struct Given {
  T value{};
  Origin origin;

  const T& operator*() const { return value; }
  const T* operator->() const { return &value; }
};

// The name of something else in the portfolio, to be resolved once everything is read.
struct Link {
  std::string name;
  std::string path;
  Place place;

  bool operator==(const Link& other) const { return name == other.name; }
};

class Reader {
 public:
  explicit Reader(Diagnostics& out, Currencies currencies = {}, const Folder* folder = nullptr)
      : out_(out), currencies_(std::move(currencies)), folder_(folder) {}

  [[nodiscard]] const Currencies& currencies() const { return currencies_; }
  [[nodiscard]] const Folder* folder() const { return folder_; }  // may be null
  [[nodiscard]] std::string path() const;
  // Where the name of the thing being read is written: its key in the map that holds it.
  [[nodiscard]] Place name_place() const;
  [[nodiscard]] Origin origin_of(const Node& value) const;  // without provenance

  // One step down the dotted path for as long as it lives.
  class Step {
   public:
    Step(Reader& reader, std::string key, Place key_place);
    ~Step() { reader_.steps_.pop_back(); }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

   private:
    Reader& reader_;
  };

  void error(std::string code, const Place& place, std::string message, std::string help = "");
  void warning(std::string code, const Place& place, std::string message, std::string help = "");
  void error(const TextProblem& problem, const Node& scalar);  // at the part of the text it names
  [[nodiscard]] std::size_t errors() const { return errors_; }

 private:
  struct Level {
    std::string key;
    Place place;
  };
  void report(Severity severity, std::string code, const Place& place, std::string message,
              std::string help);

  Diagnostics& out_;
  Currencies currencies_;
  const Folder* folder_;
  std::vector<Level> steps_;
  std::size_t errors_ = 0;
};

// True when the link names one of `known`; else WS0213 with "did you mean". `what`: "site".
bool resolve(const Link& link, const std::vector<std::string>& known, std::string_view what,
             Diagnostics& out);

// {value: ..., source: ..., as_of: ..., tier: ..., note: ...}
[[nodiscard]] bool is_annotated(const Node& node);
// The value inside, its provenance into `origin` where given; reports unknown keys.
const Node* unwrap(const Node& node, Reader& reader, Origin* origin);

// In the order in which the files were first complained of, and within one by line and column.
void order_by_place(Diagnostics& diagnostics);

// The portfolio's `currency:` and `fx:` (`{USD: 7.2 CNY}`), read before everything else.
[[nodiscard]] Currencies read_currencies(const Node& portfolio, Diagnostics& out);

}  // namespace warmshell::text
