#pragma once
// What bench/peers reads: plain .npy files, little-endian doubles in C order, and text beside them.
// Throws std::runtime_error.

#include <fmt/format.h>

#include <cstdint>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace warmshell::bench {

class NumpyFile {
 public:
  NumpyFile(const std::string& name, const std::vector<std::int64_t>& shape)
      : file_(std::fopen(name.c_str(), "wb")) {
    if (!file_) throw std::runtime_error("cannot write " + name);
    std::string extents;
    for (const std::int64_t n : shape) extents += fmt::format("{},", n);
    std::string header =
        fmt::format("{{'descr': '<f8', 'fortran_order': False, 'shape': ({}), }}", extents);
    header.append(63 - (10 + header.size()) % 64, ' ');
    header += '\n';
    const auto length = static_cast<unsigned>(header.size());
    const unsigned char magic[10] = {0x93,
                                     'N',
                                     'U',
                                     'M',
                                     'P',
                                     'Y',
                                     1,
                                     0,
                                     static_cast<unsigned char>(length & 255),
                                     static_cast<unsigned char>(length >> 8)};
    std::fwrite(magic, 1, sizeof magic, file_.get());
    std::fwrite(header.data(), 1, header.size(), file_.get());
  }
  void add(const double* values, std::size_t count) {
    if (std::fwrite(values, sizeof(double), count, file_.get()) != count)
      throw std::runtime_error("cannot write on");
  }
  void add(const std::vector<double>& values) { add(values.data(), values.size()); }

  static void write_text(const std::string& name, const std::string& text) {
    const std::unique_ptr<std::FILE, Close> file(std::fopen(name.c_str(), "wb"));
    if (!file || std::fwrite(text.data(), 1, text.size(), file.get()) != text.size())
      throw std::runtime_error("cannot write " + name);
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace warmshell::bench
