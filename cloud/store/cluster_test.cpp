// What a killed test program leaves behind: nothing.
#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

namespace osect::store {
namespace {

bool comes_true(const auto& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

TEST(Cluster, goes_when_its_program_is_killed) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  std::string path = OSECT_HOLD_CLUSTER;
  const std::array<char*, 2> arguments{path.data(), nullptr};
  pid_t program = 0;
  ASSERT_EQ(posix_spawn(&program, path.c_str(), &actions, nullptr, arguments.data(), environ), 0);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  const std::unique_ptr<FILE, int (*)(FILE*)> said(fdopen(ends[0], "r"), std::fclose);
  std::array<char, 64> directory{};
  int server = 0;
  ASSERT_EQ(std::fscanf(said.get(), "%63s %d", directory.data(), &server), 2);
  const std::string process = fmt::format("/proc/{}", server);
  EXPECT_TRUE(std::filesystem::exists(directory.data()));
  EXPECT_TRUE(std::filesystem::exists(process));

  ASSERT_EQ(kill(program, SIGKILL), 0);
  waitpid(program, nullptr, 0);

  EXPECT_TRUE(comes_true([&] { return !std::filesystem::exists(directory.data()); }));
  EXPECT_TRUE(comes_true([&] { return !std::filesystem::exists(process); }));
}

}  // namespace
}  // namespace osect::store
