// The cheapest possible reader by libpcap: what every tool that reads files through it pays at
// least. A reference for tests/bench/sensor, no part of the product.
#include <pcap/pcap.h>

#include <array>
#include <cinttypes>
#include <cstdint>
#include <cstdio>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: null_pcap FILE\n");
    return 2;
  }
  std::array<char, PCAP_ERRBUF_SIZE> error{};
  pcap_t* file = pcap_open_offline(argv[1], error.data());
  if (file == nullptr) {
    std::fprintf(stderr, "null_pcap: %s\n", error.data());
    return 2;
  }
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  pcap_pkthdr* header = nullptr;
  const unsigned char* data = nullptr;
  while (pcap_next_ex(file, &header, &data) == 1) {
    ++packets;
    bytes += header->len;
  }
  pcap_close(file);
  std::printf("%" PRIu64 " packets, %" PRIu64 " bytes\n", packets, bytes);
}
