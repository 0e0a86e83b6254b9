// SPDX-License-Identifier: Apache-2.0
// libmicrohttpd, driven by our loop: it has no thread of its own, and sleeping streams cost
// nothing.
#include "devices/display/http/event_server.hpp"

#include <algorithm>
#include <list>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <microhttpd.h>
#include <sys/socket.h>

#include "daemon/runtime/tcp_listener.hpp"

namespace stile::devices {
namespace {

constexpr std::size_t kMemoryPerConnection = 12'288;
constexpr std::size_t kChunk = 4'096;
constexpr std::chrono::milliseconds kHousekeeping{1'000};  // idle connections
constexpr std::string_view kHosts[] = {"127.0.0.1", "[::1]", "localhost"};
constexpr const char* kNothingAllowed = "default-src 'none'; frame-ancestors 'none'";

std::optional<TcpAddress> parse(std::string_view text) {
    auto address = TcpAddress::parse(text);
    return address && address->is_loopback() ? address : std::nullopt;
}

// A page of somewhere else may not read ours through a name of its own that leads here.
bool is_for_us(MHD_Connection* connection) {
    const char* value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Host");
    if (value == nullptr) return true;  // HTTP/1.0
    const std::string_view host{value};
    return std::ranges::any_of(kHosts, [host](std::string_view ours) {
        return host.starts_with(ours) && (host.size() == ours.size() || host[ours.size()] == ':');
    });
}

class MicroServer final : public EventServer {
public:
    explicit MicroServer(Handler handler) : handler_{std::move(handler)} {}
    ~MicroServer() override {
        housekeeping_.reset();
        readable_.reset();
        if (daemon_ == nullptr) return;
        ending_ = true;
        for (Stream& stream : streams_)  // the library cannot end what sleeps
            wake(stream);
        run();
        MHD_stop_daemon(daemon_);
    }
    MicroServer(const MicroServer&) = delete;
    MicroServer& operator=(const MicroServer&) = delete;

    // Takes the listening socket.
    [[nodiscard]] bool start(EventLoop& loop, UniqueFd socket) {
        port_ = port_of(socket.get());
        daemon_ = MHD_start_daemon(
            MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, nullptr, nullptr, &answer, this,
            MHD_OPTION_LISTEN_SOCKET, socket.get(), MHD_OPTION_CONNECTION_LIMIT, kMostConnections,
            MHD_OPTION_CONNECTION_TIMEOUT, kPatienceSeconds, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
            kMemoryPerConnection, MHD_OPTION_END);
        if (daemon_ == nullptr) return false;
        (void)socket.release();  // the library closes it
        const auto* about = MHD_get_daemon_info(daemon_, MHD_DAEMON_INFO_EPOLL_FD);
        readable_ = loop.on_readable(about->epoll_fd, [this] { run(); });
        housekeeping_ = loop.every(kHousekeeping, [this] { run(); });
        return true;
    }

    void publish(const std::string& topic, const std::string& event) override {
        Topic& at = topics_[topic];
        at.event = "data: " + event + "\n\n";
        ++at.number;
        for (Stream& stream : streams_) {
            if (stream.topic == &at) wake(stream);
        }
        run();
    }
    [[nodiscard]] std::size_t streams() const override { return streams_.size(); }
    [[nodiscard]] std::uint16_t port() const override { return port_; }

private:
    struct Topic {
        std::string event;
        std::uint64_t number = 0;  // 0: none yet
    };
    // One listener, and the event that it is reading.
    struct Stream {
        MicroServer* server = nullptr;
        std::list<Stream>::iterator self;
        MHD_Connection* connection = nullptr;
        const Topic* topic = nullptr;
        std::string sending;
        std::size_t sent = 0;
        std::uint64_t number = 0;
        bool sleeps = false;
    };

    // Until it waits for somebody, but never for ever.
    void run() {
        MHD_UNSIGNED_LONG_LONG wait = 0;
        for (unsigned turn = 0; turn < kMostConnections; ++turn) {
            (void)MHD_run(daemon_);  // fails only for a daemon with a thread
            if (MHD_get_timeout(daemon_, &wait) != MHD_YES || wait > 0) return;
        }
    }
    static void wake(Stream& stream) {
        if (std::exchange(stream.sleeps, false)) MHD_resume_connection(stream.connection);
    }

    // Called by the library whenever the browser has room for more.
    static ssize_t feed(void* self, std::uint64_t /*at*/, char* into, std::size_t room) {
        auto& stream = *static_cast<Stream*>(self);
        if (stream.server->ending_) return MHD_CONTENT_READER_END_OF_STREAM;
        if (stream.sent == stream.sending.size()) {
            if (stream.number == stream.topic->number) {
                stream.sleeps = true;
                MHD_suspend_connection(stream.connection);
                return 0;
            }
            stream.sending = stream.topic->event;
            stream.sent = 0;
            stream.number = stream.topic->number;
        }
        const std::size_t count = std::min(room, stream.sending.size() - stream.sent);
        std::ranges::copy_n(stream.sending.data() + stream.sent, static_cast<std::ptrdiff_t>(count),
                            into);
        stream.sent += count;
        return static_cast<ssize_t>(count);
    }
    static void forget(void* self) {
        auto& stream = *static_cast<Stream*>(self);
        stream.server->streams_.erase(stream.self);
    }

    // NOLINTNEXTLINE(readability-function-size): the library gives the eight parameters
    static MHD_Result answer(void* self, MHD_Connection* connection, const char* url,
                             const char* method, const char* /*version*/, const char* /*upload*/,
                             std::size_t* upload_size, void** /*state*/) {
        *upload_size = 0;  // whatever comes along is not read
        try {
            return static_cast<MicroServer*>(self)->reply(connection, url, method);
        } catch (const std::exception& thrown) {
            return send(connection, {MHD_HTTP_INTERNAL_SERVER_ERROR, "text/plain", thrown.what()});
        }
    }
    MHD_Result reply(MHD_Connection* connection, std::string_view url, std::string_view verb) {
        if (verb != MHD_HTTP_METHOD_GET && verb != MHD_HTTP_METHOD_HEAD)
            return send(connection, {MHD_HTTP_METHOD_NOT_ALLOWED, "text/plain", "GET only\n"});
        if (!is_for_us(connection))
            return send(connection, {MHD_HTTP_FORBIDDEN, "text/plain", "not this host\n"});
        const auto* open = MHD_get_daemon_info(daemon_, MHD_DAEMON_INFO_CURRENT_CONNECTIONS);
        if (open->num_connections > kMostAnswered) return busy(connection);
        HttpReply reply = handler_(url);
        if (auto* page = std::get_if<HttpPage>(&reply)) return send(connection, std::move(*page));
        if (streams_.size() >= kMostStreams) return busy(connection);
        return begin(connection, std::get<HttpStream>(reply).topic);
    }
    static MHD_Result busy(MHD_Connection* connection) {
        return send(connection,
                    {MHD_HTTP_SERVICE_UNAVAILABLE, "text/plain", "too many connections\n"});
    }

    MHD_Result begin(MHD_Connection* connection, const std::string& topic) {
        streams_.push_front({.server = this, .connection = connection, .topic = &topics_[topic]});
        streams_.front().self = streams_.begin();
        MHD_Response* response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, kChunk, &feed,
                                                                   &streams_.front(), &forget);
        if (response == nullptr) {
            streams_.pop_front();
            return MHD_NO;
        }
        return queue(connection, MHD_HTTP_OK, response, "text/event-stream", kNothingAllowed);
    }
    static MHD_Result send(MHD_Connection* connection, HttpPage page) {
        MHD_Response* response = MHD_create_response_from_buffer(page.body.size(), page.body.data(),
                                                                 MHD_RESPMEM_MUST_COPY);
        if (response == nullptr) return MHD_NO;
        if (page.status == MHD_HTTP_SERVICE_UNAVAILABLE) {
            (void)MHD_add_response_header(response, "Retry-After", "1");
            (void)MHD_add_response_header(response, "Connection", "close");
        }
        return queue(connection, page.status, response, page.content_type.c_str(),
                     page.policy.empty() ? kNothingAllowed : page.policy.c_str());
    }
    static MHD_Result queue(MHD_Connection* connection, unsigned status, MHD_Response* response,
                            const char* content_type, const char* policy) {
        const std::pair<const char*, const char*> headers[] = {
            {"Content-Type", content_type},
            {"Content-Security-Policy", policy},
            {"Cache-Control", "no-store"},
            {"X-Content-Type-Options", "nosniff"},
            {"Referrer-Policy", "no-referrer"},
            {"X-Frame-Options", "DENY"},
            {"Cross-Origin-Resource-Policy", "same-origin"}};
        for (const auto& [name, value] : headers)
            (void)MHD_add_response_header(response, name,
                                          value);  // constants: they are well formed
        const MHD_Result queued = MHD_queue_response(connection, status, response);
        MHD_destroy_response(response);
        return queued;
    }

    Handler handler_;
    std::uint16_t port_ = 0;
    MHD_Daemon* daemon_ = nullptr;
    EventSource readable_;
    EventSource housekeeping_;
    std::map<std::string, Topic, std::less<>> topics_;
    std::list<Stream> streams_;
    bool ending_ = false;
};

}  // namespace

Result<std::unique_ptr<EventServer>> EventServer::listen(EventLoop& loop,
                                                         const std::string& address,
                                                         Handler handler) {
    const auto where = parse(address);
    if (!where) {
        return fail(Errc::Config,
                    fmt::format("\"{}\" is not of the form 127.0.0.1:9470 or [::1]:9470", address));
    }
    auto socket = listen_at(*where, SOMAXCONN);
    if (!socket) return fail(socket.error().code, address + ": " + socket.error().context);
    auto server = std::make_unique<MicroServer>(std::move(handler));
    if (!server->start(loop, std::move(*socket)))
        return fail(Errc::Io, address + ": the HTTP server does not start");
    return server;
}

}  // namespace stile::devices
