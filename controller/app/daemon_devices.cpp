// SPDX-License-Identifier: Apache-2.0
// What a maintainer sees and asks of the devices.
#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include "controller/app/clock.hpp"
#include "controller/app/daemon.hpp"
#include "controller/app/fault_rows.hpp"
#include "controller/journal/whole_file.hpp"

namespace rytme::app {
namespace {

web::Page found_or_404(std::optional<std::string> body) {
  if (!body) return web::problem_page(404, "There is no such device.");
  return {200, "application/json", std::move(*body)};
}

}  // namespace

DeviceView Daemon::device_view() const {
  DeviceView view{house_, *core_, book_, {}, now().steady};
  for (const auto& bus : buses_) view.buses.push_back(bus->counters());
  return view;
}

void Daemon::devices_port(web::RoomPort& port) {
  port.devices = [this] { return device_rows(device_view()); };
  port.faults = [this] { return fault_rows(house_, core_->faults(), core_->silences(), now().steady); };
  port.device = [this](const std::string& id) { return found_or_404(device_text(device_view(), id)); };
  port.device_frames = [this](const std::string& id) { return found_or_404(frames_text(device_view(), id)); };
  port.profiles = [this] { return web::Page{200, "application/json", profiles_text(house_)}; };
  port.silence = [this](const web::SilenceAsked& asked, const web::PageHandler& answer) {
    silence(asked, answer);
  };
}

// What a room has that nobody has told us of: looked for when it is asked for, and not beside somebody.
void Daemon::discovery_port(web::RoomPort& port) {
  search_ = std::make_unique<BrokerSearch>(io_, house_, [this](std::function<void()> job) {
    return queries_->ask([job = std::move(job)](journal::Reader*) { job(); });
  });
  port.discover = [this] {
    if (!search_->start()) return web::problem_page(409, "It listens already.");
    return web::Page{202, "application/json", search_->text()};
  };
  port.discovery = [this] { return web::Page{200, "application/json", search_->text()}; };
  port.scan = [this](const std::string& id) {
    const auto bus = bus_named(id);
    if (!bus) return web::problem_page(404, "There is no such bus.");
    if (core_->state(now().steady).mode != RoomMode::idle)
      return web::problem_page(409, "A session is on, or the room is stopped.");
    if (scans_[*bus].running()) return web::problem_page(409, "It is asked already.");
    buses_[*bus]->ask_once(scans_[*bus].begin());
    return web::Page{202, "application/json", scans_[*bus].text()};
  };
  port.scanned = [this](const std::string& id) {
    const auto bus = bus_named(id);
    if (!bus) return web::problem_page(404, "There is no such bus.");
    return web::Page{200, "application/json", scans_[*bus].text()};
  };
}

std::optional<std::size_t> Daemon::bus_named(const std::string& id) const {
  for (std::size_t i = 0; i < house_.buses.size(); ++i)
    if (house_.buses[i].id == id) return i;
  return std::nullopt;
}

// A read without a period is one of a scan.
bool Daemon::take_scanned(const RegisterBlock& block) {
  if (block.read.period.count() != 0) return false;
  BusScan& scan = scans_[block.read.bus];
  const bool idle = core_->state(now().steady).mode == RoomMode::idle;
  if (!idle && scan.running()) {
    buses_[block.read.bus]->ask_once({});
    scan.abandon();
  }
  scan.take(block, buses_[block.read.bus]->up());
  return true;
}

// The file is written where questions wait for the disk, never here.
void Daemon::silence(const web::SilenceAsked& asked, const web::PageHandler& answer) {
  const auto rungs = safety::ladder();
  const auto rung = std::find_if(rungs.begin(), rungs.end(),
                                 [&](const safety::Rung& row) { return row.name == asked.fault; });
  if (rung == rungs.end()) return answer(web::problem_page(404, "There is no such fault."));
  if (!may_be_silent(*rung)) return answer(web::problem_page(422, "This fault is always told."));
  const bool known =
      asked.device.empty() || std::any_of(house_.devices.begin(), house_.devices.end(),
                                          [&](const auto& device) { return device.id == asked.device; });
  if (!known) return answer(web::problem_page(404, "There is no such device."));
  Silences silences = core_->silences();
  const WallTime until = tomorrow_morning(now().wall);
  if (asked.on)
    silences.put({asked.fault, asked.device, until});
  else
    silences.end(asked.fault, asked.device);
  core_->be_silent(silences);
  core_->wake(now(), effects_);
  carry_out();
  web::Page done{200, "application/json",
                 asked.on ? R"({"until":")" + iso_text(until) + R"("})" : R"({"until":null})"};
  auto job = [this, answer, text = silences.text(), done = std::move(done)](journal::Reader*) {
    std::string fault;
    try {
      journal::replace_file(Silences::file(start_.data), text);
    } catch (const std::runtime_error& error) {
      fault = error.what();
    }
    boost::asio::post(io_, [answer, done, fault] {
      if (fault.empty()) return answer(done);
      spdlog::error("{}", fault);
      answer(web::problem_page(503, "It holds until the controller starts anew: the disk does not take it."));
    });
  };
  if (!queries_->ask(std::move(job))) answer(web::problem_page(503, "Too many questions wait."));
}

}  // namespace rytme::app
