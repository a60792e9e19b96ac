#include "report/markup.h"

#include <fmt/format.h>

#include "text/json_writer.h"

namespace warmshell::report {

std::string escape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default: {
        const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
        if (control && c != '\n' && c != '\t')
          out += "\uFFFD";
        else
          out += c;
      }
    }
  }
  return out;
}

std::string both(const Words& words) {
  return fmt::format(R"(<span class="en" lang="en">{}</span><span class="zh" lang="zh">{}</span>)",
                     escape(words.en), escape(words.zh));
}

std::string number_span(double value, std::string_view text) {
  return fmt::format(R"(<span data-v="{}">{}</span>)", text::json_number(value), escape(text));
}

std::string text_cell(std::string_view text) {
  return "<td>" + escape(text) + "</td>";
}
std::string words_cell(const Words& words) {
  return "<td>" + both(words) + "</td>";
}
std::string code_cell(std::string_view name) {
  return "<td><code>" + escape(name) + "</code></td>";
}
std::string number_cell(double value, std::string_view text) {
  return fmt::format(R"(<td class="n" data-v="{}">{}</td>)", text::json_number(value),
                     escape(text));
}
std::string empty_cell(const Words& words) {
  return R"(<td class="n">)" + (words.en.empty() ? std::string("–") : both(words)) + "</td>";
}

Table::Table(const std::vector<Head>& heads) {
  out_ = "<div class=\"scroll\"><table>\n<thead><tr>";
  for (const Head& head : heads)
    out_ += fmt::format(R"(<th scope="col"{}>{}</th>)", head.number ? R"( class="n")" : "",
                        both(head.words));
  out_ += "</tr></thead>\n<tbody>\n";
}

void Table::row(const std::vector<std::string>& cells, std::string_view row_class) {
  out_ += row_class.empty() ? "<tr>" : fmt::format(R"(<tr class="{}">)", row_class);
  for (const std::string& cell : cells) out_ += cell;
  out_ += "</tr>\n";
}

std::string Table::finish() {
  return std::move(out_) + "</tbody></table></div>\n";
}

std::string details(const Words& title, const std::string& content) {
  return fmt::format("<details><summary>{}</summary>\n{}</details>\n", both(title), content);
}

std::string fixed_text(double value, int digits) {
  std::string text = fmt::format("{:.{}f}", value, digits);
  if (text.front() == '-' && text.find_first_not_of("-0.") == std::string::npos) text.erase(0, 1);
  return text;
}

std::string with_thousands(double value, int digits) {
  const std::string text = fixed_text(value, digits);
  const std::size_t point = std::min(text.find('.'), text.size());
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool inside = at > 0 && at < point && text[at - 1] != '-';
    if (inside && (point - at) % 3 == 0) out += ',';
    out += text[at];
  }
  return out;
}

std::string percent_text(double share) {
  return fmt::format("{} %", with_thousands(100 * share, 0));
}
std::string rate_text(double rate) {
  return fmt::format("{} %", with_thousands(100 * rate, 1));
}

}  // namespace warmshell::report
