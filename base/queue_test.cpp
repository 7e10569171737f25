// The two policies for "full", and that closing loses nothing.
#include "base/queue.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace osect {
namespace {

TEST(Queue, DropsTheNewestAndCountsIt) {
  Queue<int> queue("test", 2, WhenFull::drop_newest);
  EXPECT_TRUE(queue.try_push(1));
  EXPECT_TRUE(queue.try_push(2));
  EXPECT_FALSE(queue.try_push(3));
  EXPECT_EQ(queue.dropped(), 1U);
  EXPECT_EQ(queue.take(), 1);
}

TEST(Queue, BlocksTheProducerUntilThereIsRoom) {
  Queue<int> queue("test", 1, WhenFull::block);
  ASSERT_TRUE(queue.try_push(1));
  std::jthread producer([&] { EXPECT_TRUE(queue.try_push(2)); });
  EXPECT_EQ(queue.take(), 1);
  EXPECT_EQ(queue.take(), 2);
}

TEST(Queue, GivesWhatIsLeftAfterClosing) {
  Queue<int> queue("test", 4, WhenFull::block);
  ASSERT_TRUE(queue.try_push(1));
  queue.close();
  EXPECT_FALSE(queue.try_push(2));
  EXPECT_EQ(queue.take(), 1);
  EXPECT_EQ(queue.take(), std::nullopt);
}

TEST(Queue, TakeUntilGivesUpAtTheDeadline) {
  Queue<int> queue("test", 4, WhenFull::block);
  EXPECT_EQ(queue.take_until(std::chrono::steady_clock::now() + std::chrono::milliseconds(1)),
            std::nullopt);
}

}  // namespace
}  // namespace osect
