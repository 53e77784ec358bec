// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/journal.hpp"

#include <utility>

#include "controller/journal/writer.hpp"

namespace rytme::journal {

Journal::Journal(Options options, Opening& opening)
    : writer_(std::make_unique<Writer>(std::move(options), opening)) {}

Journal::~Journal() = default;

void Journal::append(JournalEntry entry) { writer_->append(std::move(entry)); }

void Journal::close() { writer_->close(); }

Health Journal::health() const { return writer_->health(); }

void Journal::on_progress(std::function<void()> callback) { writer_->on_progress(std::move(callback)); }

}  // namespace rytme::journal
