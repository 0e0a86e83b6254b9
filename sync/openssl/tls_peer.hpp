// SPDX-License-Identifier: Apache-2.0
// Shakes hands with a broker as the client library does, and says what it thinks of its
// certificate.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "sync/mqtt/session.hpp"

namespace stile::sync {

struct TlsPeer {
    std::string trouble;                          // why it is not trusted, for people; empty: it is
    std::optional<std::chrono::sys_seconds> end;  // of its certificate
};

// Over a connected socket, which has its timeouts. Verifies chain and host name. Blocks.
[[nodiscard]] TlsPeer shake_hands(int socket, const std::string& host, const Tls& files);

}  // namespace stile::sync
