// Names of SQL Server's versions.
#include "sensor/dissect/sql_server.h"

namespace osect::dissect::sql_server {
namespace {

struct Release {
  unsigned major;
  unsigned minor;
  std::string_view name;
};
constexpr Release kReleases[] = {
    {8, 0, "Microsoft SQL Server 2000"},  {9, 0, "Microsoft SQL Server 2005"},
    {10, 0, "Microsoft SQL Server 2008"}, {10, 50, "Microsoft SQL Server 2008 R2"},
    {11, 0, "Microsoft SQL Server 2012"}, {12, 0, "Microsoft SQL Server 2014"},
    {13, 0, "Microsoft SQL Server 2016"}, {14, 0, "Microsoft SQL Server 2017"},
    {15, 0, "Microsoft SQL Server 2019"}, {16, 0, "Microsoft SQL Server 2022"},
    {17, 0, "Microsoft SQL Server 2025"},
};

}  // namespace

void add_version(Collected& facts, std::uint8_t confidence, unsigned major, unsigned minor,
                 unsigned build) {
  for (const Release& release : kReleases)
    if (release.major == major && release.minor == minor)
      facts.add(about_sender("product_name", confidence), release.name);
  facts.add_text(about_sender("server_software", confidence), [&](Writer& to) {
    to.put("Microsoft SQL Server ").decimal(major).put('.').decimal(minor).put('.').decimal(build);
  });
}

}  // namespace osect::dissect::sql_server
