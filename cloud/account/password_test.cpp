// Password hashes: the parameters stand in the hash, the wrong password is refused, a missing user
// takes as long.
#include "cloud/account/password.h"

#include <gtest/gtest.h>

#include <chrono>
#include <ctime>
#include <set>

#include "cloud/account/random.h"

namespace osect::account {
namespace {

TEST(password, hash_is_argon2id_with_the_promised_cost) {
  const std::string hash = hash_password("correct horse");
  EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << hash;
  EXPECT_TRUE(is_password("correct horse", hash));
  EXPECT_FALSE(is_password("correct horse ", hash));
  EXPECT_FALSE(is_password("", hash));
  EXPECT_NE(hash_password("correct horse"), hash);
  EXPECT_FALSE(is_password("x", "not a hash"));
}

TEST(password, checking_nobody_costs_what_checking_somebody_costs) {
  const std::string hash = hash_password("x");
  spend_as_if_checked("warm up");
  const auto time = [](auto&& check) {
    const auto begin = std::clock();
    for (int i = 0; i < 5; ++i) check();
    return static_cast<double>(std::clock() - begin);
  };
  const double somebody = time([&] { (void)is_password("wrong", hash); });
  const double nobody = time([] { spend_as_if_checked("wrong"); });
  EXPECT_LT(nobody, somebody * 2);
  EXPECT_GT(nobody, somebody / 2);
}

TEST(password, generated_ones_differ_and_are_easy_to_read) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string password = random_password();
    EXPECT_EQ(password.size(), 20U);
    EXPECT_EQ(password.find_first_of("lo01"), std::string::npos);
    seen.insert(password);
  }
  EXPECT_EQ(seen.size(), 100U);
}

TEST(random, base64url_and_sha256_give_the_known_answers) {
  EXPECT_EQ(base64url(""), "");
  EXPECT_EQ(base64url("f"), "Zg");
  EXPECT_EQ(base64url("fo"), "Zm8");
  EXPECT_EQ(base64url("foo"), "Zm9v");
  EXPECT_EQ(base64url("\xff\xfe\xfd"), "__79");
  EXPECT_EQ(base64url(sha256("abc")), "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
}

}  // namespace
}  // namespace osect::account
