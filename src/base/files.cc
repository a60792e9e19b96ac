#include "base/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace warmshell {

namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return number_; }
  [[nodiscard]] bool close() {  // false when the system reports a late write error
    const int number = number_;
    number_ = -1;
    return ::close(number) == 0;
  }

 private:
  int number_;
};

std::string reason(int error) {
  return std::error_code(error, std::generic_category()).message();
}

tl::unexpected<Diagnostics> cannot_read(const std::string& path, const std::string& why) {
  return fail(plain_error("WS0001", fmt::format("cannot read {}: {}", path, why),
                          "check the name and its permissions"));
}

tl::unexpected<Diagnostics> cannot_write(const std::string& path, const std::string& why) {
  return fail(plain_error("WS0012", fmt::format("cannot write {}: {}", path, why),
                          "check that the folder exists, is writable and has room"));
}

std::string folder_of(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

// 0, or the error.
int write_all(int file, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t limit) {
  // not blocking: opening a pipe must not wait for a writer
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) return cannot_read(path, reason(errno));
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return cannot_read(path, reason(errno));
  if (S_ISDIR(status.st_mode)) return cannot_read(path, "it is a folder");
  if (!S_ISREG(status.st_mode)) return cannot_read(path, "it is not a regular file");

  std::string content;
  content.reserve(std::min(limit, static_cast<std::size_t>(status.st_size)) + 1);
  char buffer[1 << 16];
  while (true) {
    const ssize_t got = ::read(file.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannot_read(path, reason(errno));
    if (got == 0) return content;
    content.append(buffer, static_cast<std::size_t>(got));
    if (content.size() > limit) {
      return fail(plain_error("WS0002", fmt::format("{} is larger than {} bytes", path, limit),
                              "split it, or leave out what is not needed"));
    }
  }
}

Result<void> write_file(const std::string& path, std::string_view content) {
  std::string temporary = path + ".tmp-XXXXXX";
  const int number = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (number < 0) return cannot_write(path, reason(errno));
  Descriptor file(number);

  int error = write_all(file.get(), content);
  // as a newly created file would be; mkostemp makes it private
  const mode_t mask = ::umask(0);
  ::umask(mask);
  if (error == 0 && ::fchmod(file.get(), 0666 & ~mask) != 0) error = errno;
  if (error == 0 && ::fsync(file.get()) != 0) error = errno;
  if (!file.close() && error == 0) error = errno;
  if (error == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) error = errno;
  if (error != 0) {
    ::unlink(temporary.c_str());
    return cannot_write(path, reason(error));
  }
  // the new name itself must reach the disk; a folder that cannot be flushed is no failure of the
  // write
  const Descriptor folder(::open(folder_of(path).c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY));
  if (folder.get() >= 0) (void)::fsync(folder.get());
  return {};
}

Result<void> make_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return cannot_write(path, error.message());
  return {};
}

}  // namespace warmshell
