// Makes proto/records.zdict anew: `train OUT`. Trained on made-up plants only, so that it carries
// nobody's data.
#include <zdict.h>

#include <fstream>
#include <iostream>

#include "osect/v1/record.pb.h"
#include "sensor/condense/pack.h"
#include "sensor/condense/plant/plant.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: train OUT\n";
    return 2;
  }
  constexpr std::size_t kDictionaryBytes = 24 << 10;
  std::string samples;
  std::vector<std::size_t> sizes;
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    osect::condense::Plant plant(seed, 1 + seed % 6, 6 + seed % 25);
    osect::condense::Dictionary dictionary;
    osect::condense::References references;
    for (int minute = 0; minute < 40; ++minute) {
      for (const auto& content : plant.minute()) {
        osect::v1::Records records;
        osect::condense::pack(content, dictionary, references, records);
        const auto sample = records.SerializeAsString();
        samples += sample;
        sizes.push_back(sample.size());
      }
    }
  }
  std::string dictionary(kDictionaryBytes, '\0');
  const auto size = ZDICT_trainFromBuffer(dictionary.data(), dictionary.size(), samples.data(),
                                          sizes.data(), static_cast<unsigned>(sizes.size()));
  if (ZDICT_isError(size) != 0) {
    std::cerr << "train: " << ZDICT_getErrorName(size) << "\n";
    return 1;
  }
  std::ofstream(argv[1], std::ios::binary) << dictionary.substr(0, size);
  std::cout << sizes.size() << " samples, " << samples.size() << " bytes, dictionary " << size
            << " bytes\n";
}
