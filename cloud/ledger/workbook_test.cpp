// Files as customers have them, and files that are none.
#include "cloud/ledger/workbook.h"

#include <gtest/gtest.h>
#include <xlsxwriter.h>
#include <zip.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

#include "base/file.h"
#include "cloud/ledger/entry.h"
#include "cloud/ledger/number_format.h"
#include "cloud/ledger/values.h"

namespace osect::ledger {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string temporary_file() {
  std::string path = (std::filesystem::temp_directory_path() / "osect_ledger_XXXXXX").string();
  const int file = ::mkstemp(path.data());
  EXPECT_GE(file, 0);
  ::close(file);
  return path;
}

std::string xlsx(const std::function<void(lxw_workbook*, lxw_worksheet*)>& fill) {
  const std::string path = temporary_file();
  lxw_workbook* workbook = workbook_new(path.c_str());
  fill(workbook, workbook_add_worksheet(workbook, "機器一覧"));
  EXPECT_EQ(workbook_close(workbook), LXW_NO_ERROR);
  const auto bytes = read_file(path);
  std::filesystem::remove(path);
  return bytes.value();
}

std::string zipped(const std::vector<std::pair<std::string, std::string>>& parts) {
  const std::string path = temporary_file();
  std::filesystem::remove(path);
  zip_t* zip = zip_open(path.c_str(), ZIP_CREATE, nullptr);
  for (const auto& [name, content] : parts)
    zip_file_add(zip, name.c_str(), zip_source_buffer(zip, content.data(), content.size(), 0), 0);
  EXPECT_EQ(zip_close(zip), 0);
  const auto bytes = read_file(path);
  std::filesystem::remove(path);
  return bytes.value();
}

std::string complaint(const std::string& bytes) {
  const auto read = read_workbook(bytes);
  EXPECT_FALSE(read);
  return read ? "" : sentence(read.error());
}

TEST(Csv, Utf8WithAndWithoutMarkAndShiftJisReadTheSame) {
  const Rows wanted{{"デバイス名", "備考"}, {"①号機㈱髙橋～", "改行\nあり"}, {"", "二重\"引用"}};
  const std::string utf8 =
      "デバイス名,備考\r\n①号機㈱髙橋～,\"改行\nあり\"\r\n,\"二重\"\"引用\"\r\n";
  // The same bytes as Excel saves them in Japan.
  const std::string windows =
      "\x83\x66\x83\x6f\x83\x43\x83\x58\x96\xbc,"
      "\x94\xf5\x8d\x6c\r\n\x87\x40\x8d\x86\x8b\x40\x87\x8a"
      "\xfb\xfc\x8b\xb4\x81\x60,\"\x89\xfc\x8d\x73\n\x82\xa0\x82\xe8\"\r\n,"
      "\"\x93\xf1\x8f\x64\"\"\x88"
      "\xf8\x97\x70\"\r\n";
  for (const auto& [bytes, encoding] :
       {std::pair{utf8, "UTF-8"}, std::pair{"\xEF\xBB\xBF" + utf8, "UTF-8"},
        std::pair{windows, "Shift_JIS"}}) {
    const auto read = read_workbook(bytes);
    ASSERT_TRUE(read) << sentence(read.error());
    EXPECT_EQ(read->sheets.front().rows, wanted);
    EXPECT_EQ(read->encoding, encoding);
  }
  EXPECT_EQ(read_workbook("名前;IP\n制御盤;10.0.0.1\n")->sheets.front().rows[1],
            (std::vector<std::string>{"制御盤", "10.0.0.1"}));
}

TEST(Csv, WhatCannotBeReadSaysTheLine) {
  EXPECT_NE(complaint("name,ip\nok,10.0.0.1\n\xff\xff\xff,x\n").find("Line 3"), std::string::npos);
  EXPECT_NE(complaint("name\nok\n\"never closed,1\n").find("line 3"), std::string::npos);
  EXPECT_NE(complaint(std::string("\xff\xfen\0a\0", 6)).find("CSV UTF-8"), std::string::npos);
  EXPECT_NE(complaint("").find("empty"), std::string::npos);
}

TEST(Xlsx, CellsAreReadAsTheyAreSeen) {
  const auto bytes = xlsx([](lxw_workbook* book, lxw_worksheet* sheet) {
    lxw_format* date = workbook_add_format(book);
    format_set_num_format(date, "yyyy\"年\"m\"月\"d\"日\"");
    worksheet_merge_range(sheet, 0, 0, 0, 2, "設備台帳", nullptr);
    worksheet_write_string(sheet, 2, 0, "機器名", nullptr);
    worksheet_write_string(sheet, 2, 1, "導入日", nullptr);
    worksheet_write_string(sheet, 2, 2, "号機", nullptr);
    worksheet_write_string(sheet, 3, 0, "プレス<1>", nullptr);
    worksheet_write_number(sheet, 3, 1, 46349, date);
    worksheet_write_number(sheet, 3, 2, 12, nullptr);
    worksheet_write_formula_num(sheet, 4, 2, "=C4/8", nullptr, 1.5);
    worksheet_write_boolean(sheet, 4, 0, 1, nullptr);
  });
  const auto read = read_workbook(bytes);
  ASSERT_TRUE(read) << sentence(read.error());
  EXPECT_EQ(read->sheets.front().name, "機器一覧");
  EXPECT_EQ(read->sheets.front().rows, (Rows{{"設備台帳", "設備台帳", "設備台帳"},
                                             {},
                                             {"機器名", "導入日", "号機"},
                                             {"プレス<1>", "2026-11-23", "12"},
                                             {"TRUE", "", "1.5"}}));
}

TEST(Xlsx, FilesThatAreNoneSayWhatToDo) {
  std::string old_excel = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
  EXPECT_NE(complaint(old_excel + std::string(600, '\0')).find(".xlsx"), std::string::npos);
  const std::string name("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0", 32);
  EXPECT_NE(complaint(old_excel + name).find("encrypted"), std::string::npos);
  EXPECT_NE(complaint(zipped({{"a.txt", "hello"}})).find("no Excel workbook"), std::string::npos);
  EXPECT_NE(complaint("PK\x03\x04 and then nothing of a zip").find("damaged"), std::string::npos);
}

// Every prefix of a workbook, and every byte of it changed: refused or read, never more than that.
TEST(Xlsx, DamageIsSurvived) {
  const auto whole = xlsx([](lxw_workbook*, lxw_worksheet* sheet) {
    worksheet_write_string(sheet, 0, 0, "機器名", nullptr);
    worksheet_write_string(sheet, 1, 0, "プレス", nullptr);
  });
  int refused = 0;
  for (std::size_t i = 4; i < whole.size(); i += 7) {
    if (!read_workbook(whole.substr(0, i))) ++refused;
    std::string changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 0x5a);
    if (!read_workbook(changed)) ++refused;
  }
  EXPECT_GT(refused, 100);
}

