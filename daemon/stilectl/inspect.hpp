// SPDX-License-Identifier: Apache-2.0
// What a scanned text is, and why it is or is not a valid ticket, without a daemon.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "daemon/stilectl/named_keys.hpp"

namespace stile {

// The text as one line of JSON without its end: format, valid, reason (a code of DESIGN section 3),
// and everything that the ticket says. Each text stands alone: nothing is remembered, looked up in
// a list or counted; the code that parses, proves and decides is the gate's. Total, whatever the
// text.
[[nodiscard]] std::string inspect_ticket(std::string_view text, const NamedKeys& keys,
                                         std::chrono::sys_seconds now);

}  // namespace stile
