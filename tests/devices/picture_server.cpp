// SPDX-License-Identifier: Apache-2.0
// One connection after the other, on a thread of its own.
#include "tests/devices/picture_server.hpp"

#include <cstdlib>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

namespace stile::devices::testing {

PictureServer::PictureServer(Buffer jpeg, int pictures, Then then)
    : jpeg_{std::move(jpeg)},
      pictures_{pictures},
      then_{then},
      listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)},
      stop_{::eventfd(0, EFD_CLOEXEC)} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    if (::bind(listener_.get(), generic, size) != 0 || ::listen(listener_.get(), 8) != 0 ||
        ::getsockname(listener_.get(), generic, &size) != 0)
        std::abort();
    port_ = ntohs(address.sin_port);
    thread_ = std::thread{[this] { serve(); }};
}

PictureServer::~PictureServer() {
    const std::uint64_t one = 1;
    if (::write(stop_.get(), &one, sizeof one) != sizeof one) std::abort();
    thread_.join();
}

std::string PictureServer::url(std::string_view user, std::string_view path) const {
    return fmt::format("http://{}{}127.0.0.1:{}{}", user, user.empty() ? "" : "@", port_, path);
}

bool PictureServer::stopped_within(int milliseconds) const {
    pollfd wait{stop_.get(), POLLIN, 0};
    return ::poll(&wait, 1, milliseconds) != 0;
}

bool PictureServer::send(const UniqueFd& peer, std::string_view text) const {
    while (!text.empty()) {
        pollfd both[2] = {{peer.get(), POLLOUT, 0}, {stop_.get(), POLLIN, 0}};
        if (::poll(both, 2, -1) < 0 || both[1].revents != 0) return false;
        const auto sent = ::send(peer.get(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0) return false;
        text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void PictureServer::answer(const UniqueFd& peer) {
    const Then then = then_;
    if (then != Then::Mute) {
        if (!send(peer,
                  "HTTP/1.0 200 OK\r\nContent-Type: "
                  "multipart/x-mixed-replace;boundary=next\r\n\r\n"))
            return;
        for (int i = pictures_; i > 0; --i) {
            const auto head = fmt::format(
                "--next\r\nContent-Type: image/jpeg\r\nContent-Length: {}\r\n\r\n", jpeg_.size());
            if (!send(peer, head) || !send(peer, as_text(jpeg_)) || !send(peer, "\r\n")) return;
            if (stopped_within(20)) return;
        }
    }
    if (then == Then::Drop) return;
    while (then == Then::Rave && send(peer, std::string(65536, '\xD8'))) {
    }
    // Until the reader hangs up.
    pollfd both[2] = {{peer.get(), POLLRDHUP, 0}, {stop_.get(), POLLIN, 0}};
    (void)::poll(both, 2, -1);
}

void PictureServer::serve() {
    while (true) {
        pollfd both[2] = {{listener_.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}};
        if (::poll(both, 2, -1) < 0 || both[1].revents != 0) return;
        const UniqueFd peer{::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC)};
        if (!peer) continue;
        ++connections_;
        answer(peer);
    }
}

}  // namespace stile::devices::testing
