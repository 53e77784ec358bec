// SPDX-License-Identifier: Apache-2.0
#include "controller/review/row_source.hpp"

#include <algorithm>
#include <limits>
#include <map>

#include "controller/room/reading.hpp"

namespace rytme::review {
namespace {

constexpr auto good_quality = static_cast<std::int64_t>(Quality::good);

// From a row's channel to where its values go; the device is looked up once, at its first row.
class Channels {
 public:
  Channels(journal::Connection& connection, const std::vector<Name>& names, Source source, const Opener& open)
      : open_(open) {
    journal::Statement row = connection.prepare("SELECT id, device FROM channel WHERE capability = ?1");
    for (const Name& name : names) {
      if (name.source != source) continue;
      row.with(name.capability);
      while (row.step()) routes_[row.integer(0)] = Route{&name, row.text(1), nullptr};
    }
  }
  bool empty() const { return routes_.empty(); }
  std::vector<std::int64_t> ids() const {
    std::vector<std::int64_t> ids;
    for (const auto& [id, route] : routes_) ids.push_back(id);
    return ids;
  }

  // nullptr: nobody asked for it.
  const Name* take(std::int64_t channel, Buckets*& into) {
    const auto found = routes_.find(channel);
    if (found == routes_.end()) return nullptr;
    Route& route = found->second;
    if (route.into == nullptr) route.into = &open_(*route.name, route.device);
    into = route.into;
    return route.name;
  }

 private:
  struct Route {
    const Name* name{};
    std::string device;
    Buckets* into{};
  };
  const Opener& open_;
  std::map<std::int64_t, Route> routes_;
};

bool wants(const std::vector<Name>& names, Source source) {
  return std::any_of(names.begin(), names.end(), [&](const Name& name) { return name.source == source; });
}

void put(Buckets& into, const Name& name, double t_s, std::optional<double> value, bool good) {
  if (!value) return into.unknown(t_s);
  double hold_s = Buckets::until_next;
  if (name.sampled) hold_s = late_after_s;
  into.add(t_s, *value, good, hold_s);
}

void put_rows(journal::Statement& row, const SessionFrame& session, Channels& channels) {
  while (row.step()) {
    Buckets* into = nullptr;
    if (const Name* name = channels.take(row.integer(2), into))
      put(*into, *name, session.seconds(row.integer(0), row.integer(1)), row.maybe_real(3),
          row.integer(4) == good_quality);
  }
}

void stream_confirmations(journal::Connection& connection, const SessionFrame& session,
                          const std::vector<Name>& names, Source source, const Opener& open) {
  if (!wants(names, source)) return;
  Channels channels(connection, names, source, open);
  const std::string what = source == Source::confirmed ? "f.confirmed" : "f.measured";
  journal::Statement row =
      connection.prepare("SELECT f.seq, f.mono_us, c.channel, " + what +
                         ", 0 FROM command c JOIN confirmation f ON f.command_seq = c.seq "
                         "WHERE c.session = ?1 AND " +
                         what + " IS NOT NULL ORDER BY f.seq");
  put_rows(row.with(session.row), session, channels);
}

}  // namespace

// Of few channels the index finds the rows; of many it is quicker to walk all of the session, which lie
// together.
void stream_readings(journal::Connection& connection, const SessionFrame& session,
                     const std::vector<Name>& names, const Opener& open) {
  if (!wants(names, Source::reading)) return;
  Channels channels(connection, names, Source::reading, open);
  const std::string columns = "SELECT seq, mono_us, channel, value, quality FROM reading WHERE ";
  constexpr std::size_t few = 2;
  if (channels.ids().size() > few) {
    journal::Statement row =
        connection.prepare(columns + "seq BETWEEN ?1 AND ?2 AND +session = ?3 ORDER BY seq");
    return put_rows(row.with(session.first_seq, session.last_seq, session.row), session, channels);
  }
  journal::Statement row = connection.prepare(columns + "session = ?1 AND channel = ?2 ORDER BY seq");
  for (const std::int64_t channel : channels.ids())
    put_rows(row.with(session.row, channel), session, channels);
}

void stream_commands(journal::Connection& connection, const SessionFrame& session,
                     const std::vector<Name>& names, const Opener& open) {
  if (wants(names, Source::commanded)) {
    Channels channels(connection, names, Source::commanded, open);
    journal::Statement row = connection.prepare(
        "SELECT seq, mono_us, channel, value, 0 FROM command WHERE session = ?1 ORDER BY seq");
    put_rows(row.with(session.row), session, channels);
  }
  stream_confirmations(connection, session, names, Source::confirmed, open);
  stream_confirmations(connection, session, names, Source::measured, open);
}

}  // namespace rytme::review