TEST(Xlsx, ABombAndEntitiesAreRefused) {
  const std::string rels =
      R"(<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>)";
  const std::string sheets =
      R"(<Relationships><Relationship Id="r1" Type="x/worksheet" Target="s.xml"/></Relationships>)";
  const std::string book = R"(<workbook><sheets><sheet name="a" id="r1"/></sheets></workbook>)";
  const auto with_sheet = [&](const std::string& sheet) {
    return zipped({{"_rels/.rels", rels},
                   {"xl/workbook.xml", book},
                   {"xl/_rels/workbook.xml.rels", sheets},
                   {"xl/s.xml", sheet}});
  };
  EXPECT_TRUE(read_workbook(with_sheet(
      R"(<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>)")));
  const auto bomb = with_sheet("<worksheet>" + std::string(200U << 20, ' ') + "</worksheet>");
  ASSERT_LT(bomb.size(), 1U << 20);
  EXPECT_NE(complaint(bomb).find("unpacks to more than"), std::string::npos);
  EXPECT_NE(complaint(with_sheet(R"(<!DOCTYPE a [<!ENTITY b "c">]><worksheet>&b;</worksheet>)"))
                .find("damaged"),
            std::string::npos);
  EXPECT_NE(
      complaint(with_sheet(R"(<worksheet><sheetData><row r="30000"><c r="A30000"><v>1</v></c>)"
                           R"(</row></sheetData></worksheet>)"))
          .find("more than 20000 rows"),
      std::string::npos);
}

TEST(NumberFormat, DatesAreTold) {
  for (const char* code : {"yyyy/m/d", "[$-411]ggge\"年\"m\"月\"", "h:mm", "[h]:mm:ss", "m/d/yy;@"})
    EXPECT_TRUE(is_date_format(200, code)) << code;
  for (const char* code : {"0.00", "#,##0\"台\"", "0.00E+00", "\"day\"0", "[Red]0", "General", "@"})
    EXPECT_FALSE(is_date_format(200, code)) << code;
  EXPECT_TRUE(is_date_format(31, ""));  // yyyy"年"m"月"d"日" of Japanese editions
  EXPECT_FALSE(is_date_format(1, ""));
  EXPECT_EQ(date_text(1, false), "1900-01-01");
  EXPECT_EQ(date_text(61, false), "1900-03-01");
  EXPECT_EQ(date_text(46349.5, false), "2026-11-23 12:00:00");
  EXPECT_EQ(date_text(44887, true), "2026-11-23");
  EXPECT_EQ(date_text(0.25, false), "06:00:00");
  EXPECT_EQ(number_text("0.1"), "0.1");
  EXPECT_EQ(number_text("1.0E+3"), "1000");
}

