#pragma once
// JSON Schema (draft-07) of a record and all it holds, for completion and checks in editors.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "text/json_writer.h"

namespace warmshell::text {

class AnyRecord;

// Handed to each field type, which writes exactly one schema object.
class SchemaWriter {
 public:
  explicit SchemaWriter(JsonWriter& json) : json_(json) {}

  [[nodiscard]] JsonWriter& json() { return json_; }
  void reference(const AnyRecord& record);  // {"$ref": "#/definitions/NAME"}
  void string_with_pattern(std::string_view pattern);

 private:
  friend std::string json_schema(const AnyRecord& root, std::string_view title);
  JsonWriter& json_;
  std::map<std::string, const AnyRecord*> known_;
  std::vector<const AnyRecord*> waiting_;
};

[[nodiscard]] std::string json_schema(const AnyRecord& root, std::string_view title);

}  // namespace warmshell::text
