#pragma once
// HTML by plain functions: everything a user wrote passes through escape(); every number that
// stands in the page carries its full value in `data-v`, which is a number of the JSON. Both
// languages are in the page; its style shows one. Pure.

#include <string>
#include <string_view>
#include <vector>

namespace warmshell::report {

struct Words {  // the same in English and Chinese, plain text
  std::string en, zh;
};

// Text or attribute value; control characters other than line breaks and tabs become U+FFFD.
[[nodiscard]] std::string escape(std::string_view text);
[[nodiscard]] std::string both(const Words& words);

// `text` is what is read, `value` what it stands for.
[[nodiscard]] std::string number_span(double value, std::string_view text);

[[nodiscard]] std::string text_cell(std::string_view text);
[[nodiscard]] std::string words_cell(const Words& words);
[[nodiscard]] std::string code_cell(std::string_view name);
[[nodiscard]] std::string number_cell(double value, std::string_view text);
[[nodiscard]] std::string empty_cell(const Words& words = {});  // a number that does not exist

class Table {
 public:
  struct Head {
    Words words;
    bool number = false;
  };
  explicit Table(const std::vector<Head>& heads);
  void row(const std::vector<std::string>& cells, std::string_view row_class = "");
  [[nodiscard]] std::string finish();

 private:
  std::string out_;
};

// What is folded away until asked for.
[[nodiscard]] std::string details(const Words& title, const std::string& content);

// ---- numbers as they are read -----------------------------------------------------------------

// Never "-0.0": what rounds to zero has no sign. Every number of a text passes here.
[[nodiscard]] std::string fixed_text(double value, int digits);      // "12345.6"
[[nodiscard]] std::string with_thousands(double value, int digits);  // "12,345.6"
[[nodiscard]] std::string percent_text(double share);                // 0.404 -> "40 %"
[[nodiscard]] std::string rate_text(double rate);                    // 0.1234 -> "12.3 %"

}  // namespace warmshell::report
