// SPDX-License-Identifier: Apache-2.0
// A small HTTP server on the program's own event loop: GET and HEAD, short answers.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "crypto/base/result.hpp"
#include "daemon/runtime/event_loop.hpp"
#include "sync/http/answer.hpp"

namespace stile::sync {

// Thread-bound to the loop; the handler runs there.
class HttpServer {
public:
    // `path` has no query.
    using Handler = std::function<HttpAnswer(std::string_view path)>;
    static constexpr unsigned kMaxConnections = 16;
    static constexpr unsigned kIdleSeconds = 5;

    // `address` is "127.0.0.1:9464" or "[::1]:9464"; port 0 takes a free one. Errors: Config (no
    // such address), Denied, Io (it is taken).
    [[nodiscard]] static Result<std::unique_ptr<HttpServer>> listen(EventLoop& loop,
                                                                    const std::string& address,
                                                                    Handler handler);
    virtual ~HttpServer() = default;
    [[nodiscard]] virtual std::uint16_t port() const = 0;
};

}  // namespace stile::sync
