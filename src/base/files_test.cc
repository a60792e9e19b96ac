#include "base/files.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <string>

namespace warmshell {
namespace {

class Files : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "warmshell-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::string in_folder(const std::string& name) const {
    return folder_ + "/" + name;
  }
  [[nodiscard]] std::size_t entries() const {
    std::size_t n = 0;
    for ([[maybe_unused]] const auto& e : std::filesystem::directory_iterator(folder_)) ++n;
    return n;
  }

  std::string folder_;
};

TEST_F(Files, what_is_written_is_read) {
  const std::string text("a\0b\n", 4);
  ASSERT_TRUE(write_file(in_folder("x"), text).has_value());
  EXPECT_EQ(read_file(in_folder("x")).value(), text);
  ASSERT_TRUE(write_file(in_folder("x"), "").has_value());
  EXPECT_EQ(read_file(in_folder("x")).value(), "");
  EXPECT_EQ(entries(), 1u);
}

TEST_F(Files, a_large_file_is_refused_not_cut) {
  ASSERT_TRUE(write_file(in_folder("x"), std::string(1000, 'x')).has_value());
  EXPECT_EQ(read_file(in_folder("x"), 1000)->size(), 1000u);
  const auto refused = read_file(in_folder("x"), 999);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error()[0].code, "WS0002");
}

TEST_F(Files, what_cannot_be_read_says_why) {
  const auto missing = read_file(in_folder("none"));
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error()[0].code, "WS0001");
  EXPECT_EQ(missing.error()[0].message,
            "cannot read " + in_folder("none") + ": No such file or directory");
  EXPECT_EQ(read_file(folder_).error()[0].message, "cannot read " + folder_ + ": it is a folder");
  ASSERT_EQ(::mkfifo(in_folder("pipe").c_str(), 0600), 0);
  EXPECT_EQ(read_file(in_folder("pipe")).error()[0].message,
            "cannot read " + in_folder("pipe") + ": it is not a regular file");
}

TEST_F(Files, a_write_that_fails_leaves_nothing_behind) {
  const auto failed = write_file(in_folder("none/x"), "text");
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error()[0].code, "WS0012");
  std::filesystem::create_directory(in_folder("taken"));
  std::filesystem::create_directory(in_folder("taken/inner"));
  EXPECT_FALSE(write_file(in_folder("taken"), "text").has_value());  // a folder stands there
  EXPECT_EQ(entries(), 1u);
}

TEST_F(Files, a_kill_at_any_instant_leaves_the_old_content_or_the_new) {
  const std::string path = in_folder("saved");
  const std::string a(300'000, 'a'), b(300'000, 'b');
  ASSERT_TRUE(write_file(path, a).has_value());
  for (int attempt = 0; attempt < 20; ++attempt) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      while (true) {
        (void)write_file(path, b);
        (void)write_file(path, a);
      }
    }
    ::usleep(static_cast<useconds_t>(1000 + attempt * 1313));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const std::string seen = read_file(path).value();
    EXPECT_TRUE(seen == a || seen == b) << seen.size();
  }
}

TEST_F(Files, folders_are_made_with_those_above) {
  ASSERT_TRUE(make_folder(in_folder("p/q/r")).has_value());
  EXPECT_TRUE(std::filesystem::is_directory(in_folder("p/q/r")));
  ASSERT_TRUE(write_file(in_folder("p/q/r/x"), "1").has_value());
  EXPECT_FALSE(make_folder(in_folder("p/q/r/x/y")).has_value());
}

}  // namespace
}  // namespace warmshell
