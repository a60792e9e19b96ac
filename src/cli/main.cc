#include <fmt/format.h>

int main() {
  fmt::print("warmshell\n");
}
