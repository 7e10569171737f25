// The flow table while it grows: every flow is found, in the order of its list, and none that left.
#include "sensor/decode/flow_table.h"

#include <gtest/gtest.h>

namespace osect::decode {
namespace {

FlowKey key_of(std::uint64_t number) {
  FlowKey key;
  key.meta = flow_kind::kIpv4 << 4;
  key.first = number;
  return key;
}

TEST(FlowTable, finds_every_flow_while_it_grows_to_its_limit) {
  constexpr std::uint64_t kFlows = 5'000;
  const HashSeed seed = HashSeed::random();
  FlowTable table(kFlows, seed);
  const auto find = [&](std::uint64_t number) {
    return table.find(key_of(number), hash_of(key_of(number), seed));
  };
  for (std::uint64_t i = 0; i < kFlows; ++i) {
    ASSERT_FALSE(table.is_full());
    table.insert(key_of(i), hash_of(key_of(i), seed), Patience::datagram, static_cast<TimeNs>(i));
  }
  EXPECT_TRUE(table.is_full());
  for (std::uint64_t i = 0; i < kFlows; i += 2) table.erase(*find(i));
  for (std::uint64_t i = 0; i < kFlows; ++i) {
    const FlowTable::Entry* entry = find(i);
    ASSERT_EQ(entry != nullptr, i % 2 == 1) << i;
    if (entry != nullptr) {
      ASSERT_EQ(entry->key.first, i);
    }
  }
  std::uint64_t next = 1;
  for (FlowTable::Entry* entry = table.oldest(Patience::datagram); entry != nullptr;
       entry = table.newer(*entry), next += 2)
    ASSERT_EQ(entry->key.first, next);
  EXPECT_EQ(next, kFlows + 1);
}

}  // namespace
}  // namespace osect::decode
