#pragma once
// The reference page of a record and all it holds, in Markdown: what may be written, and what it
// means.

#include <string>
#include <string_view>

namespace warmshell::text {

class AnyRecord;

[[nodiscard]] std::string reference_page(const AnyRecord& root, std::string_view title);

}  // namespace warmshell::text
