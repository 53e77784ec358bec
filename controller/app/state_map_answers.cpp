// SPDX-License-Identifier: Apache-2.0
#include "controller/app/state_map_answers.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include <boost/json.hpp>

#include "controller/journal/state_maps.hpp"
#include "controller/session/offers.hpp"

namespace rytme::app {
namespace {

namespace json = boost::json;
using Changes = std::vector<journal::StateMapChange>;

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

json::object texts(const StateMapRow& row) {
  return {{"looks_like", row.looks_like},
          {"makes_worse", row.makes_worse},
          {"seeks", row.seeks},
          {"helps", row.helps},
          {"activities", row.activities}};
}

json::object with_stamp(json::object out, const journal::StateMapChange& change) {
  out["t"] = change.t;
  out["by"] = change.by;
  return out;
}

// The newest of each state; the changes come newest first.
std::map<std::string, const journal::StateMapChange*> newest(const Changes& changes) {
  std::map<std::string, const journal::StateMapChange*> rows;
  for (const auto& change : changes) rows.try_emplace(change.row.state, &change);
  return rows;
}

web::Page page_of(const json::object& body) { return {200, "application/json", json::serialize(body)}; }

}  // namespace

web::Page answer_state_map(journal::Reader& reader, const std::string& participant) {
  Changes changes;
  reader.ask([&](journal::Connection& connection) {
    changes = journal::state_map_changes(connection, participant);
  });
  json::object rows;
  for (const auto& [state, change] : newest(changes)) rows[state] = with_stamp(texts(change->row), *change);
  json::array history;
  for (const auto& change : changes) {
    json::object entry = with_stamp(texts(change.row), change);
    entry["state"] = change.row.state;
    history.push_back(std::move(entry));
  }
  return page_of({{"participant", participant}, {"rows", std::move(rows)}, {"history", std::move(history)}});
}

web::Page answer_session_map(journal::Reader* reader, const std::string& participant,
                             const std::vector<settings::Activity>& bank) {
  Changes changes;
  std::map<std::string, int> done;
  if (reader != nullptr)
    reader->ask([&](journal::Connection& connection) {
      changes = journal::state_map_changes(connection, participant);
      done = journal::activities_done(connection, participant);
    });
  const auto rows_by_state = newest(changes);
  std::vector<session::Offerable> offerable;
  offerable.reserve(bank.size());
  for (const auto& activity : bank) offerable.push_back({activity.id, activity.direction});
  json::object rows, offered, activities;
  for (const auto& [state, change] : rows_by_state) rows[state] = texts(change->row);
  std::set<std::string> used;
  const auto offer = [&](const std::string& state) {
    const auto row = rows_by_state.find(state);
    const auto chosen =
        row == rows_by_state.end() ? std::vector<std::string>() : words_of(row->second->row.activities);
    const auto ids = session::offers(offerable, state, chosen, done);
    used.insert(ids.begin(), ids.end());
    offered[state] = json::array(ids.begin(), ids.end());
  };
  for (const auto state : mapped_states) offer(std::string(state));
  offer("dont_know");
  for (const auto& activity : bank)
    if (used.contains(activity.id))
      activities[activity.id] = json::object{{"nb", activity.text.nb}, {"en", activity.text.en}};
  json::object body{
      {"rows", std::move(rows)}, {"offers", std::move(offered)}, {"activities", std::move(activities)}};
  body["participant"] = participant.empty() ? json::value() : json::value(participant);
  return page_of(body);
}

std::optional<std::string> unknown_activity(const StateMapRow& row,
                                            const std::vector<settings::Activity>& bank) {
  for (const std::string& id : words_of(row.activities))
    if (std::none_of(bank.begin(), bank.end(), [&id](const auto& one) { return one.id == id; })) return id;
  return std::nullopt;
}

}  // namespace rytme::app
