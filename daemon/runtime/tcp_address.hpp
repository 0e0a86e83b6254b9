// SPDX-License-Identifier: Apache-2.0
// Where one of our small HTTP servers listens.
#pragma once

#include <optional>
#include <string_view>

#include <netinet/in.h>

namespace stile {

// "127.0.0.1:9464" or "[::1]:9464".
class TcpAddress {
public:
    // Nothing for anything else, names included.
    [[nodiscard]] static std::optional<TcpAddress> parse(std::string_view text);
    // 127.0.0.1 or ::1.
    [[nodiscard]] bool is_loopback() const;

    // For the system's calls; size() bytes of it count.
    [[nodiscard]] const sockaddr& get() const { return at_.any; }
    [[nodiscard]] socklen_t size() const;

private:
    union Storage {
        sockaddr any;
        sockaddr_in v4;
        sockaddr_in6 v6;
    };
    TcpAddress() = default;
    Storage at_{};
};

}  // namespace stile
