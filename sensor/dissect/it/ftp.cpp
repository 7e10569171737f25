// FTP: RFC 959, RFC 2389, RFC 4217. The greeting, the system behind it and what is done with files;
// no name of a user, no path, no secret.
#include <algorithm>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/software.h"
#include "sensor/dissect/text_line.h"

namespace osect::dissect::ftp {
namespace {

using text_line::code_of;

constexpr std::uint16_t kPorts[] = {21, 2121};
constexpr std::uint8_t kConfidence = 70;
constexpr std::uint8_t kSystemConfidence = 65;
constexpr std::uint8_t kSeenConfidence = 95;
constexpr std::size_t kCommandBytesMax = 4;

// Reply codes, RFC 959 clause 4.2.
constexpr unsigned kSystemType = 215;
constexpr unsigned kServiceReady = 220;
constexpr unsigned kSecurityAccepted = 234;  // RFC 4217 clause 4: TLS begins
constexpr unsigned kFirstFailure = 400;

// The flow's word of memory. Above its flags the commands are counted: a reply answers the last
// one, also where the mirror lost some (RFC 959 clause 5.4 lets nobody send before he has his
// reply).
enum Memory : std::uint32_t {
  named = 1,      // a user of whom a password is a secret
  encrypted = 2,  // the rest is TLS
  command = 4,    // the first of the counter's bits
};

constexpr Function kFunctions[] = {
    {code_of("USER"), "user_name", Access::session},
    {code_of("PASS"), "password", Access::session},
    {code_of("ACCT"), "account", Access::session},
    {code_of("AUTH"), "authentication_mechanism", Access::session},
    {code_of("PBSZ"), "protection_buffer_size", Access::session},
    {code_of("PROT"), "data_channel_protection_level", Access::session},
    {code_of("REIN"), "reinitialize", Access::session},
    {code_of("QUIT"), "logout", Access::session},
    {code_of("NOOP"), "noop", Access::session},
    {code_of("PORT"), "data_port", Access::session},
    {code_of("EPRT"), "extended_data_port", Access::session},
    {code_of("PASV"), "passive", Access::session},
    {code_of("EPSV"), "extended_passive", Access::session},
    {code_of("TYPE"), "representation_type", Access::session},
    {code_of("MODE"), "transfer_mode", Access::session},
    {code_of("STRU"), "file_structure", Access::session},
    {code_of("REST"), "restart", Access::session},
    {code_of("ABOR"), "abort", Access::session},
    {code_of("OPTS"), "options", Access::session},
    {code_of("CWD"), "change_working_directory", Access::session},
    {code_of("CDUP"), "change_to_parent_directory", Access::session},
    {code_of("PWD"), "print_working_directory", Access::read},
    {code_of("LIST"), "list", Access::read},
    {code_of("NLST"), "name_list", Access::read},
    {code_of("MLSD"), "list_directory", Access::read},
    {code_of("MLST"), "list_file", Access::read},
    {code_of("SIZE"), "file_size", Access::read},
    {code_of("MDTM"), "file_modification_time", Access::read},
    {code_of("RETR"), "retrieve", Access::read},
    {code_of("STOR"), "store", Access::write},
    {code_of("STOU"), "store_unique", Access::write},
    {code_of("APPE"), "append", Access::write},
    {code_of("ALLO"), "allocate", Access::write},
    {code_of("RNFR"), "rename_from", Access::write},
    {code_of("RNTO"), "rename_to", Access::write},
    {code_of("DELE"), "delete", Access::write},
    {code_of("RMD"), "remove_directory", Access::write},
    {code_of("MKD"), "make_directory", Access::write},
    {code_of("SITE"), "site_parameters", Access::config},
    {code_of("SYST"), "system", Access::identity},
    {code_of("FEAT"), "features", Access::identity},
    {code_of("STAT"), "status", Access::identity},
    {code_of("HELP"), "help", Access::identity},
};

void write_code(Writer& to, std::uint32_t code) {
  for (int shift = 24; shift >= 0; shift -= 8)
    if (const auto c = static_cast<char>(code >> shift & 0xff); c != '\0') to.put(c);
}

// Null where the line begins with no command: it may be anything, a secret too.
const Function* find_command(std::string_view line) {
  const auto word = text_line::word(line);
  if (word.empty() || word.size() > kCommandBytesMax) return nullptr;
  const auto* const at = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                      [&](const Function& f) { return f.code == code_of(word); });
  return at == std::end(kFunctions) ? nullptr : at;
}

Verdict probe(Cursor in, const Context&) {
  const auto text = text_line::text_of(in);
  if (text_line::reply_code(text) != 0) return Verdict::yes;
  const auto word = text.substr(0, text.find_first_of(" \r\n"));
  if (word.size() < text.size()) return find_command(word) != nullptr ? Verdict::yes : Verdict::no;
  return text.size() <= kCommandBytesMax ? Verdict::maybe : Verdict::no;
}

Framing frame(Cursor in, const Context& context) {
  if ((*context.memory & Memory::encrypted) != 0) return Framing::kAnotherProtocol;
  const auto text = text_line::text_of(in);
  const bool is_reply = text_line::reply_code(text) != 0;
  const std::size_t length = is_reply ? text_line::reply_length(text) : text_line::length(text);
  if (length == 0 && !is_reply && text.size() > text_line::kBytesMax) return Framing::kNotAMessage;
  return length;
}

// What a reply of one line or several says, on one line.
void add_greeting(std::string_view reply, Collected& facts) {
  constexpr std::size_t kCode = 4;  // with the blank or hyphen behind it
  const auto whole = facts.keep([&](Writer& to) {
    while (!reply.empty() && to.size() < Collected::kValueBytesMax) {
      auto line = text_line::first(reply);
      reply.remove_prefix(text_line::length(reply));
      if (text_line::reply_code(line) != 0) line.remove_prefix(std::min(kCode, line.size()));
      line = trimmed(line);
      if (!line.empty()) (to.size() > 0 ? to.put(' ') : to).printable(line);
    }
  });
  facts.add_raw(about_sender("server_software", kConfidence), whole);
  software::collect(facts, about_sender("", kSystemConfidence), whole);
}

void read_reply(Cursor in, unsigned code, std::uint32_t& memory, Out& out) {
  const auto line = text_line::first(text_line::text_of(in));
  const auto said = line.substr(std::min<std::size_t>(4, line.size()));
  Collected facts;
  out.say_direction(Role::response, in);
  if (memory < Memory::command) {
    if (code == kServiceReady) add_greeting(text_line::text_of(in), facts);
    facts.say(out, in);
    return;
  }
  if (code == kSystemType) {
    facts.add_raw(about_sender("system_type", kConfidence), said);
    software::collect(facts, about_sender("", kSystemConfidence), said);
  }
  if (code == kSecurityAccepted) memory |= Memory::encrypted;
  facts.say(out, in);
  // A mark that another reply follows (RFC 959 clause 4.2, 1yz) answers nothing yet.
  if (code < 200 || !out.asked(memory / Memory::command)) return;
  out.say(Operation{.role = Role::response,
                    .function = {},
                    .code = {},
                    .target = {},
                    .is_error = code >= kFirstFailure,
                    .transaction = memory / Memory::command},
          in);
}

void read_command(Cursor in, std::uint32_t& memory, Out& out) {
  const auto line = text_line::first(text_line::text_of(in));
  const Function* const command = find_command(line);
  memory += Memory::command;
  if (command == nullptr) {
    out.check(in);
    return;
  }
  out.say_direction(Role::request, in);
  if (command->code == code_of("USER")) {
    const auto user = text_line::behind_word(line);
    memory &= ~std::uint32_t{Memory::named};
    if (user != "anonymous" && user != "ftp") memory |= Memory::named;
  } else if (command->code == code_of("PASS") && (memory & Memory::named) != 0) {
    Fact login = about_receiver("cleartext_login", kSeenConfidence);
    login.value = "FTP";
    out.say(login, in);
  }
  Text<kCommandBytesMax> code;
  write_code(code, command->code);
  out.say(Operation{.role = Role::request,
                    .function = command->name,
                    .code = code.text(),
                    .access = command->access,
                    .target = {},
                    .transaction = memory / Memory::command},
          in);
}

void dissect(Cursor in, const Context& context, Out& out) {
  const unsigned code = text_line::reply_code(text_line::text_of(in));
  if (code != 0)
    read_reply(in, code, *context.memory, out);
  else
    read_command(in, *context.memory, out);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "ftp",
    .title = "FTP",
    .over = over::kTcp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .functions = kFunctions,
    .write_code = write_code,
    .facts = "server_software system_type os vendor cleartext_login",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::ftp
