#pragma once
// The reference page of a record and all it holds, in Markdown: what may be written, and what it
// means.

#include <functional>
#include <string>
#include <string_view>

namespace warmshell::text {

class AnyRecord;
struct AnyField;

// What stands in for a field that the reader itself gives no value: by its dotted path, names in
// it as `*`; "" for nothing.
using LeftOut = std::function<std::string(const std::string& path, const AnyField& field)>;

[[nodiscard]] std::string reference_page(const AnyRecord& root, std::string_view title,
                                         const LeftOut& left_out = {});

}  // namespace warmshell::text
