// SPDX-License-Identifier: Apache-2.0
// The independent watchdog, and the settings in the last two pages of the flash. `Io` as cortex_m/mmio.hpp.
#pragma once

#include "firmware/boards/stm32vldiscovery/clock.hpp"
#include "firmware/core/storage.hpp"

namespace rytme::firmware::stm32 {

// Starts the processor anew 200 ms after it was fed last, by its own oscillator of 30 to 60 kHz: 133 to 267
// ms.
template <typename Io>
class Watchdog {
 public:
  constexpr explicit Watchdog(Io& io) : io_(io) {}
  void feed() {
    if (!running_) start();
    io_.store(iwdg::key, iwdg::feed);
  }

 private:
  void start() {
    running_ = true;
    io_.store(iwdg::key, iwdg::start);
    io_.store(iwdg::key, iwdg::unlock);
    io_.store(iwdg::prescaler, iwdg::by_16);
    io_.store(iwdg::reload, 500);
    await_bits(io_, iwdg::status, 3, 0,
               10'000);  // five of its own clocks; if it takes longer it is only slower to bite
  }

  Io& io_;
  bool running_{};
};

template <typename Io>
class FlashStorage final : public Storage {
 public:
  static constexpr unsigned looks = 400'000;  // more than 40 ms, which erasing a page takes at most

  constexpr explicit FlashStorage(Io& io) : io_(io) {}

  bool load(unsigned place, std::span<std::uint16_t> words) override {
    for (std::size_t i = 0; i < words.size(); ++i) {
      const auto address = page(place) + 2 * i;
      words[i] = static_cast<std::uint16_t>(io_.load(address & ~std::uintptr_t{3}) >> (8 * (address & 2U)));
    }
    return true;
  }

  bool save(unsigned place, std::span<const std::uint16_t> words) override {
    io_.store(flash::key, flash::key1);
    io_.store(flash::key, flash::key2);
    const bool ok = erase(page(place)) && program(page(place), words);
    io_.store(flash::cr, flash::lock);
    return ok;
  }

 private:
  static constexpr std::uintptr_t page(unsigned place) { return flash::settings + place * flash::page_bytes; }

  bool is_done() {
    if (!await_bits(io_, flash::sr, flash::busy, 0, looks)) return false;
    const auto status = io_.load(flash::sr);
    io_.store(flash::sr, flash::done | flash::failed);  // cleared by writing
    return (status & flash::failed) == 0;
  }

  bool erase(std::uintptr_t address) {
    io_.store(flash::cr, flash::erase_page);
    io_.store(flash::ar, static_cast<std::uint32_t>(address));
    io_.store(flash::cr, flash::erase_page | flash::start);
    return is_done();
  }

  // What was written is compared.
  bool program(std::uintptr_t address, std::span<const std::uint16_t> words) {
    io_.store(flash::cr, flash::program);
    for (std::size_t i = 0; i < words.size(); ++i) {
      io_.store_half(address + 2 * i, words[i]);
      if (!is_done()) return false;
    }
    for (std::size_t i = 0; i < words.size(); ++i) {
      const auto at = address + 2 * i;
      if (static_cast<std::uint16_t>(io_.load(at & ~std::uintptr_t{3}) >> (8 * (at & 2U))) != words[i])
        return false;
    }
    return true;
  }

  Io& io_;
};

}  // namespace rytme::firmware::stm32
