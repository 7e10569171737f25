// What is written by hand must read like what the JSON library writes.
#include "cloud/api/json_text.h"

#include <gtest/gtest.h>

#include "cloud/api/json.h"

namespace osect::api {
namespace {

TEST(JsonText, reads_like_the_librarys) {
  JsonText text;
  text.open('{').key("items").open('[');
  text.open('{').key("id").id(9007199254740993).key("none").null().close('}');
  text.number(-3).truth(true).truth(false).open('[').close(']');
  text.close(']').key("name").text("保全\"PC\"\n\x01\\").key("empty").text_or_null("").close('}');
  const Json read = Json::parse(text.take().body);
  EXPECT_EQ(read, Json::parse(R"({"items": [{"id": "9007199254740993", "none": null}, -3, true,
    false, []], "name": "保全\"PC\"\n\u0001\\", "empty": null})"));
}

TEST(JsonText, a_name_that_is_no_utf8_stays_json) {
  JsonText text;
  text.open('[').text("PLC\xff").close(']');
  EXPECT_EQ(Json::parse(text.take().body)[0], "PLC\xef\xbf\xbd");
}

}  // namespace
}  // namespace osect::api
