// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/columns.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

#include "controller/journal/range_coder.hpp"

namespace rytme::journal {
namespace {

constexpr std::size_t max_elements = std::size_t{1}
                                     << 24U;  // far beyond any chunk; keeps a damaged count harmless
constexpr std::size_t head = 2;  // the first values are kept whole, they do not take part in what is shared

// Differences wrap round like the machine's integers, so any value comes back, whatever its size.
std::vector<std::int64_t> differences(std::span<const std::int64_t> values, int order) {
  std::vector<std::int64_t> result(values.begin(), values.end());
  for (int pass = 0; pass < order; ++pass)
    for (std::size_t i = result.size(); i-- > 1;)
      result[i] = static_cast<std::int64_t>(static_cast<std::uint64_t>(result[i]) -
                                            static_cast<std::uint64_t>(result[i - 1]));
  return result;
}

void undo_differences(std::vector<std::int64_t>& values, int order) {
  for (int pass = 0; pass < order; ++pass)
    for (std::size_t i = 1; i < values.size(); ++i)
      values[i] = static_cast<std::int64_t>(static_cast<std::uint64_t>(values[i]) +
                                            static_cast<std::uint64_t>(values[i - 1]));
}

std::uint64_t magnitude(std::int64_t value) {
  return value < 0 ? ~static_cast<std::uint64_t>(value) + 1U : static_cast<std::uint64_t>(value);
}

std::int64_t shared_divisor(std::span<const std::int64_t> residuals) {
  std::uint64_t shared = 0;
  for (std::size_t i = head; i < residuals.size() && shared != 1; ++i)
    shared = std::gcd(shared, magnitude(residuals[i]));
  return shared > 1 && shared <= INT64_MAX ? static_cast<std::int64_t>(shared) : 1;
}

std::size_t cost_bits(std::span<const std::int64_t> residuals) {
  std::size_t bits = 0;
  for (const std::int64_t residual : residuals)
    bits += static_cast<std::size_t>(std::bit_width(zigzag(residual)));
  return bits;
}

// Where one byte is mostly not enough, the low bytes (noise) stand apart from the rest (few different
// values).
bool needs_planes(std::span<const std::int64_t> residuals) {
  constexpr std::uint64_t one_byte = 0x80;
  const auto large = std::count_if(residuals.begin(), residuals.end(),
                                   [](std::int64_t residual) { return zigzag(residual) >= one_byte; });
  return static_cast<std::size_t>(large) > residuals.size() / 8;
}

// How the residuals of a column stand.
constexpr std::uint8_t as_varints = 0, in_planes = 1, arithmetic = 2;
constexpr std::size_t worth_arithmetic = 16;  // values

void put_arithmetic(ByteWriter& out, std::span<const std::int64_t> residuals) {
  const std::string coded = range_coded(residuals);
  out.byte(arithmetic);
  out.varint(coded.size());
  out.end_run();
  out.raw(coded);
  out.end_run();
}

std::vector<std::int64_t> get_residuals(ByteReader& in, std::size_t count) {
  const std::uint8_t form = in.byte();
  if (form > arithmetic) throw BadChunk("a chunk names a form that cannot be");
  if (form == arithmetic) return range_decoded(in.raw(in.count()), count);
  const std::string_view low = in.raw(form == in_planes ? count : 0);
  std::vector<std::int64_t> residuals(count);
  for (std::size_t i = 0; i < count; ++i)
    residuals[i] =
        unzigzag(form == in_planes ? (in.varint() << 8U) | static_cast<std::uint8_t>(low[i]) : in.varint());
  return residuals;
}

struct Plan {
  int order{};
  std::int64_t divisor{1};
  std::vector<std::int64_t> residuals;
};

Plan plan_for(std::span<const std::int64_t> values, int order) {
  Plan plan{order, 1, differences(values, order)};
  plan.divisor = shared_divisor(plan.residuals);
  for (std::size_t i = head; i < plan.residuals.size(); ++i) plan.residuals[i] /= plan.divisor;
  return plan;
}

Plan best_plan(std::span<const std::int64_t> values) {
  Plan best = plan_for(values, 0);
  for (int order = 1; order <= 2; ++order) {
    Plan other = plan_for(values, order);
    if (cost_bits(other.residuals) < cost_bits(best.residuals)) best = std::move(other);
  }
  return best;
}

}  // namespace

void ByteWriter::varint(std::uint64_t value) {
  for (; value >= 0x80U; value >>= 7U) byte(static_cast<std::uint8_t>(value | 0x80U));
  byte(static_cast<std::uint8_t>(value));
}

std::uint8_t ByteReader::byte() {
  if (rest_.empty()) throw BadChunk("a chunk ends too early");
  const auto value = static_cast<std::uint8_t>(rest_.front());
  rest_.remove_prefix(1);
  return value;
}

std::uint64_t ByteReader::long_varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const std::uint8_t part = byte();
    value |= std::uint64_t{part & 0x7fU} << shift;
    if ((part & 0x80U) == 0) return value;
  }
  throw BadChunk("a chunk holds a number that is too long");
}

std::string_view ByteReader::raw(std::size_t count) {
  if (count > rest_.size()) throw BadChunk("a chunk ends too early");
  const std::string_view bytes = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return bytes;
}

std::size_t ByteReader::count() {
  const std::uint64_t value = varint();
  if (value > max_elements) throw BadChunk("a chunk holds a count that cannot be");
  return static_cast<std::size_t>(value);
}

void put_integers(ByteWriter& out, std::span<const std::int64_t> values, Packing packing) {
  const Plan plan = best_plan(values);
  out.varint(values.size());
  out.byte(static_cast<std::uint8_t>(plan.order));
  out.varint(static_cast<std::uint64_t>(plan.divisor));
  // Most columns are constant or count evenly: what is zero to the end is not written at all.
  const auto zeros = std::find_if(plan.residuals.rbegin(), plan.residuals.rend(),
                                  [](auto residual) { return residual != 0; });
  const auto written =
      std::span(plan.residuals).first(static_cast<std::size_t>(plan.residuals.rend() - zeros));
  out.varint(written.size());
  if (packing == Packing::arithmetic && written.size() >= worth_arithmetic)
    return put_arithmetic(out, written);
  const bool wide = needs_planes(written);
  out.byte(wide ? in_planes : as_varints);
  out.end_run();
  if (wide) {
    for (const std::int64_t residual : written) out.byte(static_cast<std::uint8_t>(zigzag(residual)));
    out.end_run();
  }
  for (const std::int64_t residual : written) out.varint(zigzag(residual) >> (wide ? 8U : 0U));
  out.end_run();
}

std::size_t cost_of(std::span<const std::int64_t> values) { return cost_bits(best_plan(values).residuals); }

std::vector<std::int64_t> get_integers(ByteReader& in) {
  const std::size_t count = in.count();
  const int order = in.byte();
  const std::uint64_t divisor = in.varint();
  if (order > 2) throw BadChunk("a chunk names differences of an order that cannot be");
  const std::size_t written = in.count();
  if (written > count) throw BadChunk("a chunk holds more values than it counts");
  std::vector<std::int64_t> values = get_residuals(in, written);
  for (std::size_t i = head; i < written; ++i)
    values[i] = static_cast<std::int64_t>(static_cast<std::uint64_t>(values[i]) * divisor);
  values.resize(count);
  undo_differences(values, order);
  return values;
}

}  // namespace rytme::journal
