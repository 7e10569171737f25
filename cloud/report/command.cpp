// Reads the arguments, finds the site, reads, draws, keeps, writes.
#include "cloud/report/command.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <optional>
#include <string_view>

#include "cloud/report/view_model.h"
#include "cloud/store/queries/admin.h"
#include "cloud/store/queries/report.h"

namespace osect::report {
namespace query = store::query;
namespace {

constexpr std::string_view kUsage =
    "usage: osect-cloud report --config FILE --site NAME --output FILE.pptx [--organization NAME] "
    "[--from TIME] [--to TIME] [--lang ja|en]";

using Options = std::map<std::string, std::string>;

Result<Options> read_options(const std::vector<std::string>& arguments) {
  constexpr std::array<std::string_view, 6> kKnown{"--site", "--output", "--organization",
                                                   "--from", "--to",     "--lang"};
  Options out;
  for (std::size_t i = 0; i < arguments.size(); i += 2) {
    const bool is_known = std::find(kKnown.begin(), kKnown.end(), arguments[i]) != kKnown.end();
    if (!is_known || i + 1 == arguments.size())
      return Error(fmt::format("'{}' is not understood; {}", arguments[i], kUsage));
    out[arguments[i]] = arguments[i + 1];
  }
  if (!out.contains("--site") || !out.contains("--output"))
    return Error(fmt::format("a site and a file are needed; {}", kUsage));
  out.try_emplace("--lang", "ja");
  if (out["--lang"] != "ja" && out["--lang"] != "en")
    return Error(fmt::format("'{}' is not a language; ja or en is needed", out["--lang"]));
  return out;
}

std::optional<std::string> option(const Options& options, const std::string& name) {
  const auto found = options.find(name);
  return found == options.end() ? std::nullopt : std::optional(found->second);
}

// By name or id; without either the only one there is.
Result<std::int64_t> find_organization(store::Pool& pool, const std::optional<std::string>& name) {
  auto transaction = pool.begin({});
  if (!transaction) return transaction.error();
  const auto rows = name ? transaction->run(query::kAdminOrganizationFind, {*name})
                         : transaction->run(query::kAdminOrganizationList);
  if (!rows) return rows.error();
  if (rows->size() == 1) return (*rows)[0].integer(0);
  if (name) return Error(fmt::format("there is no organization '{}', or there are several", *name));
  return Error("there are several organizations; say which with --organization");
}

Result<Subject> find_subject(store::Pool& pool, std::int64_t organization, const Options& options) {
  auto transaction = pool.begin({.organization = organization});
  if (!transaction) return transaction.error();
  const auto rows = transaction->run(
      query::kReportSubject,
      {organization, options.at("--site"), option(options, "--from"), option(options, "--to")});
  if (!rows) return rows.error().within("--site, --from, --to");
  if (rows->empty())
    return Error(fmt::format("the organization has no site '{}'", options.at("--site")));
  const auto row = (*rows)[0];
  const Subject out{.organization = organization,
                    .site = row.integer(0),
                    .begin = row.time(1),
                    .end = row.time(2)};
  if (out.begin >= out.end) return Error("the period ends before it begins");
  return out;
}

Result<> write(const std::string& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary);
  file << bytes;
  file.close();
  if (!file) return Error(fmt::format("cannot write {}", path));
  return {};
}

}  // namespace

Result<> run_report(const std::vector<std::string>& arguments, const RendererConfig& config,
                    store::Pool& pool, TimeNs now, std::ostream& out) {
  const auto options = read_options(arguments);
  if (!options) return options.error();
  const auto organization = find_organization(pool, option(*options, "--organization"));
  if (!organization) return organization.error();
  const auto subject = find_subject(pool, *organization, *options);
  if (!subject) return subject.error();
  auto transaction = pool.begin({.organization = *organization});
  if (!transaction) return transaction.error();
  const auto model = read_view_model(*transaction, *subject, now);
  if (!model) return model.error();
  const std::string& path = options->at("--output");
  if (path.ends_with(".json")) return write(path, model->json);
  const std::string& language = options->at("--lang");
  const auto deck = render(config, model->json, language);
  if (!deck) return deck.error();
  if (auto written = write(path, deck->bytes); !written) return written;
  if (auto kept =
          transaction->run(query::kReportKeep,
                           {*organization, subject->site, language, rfc3339(subject->begin),
                            rfc3339(subject->end), model->json, store::Param::bytes(deck->bytes)});
      !kept)
    return kept.error();
  if (auto done = transaction->commit(); !done) return done;
  out << path << '\n';
  return {};
}

}  // namespace osect::report
