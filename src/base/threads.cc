#include "base/threads.h"

#include <algorithm>
#include <csignal>

namespace warmshell {

namespace {

// A signal handler can reach nothing but a lock-free atomic of static life.
std::atomic<StopFlag*> flag_of_handler = nullptr;

extern "C" void set_stop_flag(int signal) {
  if (StopFlag* flag = flag_of_handler.load(std::memory_order_relaxed)) flag->set();
  std::signal(signal, SIG_DFL);  // the second time the program ends
}

}  // namespace

StopOnInterrupt::StopOnInterrupt(StopFlag& flag) {
  flag_of_handler.store(&flag);
  std::signal(SIGINT, set_stop_flag);
  std::signal(SIGTERM, set_stop_flag);
}

StopOnInterrupt::~StopOnInterrupt() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  flag_of_handler.store(nullptr);
}

unsigned thread_count(unsigned asked) {
  return asked > 0 ? asked : std::max(1u, std::thread::hardware_concurrency());
}

}  // namespace warmshell
