// SPDX-License-Identifier: Apache-2.0
#include "controller/app/desk_answers.hpp"

#include <algorithm>
#include <charconv>

#include <boost/json.hpp>

#include "controller/app/check.hpp"
#include "controller/desk/line_diff.hpp"

namespace rytme::app {
namespace {

namespace json = boost::json;
using desk::Files;
using desk::Versions;
using web::problem_page;

web::Page page_of(const json::value& value) { return {200, "application/json", json::serialize(value)}; }

json::array words(const std::vector<std::string>& all) { return json::array(all.begin(), all.end()); }

std::string_view shown(std::string_view line) {
  return line.ends_with('\n') ? line.substr(0, line.size() - 1) : line;
}

json::array to_json(const std::vector<desk::Hunk>& hunks) {
  constexpr std::string_view signs = " -+";
  json::array all;
  for (const auto& hunk : hunks) {
    json::array lines;
    for (const auto& line : hunk.lines)
      lines.push_back(
          json::array{std::string(1, signs.at(static_cast<std::size_t>(line.kind))), shown(line.text)});
    all.push_back(
        json::object{{"before", hunk.before_line}, {"after", hunk.after_line}, {"lines", std::move(lines)}});
  }
  return all;
}

json::array differences(const Files& before, const Files& after) {
  json::array all;
  for (const auto& name : desk::changed_between(before, after)) {
    const auto old = before.find(name), fresh = after.find(name);
    const bool added = old == before.end(), removed = fresh == after.end();
    all.push_back(json::object{
        {"file", name},
        {"what", added     ? "added"
                 : removed ? "removed"
                           : "changed"},
        {"hunks", to_json(desk::hunks(desk::diff(added ? "" : old->second, removed ? "" : fresh->second)))}});
  }
  return all;
}

json::object without_files(const desk::Version& version) {
  return {{"number", version.number},
          {"at_s", version.at_s},
          {"by", version.by},
          {"why", version.why},
          {"changed", words(version.changed)}};
}

// The first name that may not be changed here.
std::optional<std::string> forbidden(const web::Texts& files) {
  for (const auto& [name, text] : files)
    if (!desk::is_editable(name)) return name;
  return std::nullopt;
}

web::Page no_such_file(const std::string& field, const std::string& name) {
  const std::string detail = "has no file of the settings that is edited here: " + name;
  return problem_page(422, "Field " + field + " " + detail + ".", {{field, detail}});
}

web::Page with_problems(const std::vector<settings::Problem>& problems) {
  json::value body = json::parse(problem_page(422, "The settings have errors.").body);
  body.as_object()["problems"] = problems_json(problems);
  return {422, "application/problem+json", json::serialize(body)};
}

// Which files make the folder what a version was.
web::Texts changes_to(const Files& there, const Files& wanted) {
  web::Texts changes;
  for (const auto& name : desk::changed_between(there, wanted)) {
    const auto text = wanted.find(name);
    changes[name] = text == wanted.end() ? std::nullopt : std::optional(text->second);
  }
  return changes;
}

std::optional<desk::Version> version_named(const Versions& versions, const std::string& name,
                                           std::int64_t now_s) {
  if (name == "yesterday") return versions.of_yesterday(now_s);
  int number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return versions.numbered(number);
}

}  // namespace

json::value trial_json(const desk::Places& places, std::optional<double> left_s) {
  const desk::Trial trial = desk::last_trial(places);
  if (trial.phase == desk::Trial::Phase::none) return nullptr;
  json::object out{{"phase", name_of(trial.phase)},
                   {"from", trial.from},
                   {"to", trial.to},
                   {"at_s", trial.at_s},
                   {"by", trial.by},
                   {"why", trial.why}};
  out["left_s"] = left_s ? json::value(*left_s) : json::value(nullptr);
  return out;
}

web::Page answer_settings(const DeskNow& now) {
  const Files files = desk::read_files(now.places.settings);
  json::array rows;
  for (const auto& row : desk::rows_of(now.places.settings, files))
    rows.push_back(json::object{
        {"name", row.name}, {"hash", row.hash}, {"bytes", row.bytes}, {"modified_s", row.modified_s}});
  const std::string base = desk::hash_of(files);
  return page_of(
      json::object{{"base", base},
                   {"files", std::move(rows)},
                   {"problems", problems_json(check_all(now.places.settings, now.places.data).problems)},
                   {"not_writable", desk::why_not_writable(now.places.settings)},
                   {"runs_with_these", base == now.started_with},
                   {"trial", trial_json(now.places, now.left_s)}});
}

web::Page answer_settings_file(const DeskNow& now, const std::string& name) {
  const Files files = desk::read_files(now.places.settings);
  const auto found = files.find(name);
  if (found == files.end()) return no_such_file("name", name);
  return page_of(
      json::object{{"name", name}, {"hash", desk::hash_of(found->second)}, {"text", found->second}});
}

web::Page answer_check(const DeskNow& now, const web::Texts& files) {
  if (const auto name = forbidden(files)) return no_such_file("files", *name);
  const Files there = desk::read_files(now.places.settings);
  const auto loaded = check_all(now.places.settings, now.places.data, files);
  return page_of(json::object{{"base", desk::hash_of(there)},
                              {"errors", loaded.has_errors()},
                              {"problems", problems_json(loaded.problems)},
                              {"diff", differences(there, desk::with(there, files))}});
}

web::Page answer_versions(const DeskNow& now) {
  json::array all;
  for (const auto& version : Versions(now.places.data).all()) all.push_back(without_files(version));
  return page_of(all);
}

web::Page answer_diff(const DeskNow& now, const std::string& from, const std::string& to) {
  const Versions versions(now.places.data);
  const auto files_of = [&](const std::string& name) -> std::optional<Files> {
    if (name == "now") return desk::read_files(now.places.settings);
    auto version = version_named(versions, name, now.now_s);
    return version ? std::optional(std::move(version->files)) : std::nullopt;
  };
  const auto before = files_of(from), after = files_of(to);
  if (!before || !after) {
    const std::string field = before ? "to" : "from";
    const std::string detail = "must be the number of a version that is kept, yesterday or now";
    return problem_page(422, "Field " + field + " " + detail + ".", {{field, detail}});
  }
  json::object out{{"files", differences(*before, *after)}};
  const auto since = version_named(versions, from, now.now_s);
  out["since"] = since ? json::value(without_files(*since)) : json::value(nullptr);
  return page_of(out);
}

PutOnTrial put_on_trial(const DeskNow& now, const web::DeskQuestion& question) {
  const bool restores = question.what == web::DeskQuestion::What::restore;
  const auto refused = [](web::Page page) { return PutOnTrial{std::move(page), false}; };
  if (const auto name = forbidden(question.files)) return refused(no_such_file("files", *name));
  const Files there = desk::read_files(now.places.settings);
  if (desk::hash_of(there) != question.base)
    return refused(problem_page(409, "The settings have been changed meanwhile. Look at them again."));
  web::Texts changes = question.files;
  if (restores) {
    const auto version = Versions(now.places.data).numbered(static_cast<int>(question.number.value_or(0)));
    const std::string detail = "is no version that is kept";
    if (!version) return refused(problem_page(422, "Field version " + detail + ".", {{"version", detail}}));
    changes = changes_to(there, version->files);
  }
  const Files wanted = desk::with(there, changes);
  if (wanted == there) return refused(problem_page(409, "This changes nothing."));
  const auto loaded = check_all(now.places.settings, now.places.data, changes);
  if (loaded.has_errors()) return refused(with_problems(loaded.problems));
  const auto trial =
      desk::put_on_trial(now.places, {wanted, now.by, restores ? "restored" : "applied"}, now.now_s);
  return {page_of(json::object{{"version", trial.to}, {"confirm_s", now.confirm_within_s}}), true};
}

std::string versions_text(const desk::Places& places) {
  DeskNow now;
  now.places = places;
  return answer_versions(now).body;
}

}  // namespace rytme::app
