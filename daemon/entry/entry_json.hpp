// SPDX-License-Identifier: Apache-2.0
// Ledger entries as JSON objects: what MQTT carries and what stilectl prints for machines.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"
#include "daemon/entry/entry.hpp"

namespace stile {

// Names an entry for ever, together with its gate; in the order of the log.
struct EntryKey {
    std::uint64_t epoch = 0;
    std::uint64_t seq = 0;
    friend auto operator<=>(const EntryKey&, const EntryKey&) = default;
};

// Sixteen hexadecimal digits: what JSON numbers cannot hold exactly.
[[nodiscard]] std::string hex64(std::uint64_t number);

// One line, with the fields of sync/TOPICS.md. Reentrant.
[[nodiscard]] std::string entry_json(std::string_view gate, const Entry& entry);

struct EntryPayload {
    std::string json;
    std::optional<Error> fault;  // the entry could not be read: tell somebody
};

// The payload of one entry as it came from the daemon. Never fails: an entry of a later version, a
// malformed one, or one that claims another key goes out as kind "unknown" with its bytes, because
// the cursor has to move past it and nothing may vanish. Reentrant.
[[nodiscard]] EntryPayload entry_payload(std::string_view gate, EntryKey key, Bytes bytes);

}  // namespace stile
