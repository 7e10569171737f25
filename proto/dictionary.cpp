// The file itself, taken in by the assembler.
#include "proto/dictionary.h"

asm(".section .rodata\n"
    ".balign 16\n"
    "osect_records_dictionary_begin: .incbin \"" OSECT_RECORDS_DICTIONARY
    "\"\n"
    "osect_records_dictionary_end:\n"
    ".globl osect_records_dictionary_begin, osect_records_dictionary_end\n"
    ".previous\n");

extern "C" {
extern const char osect_records_dictionary_begin[];
extern const char osect_records_dictionary_end[];
}

namespace osect {

std::string_view records_dictionary() {
  return {osect_records_dictionary_begin,
          static_cast<std::size_t>(osect_records_dictionary_end - osect_records_dictionary_begin)};
}

}  // namespace osect
