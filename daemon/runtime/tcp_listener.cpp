// SPDX-License-Identifier: Apache-2.0
// Addresses are numbers: nothing asks a name server.
#include "daemon/runtime/tcp_listener.hpp"

#include <cerrno>
#include <charconv>
#include <string>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

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

Result<UniqueFd> TcpAddress::listen(int backlog) const {
    UniqueFd socket{::socket(at_.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    const int on = 1;
    if (socket && ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0 &&
        ::bind(socket.get(), &at_.any, size()) == 0 && ::listen(socket.get(), backlog) == 0)
        return socket;
    return fail(errno == EACCES ? Errc::Denied : Errc::Io, std::system_category().message(errno));
}

std::uint16_t port_of(int socket) {
    sockaddr_in6 address{};  // the port lies at the same place in both kinds
    socklen_t size = sizeof address;
    if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
    return ntohs(address.sin6_port);
}

}  // namespace stile
