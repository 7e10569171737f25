# How every folder of the arrow is built: language level, warnings, sanitizers, one library and one test program per folder.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
# Full debug information of the gRPC and Beast headers costs a third of the build time; lines are enough.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1 -DNDEBUG -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong")

find_program(OSECT_CCACHE ccache)
if(OSECT_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${OSECT_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${OSECT_CCACHE})
endif()
find_program(OSECT_MOLD mold)
if(OSECT_MOLD AND NOT OSECT_FUZZ)
  add_link_options(-fuse-ld=mold)
endif()

find_package(Threads REQUIRED)
find_package(Protobuf 3.21 REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(spdlog REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(PCAP REQUIRED IMPORTED_TARGET libpcap)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(HYPERSCAN REQUIRED IMPORTED_TARGET libhs)
pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET libpcre2-8)
pkg_check_modules(TOMLPLUSPLUS REQUIRED IMPORTED_TARGET tomlplusplus)
if(NOT OSECT_FUZZ)
  find_package(gRPC CONFIG REQUIRED)
  find_package(PostgreSQL REQUIRED)
endif()

add_library(osect_options INTERFACE)
target_compile_definitions(osect_options INTERFACE _GLIBCXX_ASSERTIONS OSECT_VERSION="${PROJECT_VERSION}")
target_compile_options(osect_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wold-style-cast
  -Wnon-virtual-dtor -Wimplicit-fallthrough -Werror)
# What is cleared or copied for each packet is 40 to 300 bytes: left to itself gcc takes `rep stos` and `rep movs` for that,
# which need 30 cycles to begin (a factory's day: part of 3 % of the time, together with addresses written in place and
# facts that are not cleared).
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_SYSTEM_PROCESSOR STREQUAL x86_64)
  target_compile_options(osect_options INTERFACE
    -mmemset-strategy=unrolled_loop:256:noalign,libcall:-1:noalign
    -mmemcpy-strategy=unrolled_loop:256:noalign,libcall:-1:noalign)
endif()
target_include_directories(osect_options INTERFACE ${PROJECT_SOURCE_DIR})
if(OSECT_SANITIZE)
  target_compile_options(osect_options INTERFACE
    -fsanitize=${OSECT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(osect_options INTERFACE -fsanitize=${OSECT_SANITIZE})
endif()
if(OSECT_FUZZ)
  target_compile_options(osect_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

if(OSECT_TESTS)
  enable_testing()
  find_package(GTest REQUIRED)
  include(GoogleTest)
endif()

# osect_folder(<name> LINK <libraries...> [TEST_LINK <libraries...>] [TEST_ONCE])
# One folder of the arrow: every .cpp of it becomes the static library osect_<name>; every x_test.cpp beside the
# code becomes the test program <name>_test, each of whose cases ctest runs by itself. TEST_ONCE: all cases in one
# run, for programs whose cases share something dear, such as a PostgreSQL cluster.
function(osect_folder name)
  cmake_parse_arguments(FOLDER "TEST_ONCE" "" "LINK;TEST_LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cpp *.h)
  file(GLOB tests CONFIGURE_DEPENDS *_test.cpp)
  file(GLOB fuzzers CONFIGURE_DEPENDS *_fuzz.cpp)
  list(REMOVE_ITEM sources ${tests} ${fuzzers} "")
  add_library(osect_${name} STATIC ${sources})
  set_target_properties(osect_${name} PROPERTIES LINKER_LANGUAGE CXX)
  target_link_libraries(osect_${name} PUBLIC osect_options ${FOLDER_LINK})
  if(OSECT_TESTS AND tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE osect_${name} ${FOLDER_TEST_LINK} GTest::gtest_main GTest::gmock)
    if(FOLDER_TEST_ONCE)
      add_test(NAME ${name} COMMAND ${name}_test WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    else()
      gtest_discover_tests(${name}_test TEST_PREFIX ${name}. DISCOVERY_TIMEOUT 120
        WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    endif()
  endif()
endfunction()

# osect_fuzz(<name> [SOURCE <file>] [DEFINE <definitions...>] LINK <libraries...>)
# The libFuzzer program fuzz_<name> of <name>_fuzz.cpp, or of SOURCE when several targets share one driver. Only in the
# fuzz preset.
function(osect_fuzz name)
  cmake_parse_arguments(FUZZ "" "SOURCE" "DEFINE;LINK" ${ARGN})
  if(NOT OSECT_FUZZ)
    return()
  endif()
  if(NOT FUZZ_SOURCE)
    set(FUZZ_SOURCE ${name}_fuzz.cpp)
  endif()
  add_executable(fuzz_${name} ${FUZZ_SOURCE})
  target_compile_definitions(fuzz_${name} PRIVATE ${FUZZ_DEFINE})
  target_link_libraries(fuzz_${name} PRIVATE osect_options ${FUZZ_LINK})
  target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
endfunction()
