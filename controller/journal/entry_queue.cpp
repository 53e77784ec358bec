// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/entry_queue.hpp"

#include <algorithm>
#include <utility>

#include "controller/journal/json_text.hpp"

namespace rytme::journal {
namespace {

template <typename... Kinds>
bool is_one_of(const JournalEntry& entry) {
  return (std::holds_alternative<Kinds>(entry.what) || ...);
}

std::size_t bytes_of(const std::string& text) {
  return text.capacity() > sizeof(std::string) ? text.capacity() : 0;
}

std::size_t bytes_of(const MotionFrame& frame) {
  const std::size_t values = frame.ax.capacity() + frame.ay.capacity() + frame.az.capacity() +
                             frame.gx.capacity() + frame.gy.capacity() + frame.gz.capacity();
  return values * sizeof(float) + frame.step_us.capacity() * sizeof(std::int32_t);
}

}  // namespace

Worth worth_of(const JournalEntry& entry) {
  if (is_one_of<entry::Value, entry::Heart, entry::Motion>(entry)) return Worth::sample;
  const bool kept = is_one_of<entry::SessionStart, entry::SessionEnd, entry::SessionChange,
                              entry::ParticipantAdded, entry::Erase, entry::Rating, entry::Access>(entry);
  return kept || entry.urgent ? Worth::essential : Worth::fact;
}

std::size_t bytes_of(const JournalEntry& entry) {
  std::size_t bytes = sizeof(JournalEntry) + bytes_of(entry.session);
  if (const auto* motion = std::get_if<entry::Motion>(&entry.what)) bytes += bytes_of(motion->frame);
  if (const auto* event = std::get_if<entry::Event>(&entry.what)) bytes += bytes_of(event->data);
  if (const auto* value = std::get_if<entry::Value>(&entry.what)) bytes += bytes_of(value->text);
  if (const auto* access = std::get_if<entry::Access>(&entry.what))
    bytes += bytes_of(access->what) + bytes_of(access->whose) + bytes_of(access->why);
  return bytes;
}

std::size_t EntryQueue::limit_of(Worth worth) const {
  if (worth == Worth::sample) return limit_;
  return worth == Worth::fact ? limit_ + limit_ / 2 : limit_ * 2;
}

bool EntryQueue::push(JournalEntry entry) {
  const Worth worth = worth_of(entry);
  const std::size_t bytes = bytes_of(entry);
  if (bytes_ + bytes > limit_of(worth)) {
    drop(std::move(entry));
    return false;
  }
  // A gap goes on while only what is worth more gets through.
  if (gap_ && worth == Worth::sample) close_gap();
  add(std::move(entry), bytes);
  return true;
}

void EntryQueue::add(JournalEntry entry, std::size_t bytes) {
  bytes_ += bytes;
  waiting_ += bytes;
  entries_.push_back(std::move(entry));
}

std::vector<JournalEntry> EntryQueue::take(std::size_t most) {
  if (gap_ && bytes_ < limit_) close_gap();
  std::vector<JournalEntry> taken;
  std::size_t bytes = 0;
  std::size_t count = 0;
  for (; count < entries_.size(); ++count) {
    bytes += bytes_of(entries_[count]);
    if (count > 0 && bytes > most) break;
  }
  taken.reserve(count);
  for (; count > 0; --count) {
    waiting_ -= bytes_of(entries_.front());
    taken.push_back(std::move(entries_.front()));
    entries_.pop_front();
  }
  return taken;
}

void EntryQueue::drop(JournalEntry entry) {
  const Worth worth = worth_of(entry);
  const std::uint64_t seq = entry.seq;
  ++dropped_;
  ++dropped_by_worth_[static_cast<std::size_t>(worth)];
  if (!gap_) gap_ = Gap{std::move(entry), 0, 0, 0, 0};
  ++gap_->dropped;
  gap_->facts += worth == Worth::fact ? 1 : 0;
  gap_->essential += worth == Worth::essential ? 1 : 0;
  gap_->last_seq = std::max(gap_->last_seq, seq);
}

void EntryQueue::close_gap() {
  JsonText data;
  data.begin_object();
  data.field("dropped", gap_->dropped);
  data.field("last_seq", gap_->last_seq);
  if (gap_->facts > 0) data.field("facts", gap_->facts);
  if (gap_->essential > 0) data.field("essential", gap_->essential);
  data.end_object();
  JournalEntry told = std::move(gap_->first);
  told.what = entry::Event{"journal_gap", data.text()};
  told.urgent = false;
  gap_.reset();
  const std::size_t bytes = bytes_of(told);
  add(std::move(told), bytes);
}

}  // namespace rytme::journal
