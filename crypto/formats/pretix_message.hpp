// SPDX-License-Identifier: Apache-2.0
// The protobuf message inside a pretix_sig1 ticket.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>

#include "crypto/base/bytes.hpp"
#include "crypto/ticket.hpp"

namespace stile::crypto {

struct PretixMessage {
    std::string_view seed;  // a view into the parsed bytes
    std::uint64_t item = 0;
    std::uint64_t variation = 0;               // 0: none
    std::uint64_t subevent = 0;                // 0: none
    std::optional<std::uint64_t> valid_from;   // Unix seconds; 0 means the same as absent
    std::optional<std::uint64_t> valid_until;  // the same
};

// Unknown fields are skipped, as protobuf demands; what could be understood in two ways is refused:
// a known field twice or in another wire type, groups, a negative number, a seed that is no UTF-8,
// and a ticket without an item. Faults: BadField. Reentrant, allocates nothing.
[[nodiscard]] std::expected<PretixMessage, Fault> parse_pretix_message(Bytes payload);

}  // namespace stile::crypto
