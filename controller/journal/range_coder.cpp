// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/range_coder.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace rytme::journal {
namespace {

// How likely the next bit is a one, by two averages, a quick one and a slow one; 16 bits. The first bits
// count most.
class Bit {
 public:
  std::uint32_t one() const {
    return static_cast<std::uint32_t>(std::clamp((quick_ + slow_) / 2, 32, 65535 - 32));
  }
  void seen(bool bit) {
    const std::int32_t aim = bit ? 65535 : 0;
    seen_ = std::min(seen_ + 1, slowest);
    quick_ += (aim - quick_) / std::min(seen_, quickest);
    slow_ += (aim - slow_) / seen_;
  }

 private:
  static constexpr std::int32_t quickest = 20, slowest = 160;
  std::int32_t quick_{32768}, slow_{32768}, seen_{1};
};

class Encoder {
 public:
  void put(Bit& model, bool bit) {
    const std::uint32_t middle = middle_of(model.one());
    bit ? high_ = middle : low_ = middle + 1;
    model.seen(bit);
    for (; ((low_ ^ high_) >> 24U) == 0; low_ <<= 8U, high_ = (high_ << 8U) | 0xffU)
      bytes_.push_back(static_cast<char>(high_ >> 24U));
  }
  std::string take() {
    for (int i = 0; i < 4; ++i, low_ <<= 8U) bytes_.push_back(static_cast<char>(low_ >> 24U));
    return std::move(bytes_);
  }

 private:
  std::uint32_t middle_of(std::uint32_t one) const {
    return low_ + static_cast<std::uint32_t>((std::uint64_t{high_ - low_} * one) >> 16U);
  }
  std::uint32_t low_{0}, high_{0xffffffff};
  std::string bytes_;
};

class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : bytes_(bytes) {
    for (int i = 0; i < 4; ++i) code_ = (code_ << 8U) | next();
  }
  bool get(Bit& model) {
    const auto middle = low_ + static_cast<std::uint32_t>((std::uint64_t{high_ - low_} * model.one()) >> 16U);
    const bool bit = code_ <= middle;
    bit ? high_ = middle : low_ = middle + 1;
    model.seen(bit);
    for (; ((low_ ^ high_) >> 24U) == 0; low_ <<= 8U, high_ = (high_ << 8U) | 0xffU)
      code_ = (code_ << 8U) | next();
    return bit;
  }

 private:
  std::uint32_t next() { return at_ < bytes_.size() ? static_cast<std::uint8_t>(bytes_[at_++]) : 0; }
  std::string_view bytes_;
  std::size_t at_{};
  std::uint32_t low_{0}, high_{0xffffffff}, code_{};
};

// One value as bits: zero or not, the sign, the length of its magnitude in unary, then the magnitude below
// its highest bit, of which the upper three have models. The same walk writes and reads.
class Model {
 public:
  // `bit(model, value)` gives the bit back: the encoder's the one it was given, the decoder's the one it
  // found.
  template <typename Coder>
  std::int64_t pass(std::int64_t value, Coder bit) {
    auto magnitude =
        value < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
    const auto context = static_cast<std::size_t>(std::bit_width(2 * before_[0] + before_[1] + before_[2]));
    Context& here = contexts_[std::min(context, contexts_.size() - 1)];
    bool negative = value < 0;
    if (bit(here.zero, magnitude == 0)) {
      magnitude = 0;
      sign_before_ = 0;
    } else {
      negative = bit(signs_[sign_before_], negative);
      const auto wanted = static_cast<unsigned>(std::bit_width(magnitude));
      unsigned length = 1;
      while (length < 64 && bit(here.longer[length], length < wanted)) ++length;
      magnitude = mantissa(magnitude, length, bit);
      sign_before_ = negative ? 1 : 2;
    }
    before_[2] = before_[1];
    before_[1] = before_[0];
    before_[0] = std::min(magnitude, std::uint64_t{1} << 40U);
    return static_cast<std::int64_t>(negative ? std::uint64_t{0} - magnitude : magnitude);
  }

 private:
  struct Context {
    Bit zero;
    std::array<Bit, 65> longer;
  };

  template <typename Coder>
  std::uint64_t mantissa(std::uint64_t magnitude, unsigned length, Coder bit) {
    std::uint64_t result = 1;
    for (unsigned place = length - 1; place-- > 0;) {
      Bit even;
      Bit& model = result < 8 ? mantissas_[length][result] : even;
      result = (result << 1U) | (bit(model, ((magnitude >> place) & 1U) != 0) ? 1U : 0U);
    }
    return result;
  }

  std::array<Context, 13> contexts_;
  std::array<Bit, 3> signs_;
  std::array<std::array<Bit, 8>, 65> mantissas_;
  std::array<std::uint64_t, 3> before_{};
  std::size_t sign_before_{};
};

}  // namespace

std::string range_coded(std::span<const std::int64_t> values) {
  Encoder encoder;
  Model model;
  for (const std::int64_t value : values)
    model.pass(value, [&](Bit& bit, bool one) {
      encoder.put(bit, one);
      return one;
    });
  return encoder.take();
}

std::vector<std::int64_t> range_decoded(std::string_view bytes, std::size_t count) {
  Decoder decoder(bytes);
  Model model;
  std::vector<std::int64_t> values;
  for (std::size_t i = 0; i < count; ++i)
    values.push_back(model.pass(0, [&](Bit& bit, bool) { return decoder.get(bit); }));
  return values;
}

}  // namespace rytme::journal
