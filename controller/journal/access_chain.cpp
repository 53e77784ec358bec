// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/access_chain.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <string_view>

#include <sodium.h>

namespace rytme::journal {
namespace {

constexpr std::size_t hash_bytes = 32;
constexpr std::size_t salt_bytes = 16;
const std::string erases = "erase ";  // what the entries begin with that may be the reason of a redaction

// Every part with its length before it, so that no two contents give the same bytes.
class Digest {
 public:
  explicit Digest(std::string_view key = {}) {
    crypto_generichash_init(&state_, key.empty() ? nullptr : bytes(key), key.size(), hash_bytes);
  }
  Digest& text(std::string_view part) {
    number(static_cast<std::int64_t>(part.size()));
    crypto_generichash_update(&state_, bytes(part), part.size());
    return *this;
  }
  Digest& number(std::int64_t value) {
    unsigned char little[8];
    for (int i = 0; i < 8; ++i)
      little[i] = static_cast<unsigned char>(static_cast<std::uint64_t>(value) >> (8 * i));
    crypto_generichash_update(&state_, little, sizeof little);
    return *this;
  }
  std::string done() {
    std::string hash(hash_bytes, '\0');
    crypto_generichash_final(&state_, reinterpret_cast<unsigned char*>(hash.data()), hash.size());
    return hash;
  }

 private:
  static const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
  }
  crypto_generichash_state state_{};
};

std::string personal_digest(const AccessRow& row, std::string_view salt) {
  return Digest(salt).text(row.session).text(row.whose).text(row.why).done();
}

std::string entry_digest(const AccessRow& row, std::int64_t n, std::string_view personal,
                         std::string_view prev) {
  return Digest()
      .text(prev)
      .number(n)
      .number(row.seq)
      .number(row.t_us)
      .number(row.offset_min)
      .number(row.mono_us)
      .text(row.actor_kind)
      .text(row.actor_role)
      .text(row.actor_id)
      .text(row.what)
      .text(row.from)
      .number(row.denied ? 1 : 0)
      .text(personal)
      .done();
}

std::string hex(std::string_view bytes) {
  std::string text(2 * bytes.size() + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                 bytes.size());
  text.pop_back();
  return text;
}

// An entry as it stands in the file.
struct Stored {
  AccessRow row;
  std::int64_t n{}, redacted{};  // redacted: 0 = no
  std::string salt, personal, prev, hash;

  bool is_as_written() const {
    if (salt.size() == salt_bytes && personal_digest(row, salt) != personal) return false;
    if (redacted == 0 && salt.size() != salt_bytes) return false;
    return entry_digest(row, n, personal, prev) == hash;
  }
};

std::vector<Stored> all_entries(Connection& connection) {
  Statement all = connection.prepare(
      "SELECT seq, t_us, offset_min, mono_us, actor_kind, actor_role, actor_id, what, session, whose, why, "
      "\"from\", denied, n, redacted, salt, personal, prev, hash FROM access ORDER BY seq");
  std::vector<Stored> entries;
  while (all.step()) {
    Stored e;
    e.row = {all.integer(0), all.integer(1), all.integer(2),      all.integer(3), all.text(4),
             all.text(5),    all.text(6),    all.text(7),         all.text(8),    all.text(9),
             all.text(10),   all.text(11),   all.integer(12) != 0};
    e.n = all.integer(13);
    e.redacted = all.integer(14);
    e.salt = all.blob(15);
    e.personal = all.blob(16);
    e.prev = all.blob(17);
    e.hash = all.blob(18);
    entries.push_back(std::move(e));
  }
  return entries;
}

struct Ends {
  std::int64_t anchor_n{}, anchor_seq{}, head_n{};
  std::string anchor_hash, head_hash;
};

Ends ends_of(Connection& connection) {
  Statement chain =
      connection.prepare("SELECT anchor_n, anchor_seq, head_n, anchor_hash, head_hash FROM access_chain");
  if (!chain.step()) return {};
  return {chain.integer(0), chain.integer(1), chain.integer(2), chain.blob(3), chain.blob(4)};
}

class Verifier {
 public:
  Verifier(std::vector<Stored> entries, Ends ends) : entries_(std::move(entries)), ends_(std::move(ends)) {}

  std::vector<ChainProblem> run() {
    find_unlike();
    follow_chain();
    check_redactions();
    std::sort(problems_.begin(), problems_.end(), [](const auto& a, const auto& b) { return a.seq < b.seq; });
    return std::move(problems_);
  }

 private:
  void tell(std::int64_t seq, std::string problem, std::string detail) {
    if (told_.insert(seq).second) problems_.push_back({seq, std::move(problem), std::move(detail)});
  }

  // A moved entry fails its own hash as well, because seq is part of it: order is looked at first.
  void find_unlike() {
    std::int64_t highest = ends_.anchor_n;
    for (const Stored& entry : entries_) {
      if (entry.n < highest)
        tell(entry.row.seq, "reordered", "It stands after an entry that was made later.");
      highest = std::max(highest, entry.n);
    }
    for (const Stored& entry : entries_)
      if (!entry.is_as_written()) tell(entry.row.seq, "changed", "Its content is not what was written.");
  }

