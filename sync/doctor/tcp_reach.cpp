// SPDX-License-Identifier: Apache-2.0
// getaddrinfo, and a connect that does not wait for ever.
#include "sync/doctor/tcp_reach.hpp"

#include <cerrno>
#include <memory>
#include <system_error>

#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>

namespace stile::sync {
namespace {

struct FreeAddresses {
    void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};

std::string words_of(int error) {
    return std::generic_category().message(error);
}

// Limits the wait of connect, read and write on this socket.
void set_limit(int socket, std::chrono::seconds limit) {
    const timeval time{.tv_sec = limit.count(), .tv_usec = 0};
    (void)::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
    (void)::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
}

// The socket, or none and `trouble`.
UniqueFd connect_to(const addrinfo& address, std::chrono::seconds limit, std::string& trouble) {
    UniqueFd socket{::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    if (!socket) {
        trouble = words_of(errno);
        return socket;
    }
    set_limit(socket.get(), limit);
    if (::connect(socket.get(), address.ai_addr, address.ai_addrlen) != 0) {
        trouble = errno == EINPROGRESS ? "nobody answered in time" : words_of(errno);
        socket.reset();
    }
    return socket;
}

}  // namespace

HostPort host_port_of(const std::string& broker) {
    const auto begin = broker.find("://");
    const auto colon = broker.rfind(':');
    std::string host = broker.substr(begin + 3, colon - begin - 3);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    return {std::move(host), broker.substr(colon + 1)};
}

Reached reach(const HostPort& to, std::chrono::seconds limit) {
    const addrinfo hints{.ai_socktype = SOCK_STREAM};
    addrinfo* list = nullptr;
    if (const int error = ::getaddrinfo(to.host.c_str(), to.port.c_str(), &hints, &list);
        error != 0)
        return {.resolve_trouble = ::gai_strerror(error)};
    const std::unique_ptr<addrinfo, FreeAddresses> addresses{list};
    Reached out;
    for (const addrinfo* at = list; at != nullptr; at = at->ai_next) {
        out.socket = connect_to(*at, limit, out.connect_trouble);
        if (!out.socket) continue;
        out.connect_trouble.clear();
        break;
    }
    return out;
}

}  // namespace stile::sync