TEST(Values, AddressesInAnyNotation) {
  const auto macs = [](const char* cell) {
    std::string out;
    const auto read = read_macs(cell);
    if (!read) return sentence(read.error());
    for (const auto& mac : *read) out += mac.text() + " ";
    return out;
  };
  for (const char* cell :
       {"00:80:F4:09:51:3B", "0080f4-09513b", "0080.f409.513b", "0080F409513B",
        "００－８０－Ｆ４－０９－５１－３Ｂ", "00 80 f4 09 51 3b", "00‐80‐f4‐09‐51‐3b"})
    EXPECT_EQ(macs(cell), "00:80:f4:09:51:3b ") << cell;
  EXPECT_EQ(macs("00:80:f4:09:51:3b\n00:80:f4:09:51:3c"), "00:80:f4:09:51:3b 00:80:f4:09:51:3c ");
  EXPECT_EQ(macs("0080f409513b、0080f409513c"), "00:80:f4:09:51:3b 00:80:f4:09:51:3c ");
  EXPECT_EQ(macs("なし"), "");
  EXPECT_EQ(macs("00:80:f4:09:51"), "'00:80:f4:09:51' is no MAC address.");

  const auto ips = [](const char* cell) {
    std::string out;
    const auto read = read_ips(cell);
    if (!read) return sentence(read.error());
    for (const auto& ip : *read) out += ip.text() + " ";
    return out;
  };
  EXPECT_EQ(ips("１９２．１６８．１．１０"), "192.168.1.10 ");
  EXPECT_EQ(ips("192.168.001.010/24"), "192.168.1.10 ");
  EXPECT_EQ(ips("10.0.0.0、10.0.0.100\nfe80::1"), "10.0.0.0 10.0.0.100 fe80::1 ");
  EXPECT_EQ(ips("DHCP"), "");
  EXPECT_EQ(ips("192.168.1.300"), "'192.168.1.300' is no IP address.");
}

TEST(Columns, JapaneseAndEnglishHeadersAreGuessed) {
  const std::vector<std::pair<const char*, const char*>> wanted{{"デバイス名", "name"},
                                                                {"MACアドレス", "mac"},
                                                                {"ＭＡＣ", "mac"},
                                                                {"IPアドレス（制御）", "ip"},
                                                                {"設置場所", "place"},
                                                                {"管理者", "owner"},
                                                                {"備考", "notes"},
                                                                {"メーカー名", "vendor"},
                                                                {"型式", "model"},
                                                                {"資産管理番号", "asset_number"},
                                                                {"製造番号", "serial"},
                                                                {"ホスト名", "host_name"},
                                                                {"Device Name", "name"},
                                                                {"MAC Address", "mac"},
                                                                {"IP", "ip"},
                                                                {"OS", "os"},
                                                                {"Location", "place"},
                                                                {"購入日", ""},
                                                                {"positions", ""},
                                                                {"F/W", "firmware"}};
  for (const auto& [header, field] : wanted) EXPECT_EQ(guess_field(header), field) << header;
}

TEST(Entries, BadRowsAreToldAndGoodOnesTaken) {
  Sheet sheet;
  sheet.rows = {{"〇〇工場 ネットワーク機器台帳"},
                {"2026年度", "改訂3"},
                {"No", "機器名", "MAC", "IPアドレス", "設置場所", "点検周期"},
                {"1", "プレスPLC", "00-80-F4-09-51-3B", "192.168.1.10", "1F　東", "毎月"},
                {},
                {"2", "パネル", "00-80-F4-09-51", "192.168.1.11", "1F", ""},
                {"No", "機器名", "MAC", "IPアドレス", "設置場所", "点検周期"},
                {"3", "", "", "", "2F", ""},
                {"4", "", "なし", "192.168.1.13", "", ""}};
  const auto columns = guess_columns(sheet);
  EXPECT_EQ(columns.header_row, 2U);
  EXPECT_EQ(columns.fields, (std::vector<std::string>{"", "name", "mac", "ip", "place", ""}));
  const auto entries = read_entries(sheet, columns);
  ASSERT_EQ(entries.rows.size(), 2U);
  EXPECT_EQ(entries.rows[0].text("name"), "プレスPLC");
  EXPECT_EQ(entries.rows[0].text("place"), "1F 東");
  EXPECT_EQ(entries.rows[0].unknown,
            (std::vector<std::pair<std::string, std::string>>{{"No", "1"}, {"点検周期", "毎月"}}));
  EXPECT_EQ(entries.rows[1].row, 8U);
  ASSERT_EQ(entries.problems.size(), 2U);
  EXPECT_EQ(entries.problems[0].row, 5U);
  EXPECT_EQ(entries.problems[0].column, 2U);
  EXPECT_EQ(sentence(entries.problems[0].what), "'00-80-F4-09-51' is no MAC address.");
  EXPECT_EQ(entries.problems[1].row, 7U);
}

}  // namespace
}  // namespace osect::ledger
