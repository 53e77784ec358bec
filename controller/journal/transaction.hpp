// SPDX-License-Identifier: Apache-2.0
// BEGIN IMMEDIATE to COMMIT; what was not committed is rolled back.
#pragma once

#include "controller/journal/sqlite.hpp"

namespace rytme::journal {

class Transaction {
 public:
  explicit Transaction(Connection& connection) : connection_(connection) {
    connection_.execute("BEGIN IMMEDIATE");
  }
  ~Transaction() {
    if (connection_.in_transaction()) connection_.end_reading();
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit() { connection_.execute("COMMIT"); }

 private:
  Connection& connection_;
};

}  // namespace rytme::journal
