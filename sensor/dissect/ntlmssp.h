// NTLMSSP: MS-NLMP clause 2.2.1. What both sides of an authentication say of their machines,
// wherever it travels; users and what proves them are not looked at.
#pragma once

#include <string_view>

#include "sensor/dissect/collected.h"

namespace osect::dissect::ntlmssp {

// The message that begins here, about its sender: os, os_build, host_name, fqdn, workgroup,
// dns_domain. Nothing for bytes that are none.
void collect(Cursor message, Collected& facts);

// The message somewhere in a token of GSS-API, whose DER wraps it (MS-SPNG).
void collect_from_token(Cursor token, Collected& facts);

// The same in the credentials of an HTTP header: "NTLM TlRMTVNTUAAC..." (RFC 4559 clause 4).
void collect_from_header(std::string_view credentials, Collected& facts);

}  // namespace osect::dissect::ntlmssp
