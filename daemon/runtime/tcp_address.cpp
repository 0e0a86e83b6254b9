// SPDX-License-Identifier: Apache-2.0
// Addresses are numbers: nothing asks a name server.
#include "daemon/runtime/tcp_address.hpp"

#include <charconv>
#include <string>
#include <system_error>

#include <arpa/inet.h>

namespace stile {

std::optional<TcpAddress> TcpAddress::parse(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto digits = text.substr(colon + 1);
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    std::string host{text.substr(0, colon)};
    TcpAddress out;
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
        out.at_.v6 = {};
        out.at_.v6.sin6_family = AF_INET6;
        out.at_.v6.sin6_port = htons(port);
        if (::inet_pton(AF_INET6, host.c_str(), &out.at_.v6.sin6_addr) != 1) return std::nullopt;
        return out;
    }
    out.at_.v4 = {};
    out.at_.v4.sin_family = AF_INET;
    out.at_.v4.sin_port = htons(port);
    if (::inet_pton(AF_INET, host.c_str(), &out.at_.v4.sin_addr) != 1) return std::nullopt;
    return out;
}

bool TcpAddress::is_loopback() const {
    return at_.any.sa_family == AF_INET6 ? IN6_IS_ADDR_LOOPBACK(&at_.v6.sin6_addr) != 0
                                         : at_.v4.sin_addr.s_addr == htonl(INADDR_LOOPBACK);
}

socklen_t TcpAddress::size() const {
    return at_.any.sa_family == AF_INET6 ? sizeof at_.v6 : sizeof at_.v4;
}

}  // namespace stile
