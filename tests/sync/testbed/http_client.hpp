// SPDX-License-Identifier: Apache-2.0
// Says something to a port and reads until the other side has ended.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/runtime/unique_fd.hpp"

namespace stile::sync::testbed {

inline UniqueFd connect_to(std::uint16_t port) {
    UniqueFd socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    if (::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        socket.reset();
    return socket;
}

// The whole answer, headers and all; empty when nobody listens. Blocks.
inline std::string http(std::uint16_t port, std::string_view request) {
    const UniqueFd socket = connect_to(port);
    if (!socket) return {};
    (void)!::write(socket.get(), request.data(), request.size());
    std::string answer;
    std::array<char, 4096> chunk{};
    for (ssize_t size = 0; (size = ::read(socket.get(), chunk.data(), chunk.size())) > 0;)
        answer.append(chunk.data(), static_cast<std::size_t>(size));
    return answer;
}

inline std::string http_get(std::uint16_t port, const std::string& path) {
    return http(port, "GET " + path + " HTTP/1.1\r\nHost: gate\r\nConnection: close\r\n\r\n");
}

}  // namespace stile::sync::testbed
