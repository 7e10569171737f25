// A made-up plant whose reports look like a factory's: for tests and for training the dictionary
// that ships.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "sensor/condense/content.h"

namespace osect::condense {

// Same seed, same plant, same traffic. Engineering stations and servers poll controllers at fixed
// cycles, controllers exchange cyclic data, everything does a little name resolution and time
// keeping, and now and then something is new.
class Plant {
 public:
  Plant(std::uint32_t seed, std::size_t cells, std::size_t devices_a_cell);

  // The next minute: what is new in it, then its counters. Minutes run on.
  std::vector<Content> minute();

 private:
  struct Poll {
    observe::ConversationRow conversation;
    std::vector<observe::OperationRow> operations;
    double packets_a_minute = 0;
    double activity = 1;  // share of minutes in which it is seen
    bool is_told = false;
  };

  void add_device(std::size_t cell, std::size_t number);
  void add_poll(const observe::Host& client, const observe::Host& server, std::size_t kind);
  observe::Host host(std::size_t cell, std::size_t number);
  std::uint64_t pick(std::uint64_t least, std::uint64_t most);
  bool chance(double probability);
  void count(Poll& poll, observe::Report& novelty, observe::Report& counters);

  std::mt19937 random_;
  TimeNs now_;
  std::vector<observe::Host> hosts_;
  std::vector<Poll> polls_;
  std::vector<observe::FactRow> facts_;
};

}  // namespace osect::condense
