// SPDX-License-Identifier: Apache-2.0
// A browser as far as the display's server knows one: it asks, reads, and may be slow about it.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/runtime/unique_fd.hpp"

namespace stile::test {

class Browser {
public:
    explicit Browser(std::uint16_t port)
        : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
        const int small = 4096;
        (void)::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(port);
        if (::connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
            socket_.reset();
    }
    [[nodiscard]] bool connected() const { return static_cast<bool>(socket_); }

    void say(std::string_view bytes) {
        (void)!::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }
    void get(std::string_view path, std::string_view more = "",
             std::string_view host = "127.0.0.1") {
        say("GET " + std::string{path} + " HTTP/1.1\r\nHost: " + std::string{host} + "\r\n" +
            std::string{more} + "\r\n");
    }
    // Reads until `wanted` has come, or the other side has ended, or the time is over. All that
    // came.
    std::string read_until(std::string_view wanted,
                           std::chrono::milliseconds most = std::chrono::seconds{30}) {
        const auto end = std::chrono::steady_clock::now() + most;
        std::array<char, 4096> chunk{};
        while (wanted.empty() || heard_.find(wanted) == std::string::npos) {
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
                end - std::chrono::steady_clock::now());
            pollfd wait{socket_.get(), POLLIN, 0};
            if (left.count() <= 0 || ::poll(&wait, 1, static_cast<int>(left.count())) != 1) break;
            const ssize_t size = ::read(socket_.get(), chunk.data(), chunk.size());
            if (size <= 0) break;
            heard_.append(chunk.data(), static_cast<std::size_t>(size));
        }
        return heard_;
    }
    void forget() { heard_.clear(); }

private:
    UniqueFd socket_;
    std::string heard_;
};

// The whole answer, headers and all; empty when nobody listens.
inline std::string fetch(std::uint16_t port, std::string_view path,
                         std::string_view host = "127.0.0.1") {
    Browser browser{port};
    if (!browser.connected()) return {};
    browser.get(path, "Connection: close\r\n", host);
    return browser.read_until("");
}

}  // namespace stile::test
