// Notes of flows: replaced under their key, bounded for each flow and over all of them.
#include "sensor/dissect/notes.h"

#include <gtest/gtest.h>

namespace osect::dissect {
namespace {

TEST(Notes, StandUnderTheirKeysUntilForgotten) {
  Pool<Note> pool(8);
  NoteList list;
  Notes notes(pool, list);
  notes.keep(1, 10);
  notes.keep(2, 20);
  notes.keep(1, 11);
  EXPECT_EQ(notes.find(1), 11U);
  EXPECT_EQ(notes.find(2), 20U);
  EXPECT_EQ(notes.find(3), std::nullopt);
  EXPECT_EQ(pool.in_use(), 2U);
  notes.forget();
  EXPECT_EQ(notes.find(1), std::nullopt);
  EXPECT_EQ(pool.in_use(), 0U);
}

TEST(Notes, TheOldestOfAFlowGoesWhenItHasTooMany) {
  Pool<Note> pool(100);
  NoteList list;
  Notes notes(pool, list);
  for (std::uint32_t key = 0; key < kNotesMax + 3; ++key) notes.keep(key, key);
  EXPECT_EQ(pool.in_use(), kNotesMax);
  EXPECT_EQ(notes.find(2), std::nullopt);
  EXPECT_EQ(notes.find(3), 3U);
}

TEST(Notes, AFlowWithoutAnyKeepsNoneWhenOthersHaveThemAll) {
  Pool<Note> pool(2);
  NoteList first;
  NoteList second;
  Notes rich(pool, first);
  Notes poor(pool, second);
  rich.keep(1, 1);
  rich.keep(2, 2);
  poor.keep(3, 3);
  rich.keep(4, 4);
  EXPECT_EQ(poor.find(3), std::nullopt);
  EXPECT_EQ(rich.find(1), std::nullopt);
  EXPECT_EQ(rich.find(4), 4U);
}

TEST(Notes, OfNobodyAreNotKept) {
  Notes notes;
  notes.keep(1, 1);
  EXPECT_FALSE(notes.is_of_a_flow());
  EXPECT_EQ(notes.find(1), std::nullopt);
}

}  // namespace
}  // namespace osect::dissect
