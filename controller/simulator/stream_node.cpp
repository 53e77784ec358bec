// SPDX-License-Identifier: Apache-2.0
#include "controller/simulator/stream_node.hpp"

#include <utility>

namespace rytme::simulator {
namespace {

// "hr/sample" -> the property `sample` of the node `hr`.
homie::Property stream_property(const std::string& stream) {
  const auto slash = stream.find('/');
  homie::Property property;
  property.node = stream.substr(0, slash);
  property.id = stream.substr(slash + 1);
  property.datatype = "json";
  property.retained = false;
  return property;
}

}  // namespace

StreamNode::StreamNode(Settings settings, std::unique_ptr<FrameSource> source,
                       std::shared_ptr<StreamClock> clock)
    : settings_(std::move(settings)),
      homie_(settings_.node, settings_.device, {stream_property(settings_.stream)}),
      controller_state_("homie/5/" + settings_.controller + "/$state"),
      source_(std::move(source)),
      clock_(std::move(clock)) {
  clock_->expect_node();
}

std::vector<MqttPublish> StreamNode::on_connect(Instant /*now*/) { return homie_.announcement(); }

void StreamNode::receive(const MqttMessage& message, Instant now, std::vector<MqttPublish>& /*out*/) {
  if (begun_ || message.topic != controller_state_ || message.payload != "ready") return;
  begun_ = true;
  clock_->node_ready(now);
}

// Sends everything that is due, in order; a late call catches up and drops nothing.
void StreamNode::tick(Instant now, std::vector<MqttPublish>& out) {
  while (next_wake() <= now) {
    auto text = source_->take(settings_.boot, seq_);
    ++seq_;
    if (!text) continue;
    MqttPublish publish;
    publish.topic = homie_.topic(settings_.stream);
    publish.payload = std::move(*text);
    publish.qos = 0;
    out.push_back(std::move(publish));
  }
}

Instant StreamNode::next_wake() const {
  const auto next = source_ ? source_->next_us() : std::nullopt;
  return next ? clock_->due(*next) : Instant::max();
}

}  // namespace rytme::simulator
