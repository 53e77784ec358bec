// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/writer.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "controller/journal/json_text.hpp"
#include "controller/journal/thread_priority.hpp"

namespace rytme::journal {
namespace {

constexpr std::chrono::milliseconds first_pause{250};
constexpr std::chrono::milliseconds longest_pause{5000};
constexpr std::chrono::seconds tidy_again{60};
constexpr std::chrono::seconds longest_tidy_pause{60};

// A backlog goes to the disk in pieces, so that neither the log nor this process grows with it.
constexpr std::size_t most_per_commit = std::size_t{1} << 20U;
// What waits is taken early when it is this much: under load the batches are short and memory stays small.
constexpr std::size_t worth_a_commit = std::size_t{512} << 10U;
// How long the log is held before anybody is told; our own readers are done sooner.
constexpr std::chrono::seconds held_worth_telling{2};

bool is_frame(const JournalEntry& entry) {
  return std::holds_alternative<entry::Heart>(entry.what) ||
         std::holds_alternative<entry::Motion>(entry.what);
}

}  // namespace

Journal::Writer::Writer(Options options, Opening& opening)
    : options_(std::move(options)),
      lock_(options_.file),
      store_(open_for_writing(options_.file, opening, options_.set_aside), options_.formula_version,
             options_.retention),
      chunker_(store_.next_chunk_id()),
      log_(options_.file),
      queue_(options_.queue_bytes) {
  health_.durable_seq = opening.next_seq - 1;
  look_at_disk();
  thread_ = std::thread([this] { run(); });
}

Journal::Writer::~Writer() { close(); }

void Journal::Writer::append(JournalEntry entry) {
  const std::lock_guard guard(mutex_);
  if (closed_) return queue_.drop(std::move(entry));
  const bool first = queue_.empty();
  const bool urgent = entry.urgent && !urgent_;
  const bool little = queue_.waiting_bytes() < worth_a_commit;
  if (!queue_.push(std::move(entry))) return;
  urgent_ = urgent_ || urgent;
  if (first || urgent || (little && queue_.waiting_bytes() >= worth_a_commit)) wake_.notify_all();
}

void Journal::Writer::close() {
  {
    const std::lock_guard guard(mutex_);
    stopping_ = true;
    closed_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Health Journal::Writer::health() const {
  const std::lock_guard guard(mutex_);
  Health health = health_;
  health.queued = queue_.size();
  health.queued_bytes = queue_.bytes();
  health.dropped += queue_.dropped();
  health.dropped_facts = queue_.dropped_of(Worth::fact);
  health.dropped_essential = queue_.dropped_of(Worth::essential);
  return health;
}

void Journal::Writer::on_progress(std::function<void()> callback) {
  const std::lock_guard guard(mutex_);
  progress_ = std::move(callback);
}

void Journal::Writer::run() {
  give_way();
  for (;;) {
    std::vector<JournalEntry> entries = wait_for_entries();
    if (!entries.empty()) {
      commit_until_done(staged(std::move(entries)));
    } else if (!tidy()) {
      break;
    }
  }
  finish();
}

// One piece of the work that is not urgent. False: closing.
bool Journal::Writer::tidy() {
  const auto hurry = [this] {
    const std::lock_guard guard(mutex_);
    return stopping_ || urgent_;
  };
  {
    const std::lock_guard guard(mutex_);
    if (stopping_) return false;
  }
  const Now now = options_.clock();
  Instant next{};
  try {
    next = store_.housekeeping().step(now, hurry);
    tend_log();
  } catch (const SqlError&) {
    next = now.steady + tidy_again;  // a disk in trouble is told by the next commit
  }
  const bool busy = next == now.steady;
  if (tidying_ && !busy) tell();  // what was asked for is done, or waits for something
  tidying_ = busy;
  // The injected clock says how long to wait, not when.
  tidy_at_ =
      std::chrono::steady_clock::now() + std::min<Instant::duration>(next - now.steady, longest_tidy_pause);
  return true;
}

void Journal::Writer::finish() {
  try {
    store_.finish();
  } catch (const SqlError& error) {
    failed(error.what());  // the file stays marked unclean: the next start checks it
  }
}

// Empty: closing, or time to tidy, and nothing is left.
std::vector<JournalEntry> Journal::Writer::wait_for_entries() {
  std::unique_lock lock(mutex_);
  const auto ready = [this] { return stopping_ || !queue_.empty(); };
  if (!options_.clock) {
    wake_.wait(lock, ready);
  } else if (!wake_.wait_until(lock, tidy_at_, ready)) {
    return {};
  }
  // A fifth of the time from append to durable is kept for the commit itself.
  const Instant deadline = std::chrono::steady_clock::now() + options_.batch * 4 / 5;
  const auto worth_it = [this] { return stopping_ || urgent_ || queue_.waiting_bytes() >= worth_a_commit; };
  while (options_.clock && !worth_it() && tidy_at_ <= std::chrono::steady_clock::now() &&
         std::chrono::steady_clock::now() < deadline) {
    lock.unlock();
    tidy();
    lock.lock();
  }
  wake_.wait_until(lock, deadline, worth_it);
  std::vector<JournalEntry> entries = queue_.take(most_per_commit);
  urgent_ = urgent_ && !queue_.empty();
  return entries;
}

Journal::Writer::Batch Journal::Writer::staged(std::vector<JournalEntry> entries) {
  Batch batch;
  batch.count = entries.size();
  for (const JournalEntry& entry : entries) {
    batch.bytes += bytes_of(entry);
    batch.last_seq = std::max(batch.last_seq, entry.seq);
    batch.urgent = batch.urgent || entry.urgent;
    if (is_frame(entry)) chunker_.add(entry);
  }
  batch.entries = std::move(entries);
  std::erase_if(batch.entries, is_frame);
  batch.chunks = chunker_.take();
  return batch;
}

void Journal::Writer::commit_until_done(const Batch& batch) {
  std::chrono::milliseconds pause = first_pause;
  while (!try_commit(batch)) {
    if (stopping_within(pause)) {
      if (!try_commit(batch)) gave_up(batch);
      return;
    }
    pause = std::min(pause * 2, longest_pause);
  }
}

bool Journal::Writer::try_commit(const Batch& batch) {
  const Instant begun = std::chrono::steady_clock::now();  // only to measure
  try {
    store_.commit(batch.entries, batch.chunks);
  } catch (const SqlError& error) {
    look_at_disk();  // is it full?
    failed(error.what());
    return false;
  }
  const auto took = std::chrono::steady_clock::now() - begun;
  succeeded(batch, std::chrono::duration_cast<std::chrono::microseconds>(took));
  tend_log();
  return true;
}

// Here, for whoever asks of it elsewhere need not wait for the disk.
void Journal::Writer::look_at_disk() {
  std::error_code no_size, no_space;
  const auto bytes = std::filesystem::file_size(options_.file, no_size);
  const auto space = std::filesystem::space(options_.file, no_space);
  const std::lock_guard guard(mutex_);
  health_.disk.reset();
  if (!no_size && !no_space) health_.disk = DiskSpace{bytes, space.available, space.capacity};
}

// After the news of the commit: whoever waits for that does not wait for this.
void Journal::Writer::tend_log() {
  look_at_disk();
  store_.tend_log(log_, [this] {
    const std::lock_guard guard(mutex_);
    return urgent_ || stopping_;
  });
  const WalState& state = log_.state();
  const Instant now = std::chrono::steady_clock::now();
  bool news = false;
  {
    const std::lock_guard guard(mutex_);
    const auto held = state.held_by.empty()
                          ? std::chrono::seconds{}
                          : std::chrono::duration_cast<std::chrono::seconds>(now - state.held_since);
    const bool told = health_.log_held >= held_worth_telling;
    health_.log_bytes = state.bytes;
    news = held < held_worth_telling ? told : !told || held >= health_.log_held * 2;
    if (!news && told && held >= held_worth_telling) return;
    health_.log_held = held;
    health_.log_held_by = state.held_by;
  }
  if (news) tell();
}

void Journal::Writer::succeeded(const Batch& batch, std::chrono::microseconds took) {
  bool recovered = false;
  const auto erases = [](const JournalEntry& entry) {
    return std::holds_alternative<entry::Erase>(entry.what);
  };
  if (std::any_of(batch.entries.begin(), batch.entries.end(), erases)) tidy_at_ = {};
  {
    const std::lock_guard guard(mutex_);
    queue_.done(batch.bytes);
    recovered = !health_.recording_possible;
    health_.recording_possible = true;
    health_.fault.clear();
    health_.written += batch.count;
    ++health_.commits;
    health_.durable_seq = std::max(health_.durable_seq, batch.last_seq);
    health_.last_commit = took;
  }
  if (batch.urgent || recovered) tell();
}

void Journal::Writer::failed(const std::string& fault) {
  bool news = false;
  {
    const std::lock_guard guard(mutex_);
    ++health_.failures;
    news = health_.recording_possible || health_.fault != fault;
    health_.recording_possible = false;
    health_.fault = fault;
  }
  if (news) tell();
}

void Journal::Writer::gave_up(const Batch& batch) {
  const std::lock_guard guard(mutex_);
  queue_.done(batch.bytes);
  health_.dropped += batch.count;
}

bool Journal::Writer::stopping_within(std::chrono::milliseconds pause) {
  std::unique_lock lock(mutex_);
  return wake_.wait_for(lock, pause, [this] { return stopping_; });
}

void Journal::Writer::tell() {
  std::function<void()> progress;
  {
    const std::lock_guard guard(mutex_);
    progress = progress_;
  }
  if (progress) progress();
}

}  // namespace rytme::journal
