// The table against a plain map: what was added is found, what was erased is not, the cap holds.
#include "sensor/observe/table.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace osect::observe {
namespace {

struct Key {
  std::uint64_t word = 0;

  [[nodiscard]] std::uint64_t hash(const Hasher& hasher) const { return hasher({&word, 1}); }
  bool operator==(const Key&) const = default;
};

struct Row {
  Key key;
  TimeNs last = 0;
  int value = 0;
};

TEST(Table, behaves_like_a_map) {
  const Hasher hasher;
  Table<Key, Row> table(64);
  std::map<std::uint64_t, int> model;
  std::mt19937_64 random(1);
  for (int step = 0; step < 200'000; ++step) {
    const Key key{random() % 80};
    const std::uint32_t slot = table.find(key, hasher);
    ASSERT_EQ(slot != kNoSlot, model.contains(key.word));
    if (slot != kNoSlot) {
      ASSERT_EQ(table[slot].value, model[key.word]);
      table.erase(slot, hasher);
      model.erase(key.word);
    } else if (model.size() < 64) {
      const std::uint32_t added = table.add(key, hasher, [](const Row&) { FAIL(); });
      table[added].value = step;
      model[key.word] = step;
    }
    ASSERT_EQ(table.size(), model.size());
  }
}

TEST(Table, finds_every_row_while_its_index_grows) {
  const Hasher hasher;
  Table<Key, Row> table(5'000);
  for (std::uint64_t i = 0; i < 5'000; ++i) {
    table.add(Key{i}, hasher, [](const Row&) { FAIL(); });
    if (i % 3 == 2) table.erase(table.find(Key{i - 1}, hasher), hasher);
  }
  for (std::uint64_t i = 0; i < 5'000; ++i) {
    const std::uint32_t slot = table.find(Key{i}, hasher);
    ASSERT_EQ(slot != kNoSlot, i % 3 != 1 || i == 4'999) << i;
    if (slot != kNoSlot) {
      ASSERT_EQ(table[slot].key.word, i);
    }
  }
}

TEST(Table, full_drops_a_row_that_was_silent_long) {
  const Hasher hasher;
  Table<Key, Row> table(16);
  for (std::uint64_t i = 0; i < 16; ++i)
    table[table.add(Key{i}, hasher, [](const Row&) { FAIL(); })].last =
        static_cast<TimeNs>(100 + i);
  std::uint64_t evicted = 99;
  const std::uint32_t slot =
      table.add(Key{16}, hasher, [&](const Row& row) { evicted = row.key.word; });
  EXPECT_EQ(evicted, 0U);
  EXPECT_EQ(table.size(), 16U);
  EXPECT_EQ(table.find(Key{0}, hasher), kNoSlot);
  EXPECT_EQ(table.find(Key{16}, hasher), slot);
  for (std::uint64_t i = 1; i < 16; ++i) EXPECT_NE(table.find(Key{i}, hasher), kNoSlot);
}

TEST(Table, a_reused_slot_has_another_serial) {
  const Hasher hasher;
  Table<Key, Row> table(1);
  const std::uint32_t first = table.add(Key{1}, hasher, [](const Row&) {});
  const std::uint32_t serial = table.serial(first);
  const std::uint32_t second = table.add(Key{2}, hasher, [](const Row&) {});
  EXPECT_EQ(first, second);
  EXPECT_NE(table.serial(second), serial);
}

}  // namespace
}  // namespace osect::observe
