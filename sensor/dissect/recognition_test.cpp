// The index of recognition: whom it asks, in which order, and what every protocol owes it.
#include "sensor/dissect/recognition.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace osect::dissect {
namespace {

int asked = 0;

Verdict never(Cursor, const Context&) {
  ++asked;
  return Verdict::no;
}
Verdict always(Cursor, const Context&) {
  return Verdict::yes;
}
void ignore(Cursor, const Context&, Out&) {}

constexpr std::uint16_t kPort[] = {4711};
constexpr Lead kAbc[] = {{0, {'a', 'b', 'c'}}, {3, {'!'}}};

constexpr Dissector make(std::string_view name, OffPort off_port, std::span<const Lead> leads,
                         Verdict (*probe)(Cursor, const Context&)) {
  return {.name = name,
          .title = name,
          .over = over::kUdp,
          .off_port = off_port,
          .ports = kPort,
          .leads = leads,
          .functions = {},
          .facts = "",
          .probe = probe,
          .frame = nullptr,
          .dissect = ignore};
}

std::span<const std::uint8_t> bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

Recognition recognise(const Recogniser& recogniser, std::string_view text, std::uint16_t port) {
  Context context;
  context.over = over::kUdp;
  context.source_port = 50'000;
  context.destination_port = port;
  return recogniser.recognise(bytes(text), context);
}

// With forty protocols in the list, what a datagram of none of them costs must not be forty calls.
TEST(Recognition, AsksNobodyWhoseLeadsOrPortsDoNotFit) {
  const Dissector strong = make("strong", OffPort::strong, kAbc, never);
  const Dissector at_home = make("at_home", OffPort::never, {}, never);
  std::vector<const Dissector*> list(60, &strong);
  list.resize(120, &at_home);
  const Recogniser recogniser(list);
  asked = 0;
  EXPECT_EQ(recognise(recogniser, "xyz!", 9).certainty, Certainty::nothing);
  EXPECT_EQ(recognise(recogniser, "abc?", 9).certainty, Certainty::nothing);
  EXPECT_EQ(asked, 0);
  recognise(recogniser, "abc!", 9);
  EXPECT_EQ(asked, 60);
  asked = 0;
  recognise(recogniser, "xyz?", 4711);
  EXPECT_EQ(asked, 120);
}

TEST(Recognition, BytesTooFewForALeadStillCount) {
  const Dissector strong = make("strong", OffPort::strong, kAbc, always);
  const std::array list{&strong};
  EXPECT_EQ(recognise(Recogniser(list), "ab", 9).dissector, &strong);
}

TEST(Recognition, TheListsOrderDecidesAmongEquals) {
  const Dissector first = make("first", OffPort::weak, kAbc, always);
  const Dissector second = make("second", OffPort::strong, kAbc, always);
  const Dissector third = make("third", OffPort::strong, kAbc, always);
  const std::array list{&first, &second, &third};
  const Recogniser recogniser(list);
  EXPECT_EQ(recognise(recogniser, "abc!", 4711).dissector, &first);
  const Recognition off_port = recognise(recogniser, "abc!", 9);
  EXPECT_EQ(off_port.dissector, &second);
  EXPECT_EQ(off_port.certainty, Certainty::proven);
}

// As a capture shows it that begins in the middle: found by fuzzing.
TEST(Recognition, AConnectionAndItsFirstMessageInOnePieceAreHeardOnAnyPort) {
  const std::string connect(
      "\x03\x00\x00\x16\x11\xe0\x00\x00\x00\x01\x00"
      "\xc0\x01\x0a\xc1\x02\x01\x00\xc2\x02\x01\x02",
      22);
  const std::string setup(
      "\x03\x00\x00\x19\x02\xf0\x80\x32\x01\x00\x00\x00\x0a\x00\x08\x00\x00"
      "\xf0\x00\x00\x01\x00\x01\x01\xe0",
      25);
  Context context;
  context.over = over::kTcp;
  const std::string both = connect + setup;
  const Recognition found = Recogniser::of_all().recognise(bytes(both), context);
  EXPECT_EQ(found.certainty, Certainty::proven);
  ASSERT_NE(found.dissector, nullptr);
  EXPECT_EQ(found.dissector->name, "s7comm");
}

TEST(Recognition, EveryProtocolSpokenOnAnyPortHasLeads) {
  for (const Dissector* dissector : dissectors()) {
    if (dissector->off_port == OffPort::never) continue;
    EXPECT_FALSE(dissector->leads.empty())
        << dissector->name << " is trusted off its ports, but would be asked about every flow: "
        << "give it leads (docs/adding-a-protocol.md)";
  }
}

}  // namespace
}  // namespace osect::dissect
