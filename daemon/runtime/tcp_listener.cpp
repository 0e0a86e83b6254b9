// SPDX-License-Identifier: Apache-2.0
// Plain sockets.
#include "daemon/runtime/tcp_listener.hpp"

#include <cerrno>
#include <system_error>

#include <netinet/tcp.h>
#include <sys/socket.h>

namespace stile {

Result<UniqueFd> listen_at(const TcpAddress& address, int backlog) {
    UniqueFd socket{
        ::socket(address.get().sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    const int on = 1;
    if (socket && ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0 &&
        ::bind(socket.get(), &address.get(), address.size()) == 0 &&
        ::listen(socket.get(), backlog) == 0)
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
