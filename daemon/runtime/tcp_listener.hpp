// SPDX-License-Identifier: Apache-2.0
// The listening TCP socket of one of our small HTTP servers.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <netinet/in.h>

#include "crypto/base/result.hpp"
#include "daemon/runtime/unique_fd.hpp"

namespace stile {

// "127.0.0.1:9464" or "[::1]:9464".
class TcpAddress {
public:
    // Nothing for anything else, names included.
    [[nodiscard]] static std::optional<TcpAddress> parse(std::string_view text);
    // 127.0.0.1 or ::1.
    [[nodiscard]] bool is_loopback() const;

    // A socket that listens there, does not block and delays no small packet. Errors: Denied, Io.
    [[nodiscard]] Result<UniqueFd> listen(int backlog) const;

private:
    union Storage {
        sockaddr any;
        sockaddr_in v4;
        sockaddr_in6 v6;
    };
    TcpAddress() = default;
    [[nodiscard]] socklen_t size() const;
    Storage at_{};
};

// Where a socket listens, when port 0 left the choice to the system.
[[nodiscard]] std::uint16_t port_of(int socket);

}  // namespace stile
