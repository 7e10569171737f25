// Makers of gateways, routers and controllers; those of lamps and blinds keep their number.
#include "sensor/dissect/knx_names.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace osect::dissect::knx_names {
namespace {

struct Manufacturer {
  std::uint16_t number;
  std::string_view name;
};

constexpr Manufacturer kManufacturers[] = {
    {1, "Siemens"},
    {2, "ABB"},
    {4, "Albrecht Jung"},
    {5, "BTicino"},
    {6, "Berker"},
    {7, "Busch-Jaeger Elektro"},
    {8, "Gira Giersiepen"},
    {9, "Hager Electro"},
    {10, "Insta"},
    {11, "Legrand"},
    {12, "Merten"},
    {22, "Siedle"},
    {25, "Gewiss"},
    {29, "ABB Schweiz"},
    {30, "Feller"},
    {42, "Simon"},
    {44, "Vimar"},
    {45, "Moeller Gebäudeautomation"},
    {46, "Eltako"},
    {55, "Zumtobel"},
    {57, "Phoenix Contact"},
    {61, "WAGO"},
    {72, "Theben"},
    {113, "Zennio"},
    {128, "ESYLUX"},
    {131, "MDT technologies"},
    {197, "Weinzierl Engineering"},
    {200, "B.E.G."},
    {201, "Elsner Elektronik"},
    {202, "Siemens Building Technologies (HK/China)"},
    {219, "Danfoss"},
    {225, "Lingg & Janke"},
    {227, "Sauter"},
    {232, "Theben HTS"},
    {239, "IPAS"},
    {246, "Tridonic"},
    {249, "Schneider Electric (MG)"},
    {250, "KNX Association"},
    {253, "Siemens HVAC"},
    {299, "NETxAutomation"},
    {309, "Simon"},
    {332, "Acrel"},
    {335, "Schrack Technik"},
    {345, "Thermokon Sensortechnik"},
    {346, "Belimo"},
    {354, "MEAN WELL"},
    {362, "LG Electronics"},
    {371, "Finder"},
    {394, "CAREL"},
    {412, "Johnson Controls"},
    {416, "BAB Technologie"},
    {428, "SUPCON"},
    {440, "CODESYS"},
    {445, "myGEKKO"},
    {463, "Robot"},
    {470, "Control4"},
    {504, "EisBär SCADA"},
    {509, "Bosch Rexroth"},
    {522, "Honeywell Automation Solution Control (China)"},
    {527, "Lunatone"},
    {538, "Neuberger Gebäudeautomation"},
    {540, "Berghof Automation"},
};

}  // namespace

void write_individual(Writer& to, std::uint16_t address) {
  to.decimal(address >> 12).put('.').decimal(address >> 8 & 0xfU).put('.').decimal(address & 0xffU);
}

void write_group(Writer& to, std::uint16_t address) {
  to.decimal(address >> 11).put('/').decimal(address >> 8 & 7U).put('/').decimal(address & 0xffU);
}

void write_name(Writer& to, std::string_view raw) {
  for (const char c : trimmed(raw.substr(0, raw.find('\0')))) {
    const auto byte = static_cast<unsigned char>(c);
    const std::array<char, 2> above = {static_cast<char>(0xc0 | byte >> 6),
                                       static_cast<char>(0x80 | (byte & 0x3f))};
    to.printable(byte < 0x80 ? std::string_view(&c, 1) : std::string_view(above.data(), 2));
  }
}

std::string_view find_manufacturer(std::uint16_t number) {
  const auto* const at = std::lower_bound(
      std::begin(kManufacturers), std::end(kManufacturers), number,
      [](const Manufacturer& maker, std::uint16_t wanted) { return maker.number < wanted; });
  return at != std::end(kManufacturers) && at->number == number ? at->name : std::string_view();
}

}  // namespace osect::dissect::knx_names
