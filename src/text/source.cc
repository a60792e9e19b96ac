#include "text/source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "text/utf8.h"

namespace warmshell::text {

namespace fs = std::filesystem;

namespace {

Diagnostic whole_file(std::string code, std::string file, std::string message, std::string help) {
  Diagnostic diagnostic = plain_error(std::move(code), std::move(message), std::move(help));
  diagnostic.where.file = std::move(file);
  return diagnostic;
}

Diagnostic at_place(std::string code, const Place& place, const std::string& file,
                    std::string message, std::string help) {
  Diagnostic diagnostic = whole_file(std::move(code), file, std::move(message), std::move(help));
  if (place.source) diagnostic.where = place.span();
  return diagnostic;
}

std::string reason(int error) {
  return std::generic_category().message(error);
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

// The file as the kernel knows it, links resolved; what was opened, not what is there by now.
std::string opened_path(int fd) {
  std::error_code error;
  const fs::path path = fs::read_symlink("/proc/self/fd/" + std::to_string(fd), error);
  return error ? "" : path.string();
}

bool stays_inside(const std::string& path) {
  if (path.empty() || path.front() == '/') return false;
  for (const fs::path& part : fs::path(path))
    if (part == "..") return false;
  return path.find('\0') == std::string::npos;
}

}  // namespace

Source::Source(std::string name, std::string text)
    : name_(std::move(name)), text_(std::move(text)) {
  line_starts_.push_back(0);
  for (std::size_t i = 0; i < text_.size(); ++i)
    if (text_[i] == '\n') line_starts_.push_back(static_cast<std::uint32_t>(i + 1));
}

Result<SourcePtr> Source::make(std::string name, std::string text) {
  if (text.size() > max_source_bytes)
    return fail(whole_file("WS0002", name, fmt::format("{} is larger than 16 MiB", name),
                           "split the portfolio, or keep long tables in CSV files"));
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  if (const auto bad = first_invalid_utf8(text)) {
    const SourcePtr source(new Source(name, text));
    Diagnostic diagnostic = whole_file(
        "WS0003", name,
        fmt::format("byte 0x{:02X} is not UTF-8", static_cast<unsigned char>(text[*bad])),
        "save the file as UTF-8");
    diagnostic.where = source->span(*bad, *bad);
    return fail(std::move(diagnostic));
  }
  if (const std::size_t nul = text.find('\0'); nul != std::string::npos) {
    const SourcePtr source(new Source(name, text));
    Diagnostic diagnostic = whole_file("WS0004", name, "a NUL byte stands in the text",
                                       "remove it: this is not a text file, or it was cut");
    diagnostic.where = source->span(nul, nul);
    return fail(std::move(diagnostic));
  }
  return SourcePtr(new Source(std::move(name), std::move(text)));
}

SourceSpan Source::span(std::size_t begin, std::size_t end) const {
  begin = std::min(begin, text_.size());
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), begin);
  const auto line = static_cast<std::size_t>(after - line_starts_.begin()) - 1;
  const std::size_t line_begin = line_starts_[line];
  std::size_t line_end = after == line_starts_.end() ? text_.size() : *after - 1;
  if (line_end > line_begin && text_[line_end - 1] == '\r') --line_end;
  const std::string_view whole = text_;
  SourceSpan span;
  span.file = name_;
  span.line = static_cast<int>(line) + 1;
  span.column =
      static_cast<int>(count_code_points(whole.substr(line_begin, begin - line_begin))) + 1;
  end = std::clamp(end, begin, std::max(begin, line_end));
  span.length = std::max(1, static_cast<int>(count_code_points(whole.substr(begin, end - begin))));
  span.source_line = excerpt(whole.substr(line_begin, line_end - line_begin));
  return span;
}

SourceSpan Place::span() const {
  return source ? source->span(begin, end) : SourceSpan{};
}

Place Place::part(std::size_t offset, std::size_t length) const {
  Place place = *this;
  place.begin = static_cast<std::uint32_t>(std::min<std::size_t>(end, begin + offset));
  place.end = static_cast<std::uint32_t>(std::min<std::size_t>(end, place.begin + length));
  return place;
}

Result<Folder> Folder::open(const std::string& path) {
  std::error_code error;
  const fs::path canonical = fs::canonical(path.empty() ? "." : path, error);
  if (error)
    return fail(whole_file("WS0001", path,
                           fmt::format("cannot open {}: {}", path, reason(error.value())),
                           "check the path"));
  if (!fs::is_directory(canonical, error))
    return fail(whole_file("WS0006", path, fmt::format("{} is not a folder", path), ""));
  Folder folder;
  folder.root_ = canonical.string();
  return folder;
}

Result<SourcePtr> Folder::load(const std::string& path, const Place& asked_at) const {
  const auto refuse = [&](std::string code, std::string message, std::string help) {
    return fail(at_place(std::move(code), asked_at, path, std::move(message), std::move(help)));
  };
  const auto leaves = [&] {
    return refuse("WS0005", fmt::format("{} leads out of the folder that was opened", path),
                  "files are read only from the portfolio's own folder: copy it there and name it "
                  "relative to it");
  };
  if (!stays_inside(path)) return leaves();

  // Without blocking, so that a pipe cannot hang the program.
  const Descriptor file(::open((root_ + "/" + path).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0)
    return refuse("WS0001", fmt::format("cannot open {}: {}", path, reason(errno)),
                  "the path is taken relative to the portfolio's folder");
  const std::string opened = opened_path(file.get());
  if (!opened.starts_with(root_ == "/" ? root_ : root_ + "/")) return leaves();
  struct stat status {};
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode))
    return refuse("WS0006", fmt::format("{} is not a regular file", path), "");
  if (static_cast<std::uint64_t>(status.st_size) > max_source_bytes)
    return refuse("WS0002", fmt::format("{} is larger than 16 MiB", path),
                  "split the portfolio, or keep long tables in CSV files");

  std::string text;
  std::vector<char> buffer(1 << 16);
  while (true) {
    const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
    if (got == 0) break;
    if (got < 0) {
      if (errno == EINTR) continue;
      return refuse("WS0001", fmt::format("cannot read {}: {}", path, reason(errno)), "");
    }
    text.append(buffer.data(), static_cast<std::size_t>(got));
    if (text.size() > max_source_bytes) break;  // it grew meanwhile: refused below
  }
  return Source::make(path, std::move(text));
}

bool Folder::has(const std::string& path) const {
  std::error_code error;
  return stays_inside(path) && fs::is_regular_file(root_ + "/" + path, error);
}

std::vector<std::string> Folder::list(const std::string& sub_folder,
                                      std::string_view suffix) const {
  std::vector<std::string> names;
  if (!stays_inside(sub_folder)) return names;
  std::error_code error;
  for (fs::directory_iterator it(root_ + "/" + sub_folder, error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename().string();
    std::error_code ignored;
    if (name.ends_with(suffix) && it->is_regular_file(ignored)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace warmshell::text
