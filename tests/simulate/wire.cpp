// SPDX-License-Identifier: Apache-2.0
// Two sockets for each connection.
#include "tests/simulate/wire.hpp"

#include <stdexcept>
#include <utility>

#include <sys/socket.h>
#include <unistd.h>

#include "tests/sync/testbed/http_client.hpp"

namespace stile::simulate {
namespace {

sockaddr_in loopback() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

bool write_all(int to, const char* data, std::size_t size) {
    while (size > 0) {
        const ssize_t written = ::send(to, data, size, MSG_NOSIGNAL);
        if (written <= 0) return false;
        data += written;
        size -= static_cast<std::size_t>(written);
    }
    return true;
}

}  // namespace

Wire::Wire(EventLoop& loop, std::uint16_t broker)
    : loop_{loop}, broker_{broker}, listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_in address = loopback();
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_.get(), generic, size) != 0 || ::listen(listener_.get(), 8) != 0 ||
        ::getsockname(listener_.get(), generic, &size) != 0)
        throw std::runtime_error{"no port for the network between a gate and the broker"};
    port_ = ntohs(address.sin_port);
    knocks_ = loop_.on_readable(listener_.get(), [this] { accept(); });
}

void Wire::cut() {
    whole_ = false;
    pipes_.clear();
}

void Wire::accept() {
    UniqueFd gate{::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC)};
    if (!gate || !whole_) return;
    UniqueFd broker = sync::testbed::connect_to(broker_);
    if (!broker) return;
    const auto pipe = pipes_.emplace(pipes_.end());
    pipe->ends = {std::move(gate), std::move(broker)};
    for (const std::size_t end : {0U, 1U})
        pipe->readable.at(end) =
            loop_.on_readable(pipe->ends.at(end).get(), [this, pipe, end] { pass(pipe, end); });
}

void Wire::pass(Pipes::iterator pipe, std::size_t from) {
    std::array<char, 16'384> chunk;  // NOLINT(cppcoreguidelines-pro-type-member-init)
    const ssize_t size = ::read(pipe->ends.at(from).get(), chunk.data(), chunk.size());
    if (size > 0 &&
        write_all(pipe->ends.at(1 - from).get(), chunk.data(), static_cast<std::size_t>(size)))
        return;
    pipes_.erase(pipe);
}

}  // namespace stile::simulate
