// SPDX-License-Identifier: Apache-2.0
// The socket that the client library keeps to itself, found by the port at its other end.
#pragma once

#include <string_view>

namespace stile::sync {

// Both act on every TCP socket of this process that is connected to the port of `broker`
// ("tcp://host:1883") and return how many there were. Thread-safe.

// Sets TCP_NODELAY. Without it a publish behind an acknowledgement waits 40 ms for the other side's
// delayed ACK.
int set_no_delay(std::string_view broker);

// Ends the connection without a word, so that the broker publishes the will.
int break_connection(std::string_view broker);

}  // namespace stile::sync
