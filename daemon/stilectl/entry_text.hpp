// SPDX-License-Identifier: Apache-2.0
// One ledger entry as a line for people.
#pragma once

#include <string>
#include <string_view>

#include "daemon/entry/entry.hpp"
#include "daemon/stilectl/colour.hpp"

namespace stile {

// "  1234  2026-05-01 18:00:00.250  lane-1    refused USED, ticket abab..." with a line feed, in
// the host's time zone. Whatever the entry's texts hold, nothing of it steers the terminal.
[[nodiscard]] std::string entry_line(const Entry& entry, Colour colour);
// For an entry that this version cannot read.
[[nodiscard]] std::string unreadable_line(std::uint64_t seq, std::string_view why);

// The lane that it happened at; empty: the gate.
[[nodiscard]] std::string_view lane_of(const Entry& entry);

}  // namespace stile
