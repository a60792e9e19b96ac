#pragma once
// The CSV files of src/catalog/data as they stand, put into the program when it is built.

#include <span>
#include <string_view>

namespace warmshell::catalog {

struct EmbeddedFile {
  const char* name;  // without ".csv"
  const char* text;
};
[[nodiscard]] std::span<const EmbeddedFile> embedded_files();

}  // namespace warmshell::catalog
