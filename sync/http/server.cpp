// SPDX-License-Identifier: Apache-2.0
// libmicrohttpd, driven by our loop: it has no thread of its own.
#include "sync/http/server.hpp"

#include <utility>

#include <fmt/format.h>
#include <microhttpd.h>

#include "daemon/runtime/tcp_listener.hpp"

namespace stile::sync {
namespace {

constexpr std::size_t kMemoryPerConnection = 16'384;
constexpr std::chrono::milliseconds kHousekeeping{1'000};  // idle connections

class MicroServer final : public HttpServer {
public:
    explicit MicroServer(Handler handler) : handler_{std::move(handler)} {}
    ~MicroServer() override {
        housekeeping_.reset();
        readable_.reset();
        if (daemon_ != nullptr) MHD_stop_daemon(daemon_);
    }
    MicroServer(const MicroServer&) = delete;
    MicroServer& operator=(const MicroServer&) = delete;

    // Takes the listening socket.
    [[nodiscard]] bool start(EventLoop& loop, UniqueFd socket) {
        port_ = port_of(socket.get());
        daemon_ = MHD_start_daemon(
            MHD_USE_EPOLL, 0, nullptr, nullptr, &answer, this, MHD_OPTION_LISTEN_SOCKET,
            socket.get(), MHD_OPTION_CONNECTION_LIMIT, kMaxConnections,
            MHD_OPTION_CONNECTION_TIMEOUT, kIdleSeconds, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
            kMemoryPerConnection, MHD_OPTION_END);
        if (daemon_ == nullptr) return false;
        (void)socket.release();  // the library closes it
        const auto* about = MHD_get_daemon_info(daemon_, MHD_DAEMON_INFO_EPOLL_FD);
        readable_ = loop.on_readable(about->epoll_fd, [this] { run(); });
        housekeeping_ = loop.every(kHousekeeping, [this] { run(); });
        return true;
    }
    [[nodiscard]] std::uint16_t port() const override { return port_; }

private:
    // Until it waits for somebody, but never for ever.
    void run() {
        MHD_UNSIGNED_LONG_LONG wait = 0;
        for (unsigned turn = 0; turn < kMaxConnections; ++turn) {
            (void)MHD_run(daemon_);  // fails only for a daemon with a thread
            if (MHD_get_timeout(daemon_, &wait) != MHD_YES || wait > 0) return;
        }
    }

    // NOLINTNEXTLINE(readability-function-size): the library gives the eight parameters
    static MHD_Result answer(void* self, MHD_Connection* connection, const char* url,
                             const char* method, const char* /*version*/, const char* /*upload*/,
                             std::size_t* upload_size, void** /*state*/) {
        const std::string_view verb{method};
        *upload_size = 0;  // whatever comes along is not read
        if (verb != MHD_HTTP_METHOD_GET && verb != MHD_HTTP_METHOD_HEAD) {
            return send(connection, {MHD_HTTP_METHOD_NOT_ALLOWED, "text/plain", "GET only\n"});
        }
        try {
            return send(connection, static_cast<MicroServer*>(self)->handler_(url));
        } catch (const std::exception& thrown) {
            return send(connection, {MHD_HTTP_INTERNAL_SERVER_ERROR, "text/plain", thrown.what()});
        }
    }

    static MHD_Result send(MHD_Connection* connection, HttpAnswer answer) {
        MHD_Response* response = MHD_create_response_from_buffer(
            answer.body.size(), answer.body.data(), MHD_RESPMEM_MUST_COPY);
        if (response == nullptr) return MHD_NO;
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
                                      answer.content_type.c_str());
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
        const MHD_Result queued = MHD_queue_response(connection, answer.status, response);
        MHD_destroy_response(response);
        return queued;
    }

    Handler handler_;
    std::uint16_t port_ = 0;
    MHD_Daemon* daemon_ = nullptr;
    EventSource readable_;
    EventSource housekeeping_;
};

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::listen(EventLoop& loop, const std::string& address,
                                                       Handler handler) {
    const auto where = TcpAddress::parse(address);
    if (!where) {
        return fail(Errc::Config,
                    fmt::format("\"{}\" is not of the form 127.0.0.1:9464 or [::1]:9464", address));
    }
    auto socket = listen_at(*where, kMaxConnections);
    if (!socket) return fail(socket.error().code, address + ": " + socket.error().context);
    auto server = std::make_unique<MicroServer>(std::move(handler));
    if (!server->start(loop, std::move(*socket)))
        return fail(Errc::Io, address + ": the HTTP server does not start");
    return server;
}

}  // namespace stile::sync
