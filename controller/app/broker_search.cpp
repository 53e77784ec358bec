// SPDX-License-Identifier: Apache-2.0
#include "controller/app/broker_search.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/json.hpp>

#include "controller/app/broker_line.hpp"
#include "controller/journal/utf8.hpp"

namespace rytme::app {
namespace {

namespace json = boost::json;

constexpr std::chrono::seconds listens{6};
constexpr std::size_t slice = 64;

json::value word_or_null(const std::string& text) {
  return text.empty() ? json::value() : json::value(journal::valid_utf8(text));
}

std::vector<std::string> ids_of(const settings::House& house) {
  std::vector<std::string> ids;
  for (const auto& device : house.devices) ids.push_back(device.id);
  return ids;
}

}  // namespace

std::string known_as(const settings::House& house, const discovery::Offer& offer) {
  if (offer.params.empty()) return "";
  for (const auto& device : house.devices) {
    if (device.bus.has_value() != !offer.bus.empty()) continue;
    const bool all = std::all_of(offer.params.begin(), offer.params.end(), [&](const auto& wanted) {
      return std::any_of(device.params.begin(), device.params.end(),
                         [&](const auto& param) { return param.second == wanted.second; });
    });
    if (all) return device.id;
  }
  return "";
}

BrokerSearch::BrokerSearch(boost::asio::io_context& io, const settings::House& house, Elsewhere elsewhere)
    : io_(io),
      house_(house),
      elsewhere_(std::move(elsewhere)),
      timer_(io),
      listener_("rytme-" + house.room.id) {}

bool BrokerSearch::start() {
  if (client_) return false;
  listener_ = discovery::Listener("rytme-" + house_.room.id);
  trouble_ = "the broker was not reached";
  ran_ = true;
  mqtt::Client::Handlers handlers;
  handlers.on_messages = [this] { boost::asio::post(io_, [this] { drain(); }); };
  handlers.on_link = [this](mqtt::Link link, const std::string& reason) {
    boost::asio::post(io_, [this, link, reason] {
      if (client_) trouble_ = link == mqtt::Link::up ? "" : reason;
    });
  };
  client_ = std::make_shared<mqtt::Client>(broker_options(house_, "search"),
                                           discovery::Listener::subscriptions(), std::move(handlers));
  client_->start();
  timer_.expires_after(listens);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) end();
  });
  return true;
}

void BrokerSearch::drain() {
  if (!client_) return;
  if (client_->drain(messages_, slice)) boost::asio::post(io_, [this] { drain(); });
  for (const auto& message : messages_) listener_.hear(message);
  if (listener_.full()) end();
}

// To part from a broker takes its time, and the room does not wait for it.
void BrokerSearch::end() {
  timer_.cancel();
  const auto client = std::exchange(client_, nullptr);
  if (client) elsewhere_([client] { client->stop(); });
}

std::string BrokerSearch::text() const {
  json::array found;
  for (const auto& one : listener_.found()) {
    const auto known = known_as(house_, one.offer);
    found.push_back({{"source", std::string(name_of(one.source))},
                     {"id", journal::valid_utf8(one.id)},
                     {"name", word_or_null(one.name)},
                     {"model", word_or_null(one.model)},
                     {"state", word_or_null(one.state)},
                     {"profile", word_or_null(one.offer.profile)},
                     {"known_as", word_or_null(known)},
                     {"block", word_or_null(known.empty() ? discovery::block_of(one, ids_of(house_)) : "")}});
  }
  return json::serialize(json::object{{"state", client_ ? "listening"
                                                : ran_  ? "done"
                                                        : "idle"},
                                      {"trouble", client_ ? json::value() : word_or_null(trouble_)},
                                      {"found", std::move(found)}});
}

}  // namespace rytme::app
