#include "report/replay.h"
namespace warmshell::report {
std::string replay_html(const ReplayReport&) {
  return "";
}
}  // namespace warmshell::report