  // In the order in which they were made.
  void follow_chain() {
    std::map<std::int64_t, const Stored*> by_n;
    for (const Stored& entry : entries_) by_n[entry.n] = &entry;
    std::int64_t n = ends_.anchor_n, seq = ends_.anchor_seq;
    std::string hash = ends_.anchor_hash;
    for (const auto& [number, entry] : by_n) {
      if (number > n + 1) gap(seq, number - n - 1);
      if (number == n + 1 && entry->prev != hash) broken(n == ends_.anchor_n ? entry->row.seq : seq);
      n = number;
      seq = entry->row.seq;
      hash = entry->hash;
    }
    if (n < ends_.head_n) return gap(seq, ends_.head_n - n);
    if (n > ends_.head_n || hash != ends_.head_hash) broken(seq);
  }
  void gap(std::int64_t after, std::int64_t count) {
    problems_.push_back({after, "removed",
                         std::to_string(count) + (count == 1 ? " entry" : " entries") + " after it " +
                             (count == 1 ? "is" : "are") + " gone."});
  }
  void broken(std::int64_t seq) {
    tell(seq, "changed", "It was replaced: the next link does not remember it so.");
  }

  // An entry may have lost what points at a person only to an erasure that is told in the chain.
  void check_redactions() {
    std::set<std::int64_t> erasures;
    for (const Stored& entry : entries_)
      if (entry.row.what.starts_with(erases) && !entry.row.denied) erasures.insert(entry.row.seq);
    for (const Stored& entry : entries_)
      if (entry.redacted > ends_.anchor_seq && erasures.count(entry.redacted) == 0)
        tell(entry.row.seq, "changed", "Whom it was about is gone without an erasure that says so.");
  }

  std::vector<Stored> entries_;
  Ends ends_;
  std::set<std::int64_t> told_;
  std::vector<ChainProblem> problems_;
};

}  // namespace

void append_access(Connection& connection, const AccessRow& row) {
  Statement there = connection.prepare("SELECT 1 FROM access WHERE seq = ?1");
  if (there.with(row.seq).step()) return;
  const Ends ends = ends_of(connection);
  const std::int64_t n = ends.head_n + 1;
  if (sodium_init() < 0) throw std::runtime_error("no random numbers on this machine");
  std::string salt(salt_bytes, '\0');
  randombytes_buf(salt.data(), salt.size());
  const std::string personal = personal_digest(row, salt);
  const std::string hash = entry_digest(row, n, personal, ends.head_hash);
  connection
      .prepare(
          "INSERT INTO access VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, "
          "?16, ?17, ?18, NULL)")
      .with(row.seq, row.t_us, row.offset_min, row.mono_us, n, row.actor_kind, row.actor_role, row.actor_id,
            row.what, row.session, row.whose, row.from, row.why, row.denied, Blob{salt}, Blob{personal},
            Blob{ends.head_hash}, Blob{hash})
      .run();
  connection.prepare("UPDATE access_chain SET head_n = ?1, head_hash = ?2").with(n, Blob{hash}).run();
}

std::int64_t redact_access(Connection& connection, const std::string& session, const std::string& whose,
                           std::int64_t because, std::int64_t limit) {
  Statement redact = connection.prepare(
      "UPDATE access SET session = NULL, whose = NULL, why = NULL, salt = NULL, redacted = ?3 WHERE seq IN "
      "(SELECT seq FROM access WHERE (session = ?1 AND ?1 <> '') OR (whose = ?2 AND ?2 <> '') LIMIT ?4)");
  redact.with(session, whose, because, limit).run();
  return connection.ask_integer("SELECT changes()");
}

std::int64_t forget_access(Connection& connection, std::int64_t older_than_us, std::int64_t limit) {
  // Only from the beginning: an entry stays as long as an earlier one is young (a clock that was wrong).
  Statement oldest = connection.prepare(
      "SELECT n, seq, hash FROM access WHERE n < coalesce((SELECT min(n) FROM access WHERE t_us >= ?1), "
      "(SELECT head_n + 1 FROM access_chain)) AND n <= (SELECT anchor_n + ?2 FROM access_chain) "
      "ORDER BY n DESC LIMIT 1");
  if (!oldest.with(older_than_us, limit).step()) return 0;
  const std::int64_t n = oldest.integer(0), seq = oldest.integer(1);
  const std::string hash = oldest.blob(2);
  oldest.reset();
  connection.prepare("UPDATE access_chain SET anchor_n = ?1, anchor_seq = ?2, anchor_hash = ?3")
      .with(n, seq, Blob{hash})
      .run();
  connection.prepare("DELETE FROM access WHERE n <= ?1").with(n).run();
  return connection.ask_integer("SELECT changes()");
}

ChainReport verify_access(Connection& connection) {
  std::vector<Stored> entries = all_entries(connection);
  const Ends ends = ends_of(connection);
  ChainReport report;
  report.entries = static_cast<std::int64_t>(entries.size());
  report.redacted =
      std::count_if(entries.begin(), entries.end(), [](const Stored& e) { return e.redacted != 0; });
  report.forgotten = ends.anchor_n;
  report.head = hex(ends.head_hash);
  report.problems = Verifier(std::move(entries), ends).run();
  return report;
}

}  // namespace rytme::journal
