// SPDX-License-Identifier: Apache-2.0
// The entries that say whose something is, who looked, and what must go.
#include <algorithm>

#include "controller/journal/access_chain.hpp"
#include "controller/journal/erasure.hpp"
#include "controller/journal/json_text.hpp"
#include "controller/journal/store.hpp"

namespace rytme::journal {

void Store::meet_participant(const Row& row, const std::string& code) {
  if (!code.empty())
    statements_.add_participant.with(code, row.seq, row.t_us, row.offset_min, row.mono_us).run();
}

void Store::put(const Row& row, const entry::ParticipantAdded& added) {
  meet_participant(row, added.code);
  statements_.list_participant.with(added.code).run();
}

// The row of the session says whose it is now; the event keeps whose it was, and who changed it.
void Store::put(const Row& row, const entry::SessionChange& change) {
  Row changed = row;
  changed.session = session_id(change.id, row);
  statements_.participant_of.with(*changed.session).step();
  const std::string was = statements_.participant_of.text(0);
  statements_.participant_of.reset();
  statements_.change_session.with(*changed.session, change.participant, change.recording).run();
  if (change.participant) meet_participant(row, *change.participant);
  JsonText data;
  data.begin_object();
  if (change.participant) data.field("participant", *change.participant);
  if (change.participant && !was.empty() && was != *change.participant) data.field("was", was);
  if (change.recording) data.field("recording", *change.recording);
  if (!change.by.empty()) data.field("by", change.by);
  data.end_object();
  put(changed, entry::Event{"session_change", data.text()});
}

// Whose a session is, is known here only. Words that are neither a session nor a code in use are not kept:
// they could be anything.
void Store::put(const Row& row, const entry::Access& access) {
  AccessRow entry;
  entry.seq = static_cast<std::int64_t>(row.seq);
  entry.t_us = row.t_us;
  entry.offset_min = row.offset_min;
  entry.mono_us = row.mono_us;
  entry.actor_kind = name_of(access.actor.kind);
  entry.actor_role = name_of(access.actor.role);
  entry.actor_id = access.actor.id;
  entry.what = access.what;
  entry.from = access.from;
  entry.why = access.why;
  entry.denied = access.denied;
  Statement session = connection_.prepare("SELECT name, participant FROM session WHERE name = ?1");
  Statement participant = connection_.prepare("SELECT code FROM participant WHERE code = ?1");
  if (session.with(access.whose).step()) {
    entry.session = session.text(0);
    entry.whose = session.text(1);
  } else if (participant.with(access.whose).step()) {
    entry.whose = participant.text(0);
  } else if (!access.whose.empty() && !access.denied) {
    entry.what += " of nobody known";  // else it would read as a list of everybody's
  }
  append_access(connection_, entry);
}

void Store::put(const Row& row, const entry::Erase& erase) {
  const RowStamp stamp{static_cast<std::int64_t>(row.seq), row.t_us, row.offset_min, row.mono_us};
  for (const std::string& name : begin_erasure(connection_, stamp, erase)) {
    erased_.insert(name);
    sessions_.erase(name);
  }
  if (erase.what == entry::Erase::What::body) withdrawn_.insert(erase.key);
}

// A rating after the end, say, must not bring a session back that was erased.
bool Store::is_erased(const JournalEntry& entry) const {
  const auto* change = std::get_if<entry::SessionChange>(&entry.what);
  return erased_.count(change != nullptr ? change->id : entry.session) != 0;
}

}  // namespace rytme::journal
