// SPDX-License-Identifier: Apache-2.0
// A small HTTP server on loopback: pages, and streams of events of which each listener gets the
// newest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "crypto/base/result.hpp"
#include "daemon/runtime/event_loop.hpp"

namespace stile::devices {

struct HttpPage {
    unsigned status = 200;
    std::string content_type;
    std::string body;
    std::string policy;  // Content-Security-Policy; empty: nothing is allowed
};
// Server-sent events of a topic: the newest one at once, then whatever is published.
struct HttpStream {
    std::string topic;
};
using HttpReply = std::variant<HttpPage, HttpStream>;

// Has no thread: thread-bound to the loop, where the handler runs. However many browsers come, and
// however slowly they read, it takes no more than so many of them, and keeps one event for each.
class EventServer {
public:
    // `path` has no query.
    using Handler = std::function<HttpReply(std::string_view path)>;
    static constexpr unsigned kMostConnections = 400;  // further ones wait to be accepted
    static constexpr unsigned kMostAnswered = 300;     // further ones are told to come back later
    static constexpr unsigned kMostStreams = 128;      // the same
    static constexpr unsigned kPatienceSeconds = 5;    // with one that sends or reads nothing

    // `address` is "127.0.0.1:9470" or "[::1]:9470", no other host; port 0 takes a free one.
    // Errors: Config (no such address), Denied, Io (it is taken).
    [[nodiscard]] static Result<std::unique_ptr<EventServer>> listen(EventLoop& loop,
                                                                     const std::string& address,
                                                                     Handler handler);
    virtual ~EventServer() = default;

    // Every listener of the topic gets it; who has not yet read the one before gets this instead.
    // Not from inside the handler.
    virtual void publish(const std::string& topic, const std::string& event) = 0;

    [[nodiscard]] virtual std::size_t streams() const = 0;
    [[nodiscard]] virtual std::uint16_t port() const = 0;
};

}  // namespace stile::devices
