// The domains of their makers' relays, as their manuals ask firewalls to let through.
#include "sensor/dissect/remote_tools.h"

#include "sensor/dissect/http_message.h"

namespace osect::dissect::remote_tools {
namespace {

struct Tool {
  std::string_view domain;
  std::string_view name;
};
constexpr Tool kTools[] = {
    {"teamviewer.com", "TeamViewer"},
    {"anydesk.com", "AnyDesk"},
    {"rustdesk.com", "RustDesk"},
    {"logmein.com", "LogMeIn"},
    {"logmeininc.com", "LogMeIn"},
    {"logmeinrescue.com", "LogMeIn Rescue"},
    {"gotomypc.com", "GoToMyPC"},
    {"remotedesktop.google.com", "Chrome Remote Desktop"},
    {"remotedesktop-pa.googleapis.com", "Chrome Remote Desktop"},
    {"splashtop.com", "Splashtop"},
    {"splashtop.eu", "Splashtop"},
    {"realvnc.com", "RealVNC Connect"},
    {"vnc.com", "RealVNC Connect"},
    {"dwservice.net", "DWService"},
    {"ultraviewer.net", "UltraViewer"},
    {"islonline.net", "ISL Online"},
    {"islonline.com", "ISL Online"},
    {"assist.zoho.com", "Zoho Assist"},
    {"zohoassist.com", "Zoho Assist"},
    {"supremocontrol.com", "Supremo"},
    {"screenconnect.com", "ConnectWise ScreenConnect"},
    {"beyondtrustcloud.com", "BeyondTrust"},
    {"bomgarcloud.com", "BeyondTrust"},
    {"parsec.app", "Parsec"},
    {"talk2m.com", "Ewon Talk2M"},
    {"secomea.com", "Secomea"},
    {"ixon.net", "IXON"},
    {"ixon.cloud", "IXON"},
    {"tosibox.com", "Tosibox"},
};

}  // namespace

std::string_view of_host(std::string_view host) {
  for (const Tool& tool : kTools) {
    if (host.size() < tool.domain.size()) continue;
    const std::size_t before = host.size() - tool.domain.size();
    if (before > 0 && host[before - 1] != '.') continue;
    if (http_message::equals_ignoring_case(host.substr(before), tool.domain)) return tool.name;
  }
  return {};
}

}  // namespace osect::dissect::remote_tools
