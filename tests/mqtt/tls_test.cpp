// SPDX-License-Identifier: Apache-2.0
// TLS with a real broker: who trusts whom, and what is told when somebody does not.
#include <gmock/gmock.h>

#include "tests/mqtt/certificates.hpp"
#include "tests/mqtt/peer.hpp"
#include "tests/support/broker.hpp"

namespace rytme::mqtt::test {
namespace {

using namespace std::chrono_literals;
using rytme::test::Broker;
using rytme::test::BrokerUser;
using testing::HasSubstr;

class Encrypted : public testing::Test {
 protected:
  void start_broker(const std::string& certificate = "broker", const std::string& more = "") {
    broker_ = std::make_unique<Broker>(
        std::vector<BrokerUser>{{"rytme", "secret"}}, "user rytme\ntopic readwrite #\n",
        "cafile " + certificates_.ca() + "\ncertfile " + certificates_.file(certificate + ".pem") +
            "\nkeyfile " + certificates_.file(certificate + ".key") + "\n" + more);
  }
  Options options(const std::string& ca) const {
    Options options = options_for(broker_->port(), "room");
    options.tls = Tls{ca, "", ""};
    return options;
  }
  Options options() const { return options(certificates_.ca()); }

  // Refused, for this reason, and not tried again soon.
  void expect_refused(const Options& options, const std::string& reason) {
    Peer room(options, {"x"});
    ASSERT_TRUE(room.wait_for(Link::refused)) << reason;
    EXPECT_THAT(room.told().back().second, HasSubstr(reason));
    // Not always 1: a broker that closes behind its alert can make the line lose it, which looks like any
    // loss.
    const auto attempts = room.client().counters().attempts;
    EXPECT_FALSE(room.wait_for(Link::up, 700ms));
    EXPECT_EQ(room.client().counters().attempts, attempts) << "tried again at once";
    EXPECT_EQ(room.client().counters().connects, 0u);
  }

  void SetUp() override { certificates_.sign("broker", "broker", "IP:127.0.0.1,DNS:localhost"); }
  Certificates certificates_;
  std::unique_ptr<Broker> broker_;
};

TEST_F(Encrypted, PasswordOverTls) {
  start_broker();
  for (const char* host : {"127.0.0.1", "localhost"}) {
    Options by_name = options();
    by_name.host = host;
    Peer room(by_name, {"x"});
    ASSERT_TRUE(room.wait_for(Link::up)) << host;
    room.client().publish(event("x", "hello"), now());
    EXPECT_EQ(room.wait_message("x").payload, "hello");
  }
  // Wrong password: the same word as without TLS.
  Options wrong = options();
  wrong.password = "wrong";
  Peer refused(wrong);
  EXPECT_TRUE(refused.wait_for(Link::refused));
}

TEST_F(Encrypted, ComesBackAfterTheBroker) {
  start_broker();
  Peer room(options(), {"x"});
  ASSERT_TRUE(room.wait_for(Link::up));
  broker_->kill();
  ASSERT_TRUE(room.wait_for(Link::down));
  const auto attempts = room.client().counters().attempts;
  EXPECT_FALSE(room.wait_for(Link::up, 700ms));
  EXPECT_GE(room.client().counters().attempts, attempts + 2) << "does not notice that nobody is there";
  broker_->start();
  ASSERT_TRUE(room.wait_for(Link::up, 2s));
  room.client().publish(event("x", "again"), now());
  EXPECT_EQ(room.wait_message("x").payload, "again");
}

TEST_F(Encrypted, ACertificateInPlaceOfAPassword) {
  start_broker("broker", "require_certificate true\nuse_identity_as_username true\n");
  certificates_.sign("room", "rytme");
  Options proving = options();
  proving.user.clear();
  proving.password.clear();
  proving.tls->certificate = certificates_.file("room.pem");
  proving.tls->key = certificates_.file("room.key");
  Peer room(proving, {"x"});
  ASSERT_TRUE(room.wait_for(Link::up));
  room.client().publish(event("x", "signed"), now());  // the access list knows the certificate's name
  EXPECT_EQ(room.wait_message("x").payload, "signed");

  expect_refused(options(), "wants a client certificate");
  Certificates stranger;  // of the same name
  stranger.sign("room", "rytme");
  proving.tls->certificate = stranger.file("room.pem");
  proving.tls->key = stranger.file("room.key");
  expect_refused(proving, "does not accept the certificate");
  proving.tls->key = certificates_.file("room.key");
  expect_refused(proving, "do not belong together");
}

TEST_F(Encrypted, ABrokerThatNobodyTrustedSignedIsRefused) {
  start_broker();
  const Certificates stranger;
  expect_refused(options(stranger.ca()), "not signed by the ca");
}

TEST_F(Encrypted, ABrokerOfAnotherNameIsRefused) {
  certificates_.sign("elsewhere", "elsewhere", "DNS:elsewhere.example");
  start_broker("elsewhere");
  expect_refused(options(), "another host name");
}

TEST_F(Encrypted, ABrokerWithoutTlsIsNotSpokenTo) {
  broker_ = std::make_unique<Broker>();
  Peer room(options());
  ASSERT_TRUE(room.wait_for(Link::down));
  EXPECT_THAT(room.told().back().second, HasSubstr("TLS"));
  EXPECT_EQ(room.client().counters().connects, 0u);
}

TEST_F(Encrypted, AFileThatHasGoneIsTold) {
  start_broker();
  expect_refused(options(certificates_.file("gone.pem")), "cannot be read");
}

}  // namespace
}  // namespace rytme::mqtt::test
