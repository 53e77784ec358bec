// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/query_thread.hpp"

#include <future>

#include <gmock/gmock.h>

#include "controller/journal/journal.hpp"
#include "tests/journal/journal_support.hpp"

namespace rytme::journal {
namespace {

TEST(QueryThread, AnswersFromTheFileAndSaysWhenThereIsNone) {
  TemporaryFolder folder;
  std::promise<bool> without;
  std::promise<std::size_t> count;
  QueryThread queries(folder.file());
  ASSERT_TRUE(queries.ask([&](Reader* reader) { without.set_value(reader == nullptr); }));
  EXPECT_TRUE(without.get_future().get());

  Opening opening;
  Journal({.file = folder.file()}, opening).close();
  ASSERT_TRUE(queries.ask(
      [&](Reader* reader) { count.set_value(reader == nullptr ? 99 : reader->sessions({}).size()); }));
  EXPECT_EQ(count.get_future().get(), 0U);
}

TEST(QueryThread, TakesNoMoreQuestionsThanItCanHold) {
  TemporaryFolder folder;
  std::promise<void> begun, go_on;
  QueryThread queries(folder.file());
  queries.ask([&](Reader*) {
    begun.set_value();
    go_on.get_future().wait();
  });
  begun.get_future().wait();
  int taken = 0;
  while (queries.ask([](Reader*) {})) ++taken;
  EXPECT_EQ(taken, 32);
  go_on.set_value();
}

}  // namespace
}  // namespace rytme::journal
