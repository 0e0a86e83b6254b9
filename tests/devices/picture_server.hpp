// SPDX-License-Identifier: Apache-2.0
// A network camera on loopback: Motion JPEG over HTTP, with the faults that such cameras have.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>

#include "crypto/base/bytes.hpp"
#include "daemon/runtime/unique_fd.hpp"

namespace stile::devices::testing {

class PictureServer {
public:
    // What it does with each connection, after as many pictures as it was told.
    enum class Then {
        Drop,   // closes it
        Stall,  // keeps it open and sends nothing more
        Mute,   // accepts, reads, and never says a word (no pictures either)
        Rave,   // sends bytes without any sense for as long as somebody reads
    };

    // Serves `jpeg` fifty times a second.
    PictureServer(Buffer jpeg, int pictures, Then then);
    ~PictureServer();
    PictureServer(const PictureServer&) = delete;
    PictureServer& operator=(const PictureServer&) = delete;

    // "http://127.0.0.1:PORT" and a path, with a user and a password if there are some.
    [[nodiscard]] std::string url(std::string_view user = "", std::string_view path = "/") const;
    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] int connections() const { return connections_; }
    void forgive() { then_ = Then::Stall, pictures_ = 1'000'000; }  // from the next connection on

private:
    void serve();
    void answer(const UniqueFd& peer);
    [[nodiscard]] bool stopped_within(int milliseconds) const;
    [[nodiscard]] bool send(const UniqueFd& peer, std::string_view text) const;

    Buffer jpeg_;
    std::atomic<int> pictures_;
    std::atomic<Then> then_;
    std::atomic<int> connections_ = 0;
    UniqueFd listener_;
    UniqueFd stop_;  // readable when it is time to end
    std::uint16_t port_ = 0;
    std::thread thread_;  // last: it uses everything above
};

}  // namespace stile::devices::testing
