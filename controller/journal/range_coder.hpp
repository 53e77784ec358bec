// SPDX-License-Identifier: Apache-2.0
// Small integers by adaptive arithmetic coding: fewer bytes than a byte-wise compressor gives where
// neighbours differ by noise, as beat intervals do, and slower (about 0.1 µs per value). A bit's probability
// follows what came before in the same context; the context of a value is how large its neighbours were.
// After the carryless coder of M. Mahoney's lpaq. Pure. The models are part of codec version 2.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rytme::journal {

std::string range_coded(std::span<const std::int64_t> values);
// Any bytes give some values; whether they are the right ones is the chunk's checksum to say.
std::vector<std::int64_t> range_decoded(std::string_view bytes, std::size_t count);

}  // namespace rytme::journal
