// SPDX-License-Identifier: Apache-2.0
// Looks at each open descriptor's peer port.
#include "sync/mqtt/hidden_socket.hpp"

#include <charconv>
#include <filesystem>
#include <optional>
#include <system_error>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace stile::sync {
namespace {

template <class T>
std::optional<T> number(std::string_view text) {
    T value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// The peer's port, or 0: not a connected TCP socket.
std::uint16_t peer_port(int fd) {
    sockaddr_in6 peer{};  // sockaddr_in has its port at the same place
    socklen_t size = sizeof peer;
    if (::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) != 0) return 0;
    if (peer.sin6_family != AF_INET && peer.sin6_family != AF_INET6) return 0;
    return ntohs(peer.sin6_port);
}

// Calls `act` with each such socket; counts those for which it returns 0.
int for_each_socket(std::string_view broker, int (*act)(int fd)) {
    const auto port = number<std::uint16_t>(broker.substr(broker.rfind(':') + 1));
    if (!port || *port == 0) return 0;
    int count = 0;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator{"/proc/self/fd", error}) {
        const auto fd = number<int>(entry.path().filename().native());
        if (fd && peer_port(*fd) == *port && act(*fd) == 0) ++count;
    }
    return count;
}

}  // namespace

int set_no_delay(std::string_view broker) {
    return for_each_socket(broker, [](int fd) {
        const int on = 1;
        return ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    });
}

int break_connection(std::string_view broker) {
    return for_each_socket(broker, [](int fd) { return ::shutdown(fd, SHUT_RDWR); });
}

}  // namespace stile::sync
