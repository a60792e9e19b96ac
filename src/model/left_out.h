#pragma once
// Inside the model: what stands in for a field that is not written, in words.

#include <string>

#include "text/record.h"

namespace warmshell::model {

// Of the field at `path`, names in it as `*`: its default and the row of the catalogue it comes
// from; "" where there is none.
[[nodiscard]] std::string left_out(const std::string& path, const text::AnyField& field);

}  // namespace warmshell::model
