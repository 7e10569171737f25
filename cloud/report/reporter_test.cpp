// Reports that wait are made once, by a process that is given its time and no more; the program
// that draws is played by scripts.
#include "cloud/report/reporter.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "cloud/store/testing/cluster.h"

namespace osect::report {
namespace {

class ReporterTest : public store::testing::DatabaseTest {
 protected:
  ReporterTest() {
    sql("insert into organization (id, name) overriding system value values (1, 'Alpha');"
        "insert into site (organization_id, id, name) overriding system value values (1, 1, "
        "'Plant');"
        "insert into report (organization_id, site_id, language, begins_at, ends_at) values "
        "(1, 1, 'en', '2026-11-01Z', '2026-12-01Z')");
  }
  ~ReporterTest() override { std::filesystem::remove(path_); }

  // A program that does this with the view model of its input.
  int make_with(const std::string& script, std::int64_t timeout_s = 10) {
    std::ofstream(path_) << "#!/bin/sh\n" << script << '\n';
    std::filesystem::permissions(path_, std::filesystem::perms::owner_all);
    RendererConfig config;
    config.node = path_;
    config.timeout_s = timeout_s;
    Reporter reporter(config, ingest(), app());
    const auto done = reporter.work_off();
    EXPECT_TRUE(done) << done.error().message;
    return done ? *done : -1;
  }
  std::string state() { return sql("select state || ' ' || failure from report"); }

 private:
  const std::string path_ =
      ::testing::TempDir() + "osect-reporter-" + std::to_string(::getpid()) + ".sh";
};

TEST_F(ReporterTest, what_waits_is_made_once_and_kept_with_its_view_model) {
  EXPECT_EQ(make_with("echo \"$3\"; env | grep -c PGHOST; cat"), 1);
  EXPECT_EQ(state(), "done ");
  EXPECT_EQ(
      sql("select convert_from(deck, 'utf8') like e'en\\n0\\n{%\"site\":\"Plant\"%' from report"),
      "t")
      << "language, nothing of our environment, view model";
  EXPECT_EQ(sql("select view_model -> 'site' ->> 'site' from report"), "Plant");
  EXPECT_EQ(make_with("cat"), 0) << "nothing waits any more";
}

TEST_F(ReporterTest, a_program_that_fails_leaves_what_it_said) {
  EXPECT_EQ(make_with("echo out of paper >&2; exit 3"), 1);
  EXPECT_NE(state().find("failed drawing the report failed: out of paper"), std::string::npos)
      << state();
}

TEST_F(ReporterTest, a_program_that_hangs_is_ended) {
  EXPECT_EQ(make_with("exec sleep 60", 1), 1);
  EXPECT_NE(state().find("not finished after 1 s"), std::string::npos) << state();
}

TEST_F(ReporterTest, one_that_a_node_began_and_left_is_taken_again_after_its_time) {
  sql("update report set state = 'drawing', started_at = now()");
  EXPECT_EQ(make_with("cat"), 0);
  sql("update report set started_at = now() - interval '1 hour'");
  EXPECT_EQ(make_with("cat"), 1);
  EXPECT_EQ(state(), "done ");
}

}  // namespace
}  // namespace osect::report
