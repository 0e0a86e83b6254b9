// SPDX-License-Identifier: Apache-2.0
// The listening TCP socket of one of our small HTTP servers.
#pragma once

#include <cstdint>

#include "crypto/base/result.hpp"
#include "daemon/runtime/tcp_address.hpp"
#include "daemon/runtime/unique_fd.hpp"

namespace stile {

// A socket that listens there, does not block and delays no small packet. Errors: Denied, Io.
[[nodiscard]] Result<UniqueFd> listen_at(const TcpAddress& address, int backlog);

// Where a socket listens, when port 0 left the choice to the system.
[[nodiscard]] std::uint16_t port_of(int socket);

}  // namespace stile
