// SPDX-License-Identifier: Apache-2.0
// Connect, greet, receive, lose, wait, connect again.
#include "daemon/protocol/daemon_link.hpp"

#include <algorithm>
#include <utility>

namespace stile::protocol {
namespace {

constexpr std::chrono::milliseconds kFirstDelay{100};
constexpr std::chrono::milliseconds kLongestDelay{2000};
constexpr std::chrono::milliseconds kWelcomeDeadline{5000};

}  // namespace

DaemonLink::DaemonLink(EventLoop& loop, std::filesystem::path socket, Hello hello,
                       Handlers handlers)
    : loop_{loop},
      socket_{std::move(socket)},
      hello_{std::move(hello)},
      handlers_{std::move(handlers)},
      delay_{kFirstDelay} {}

void DaemonLink::start() {
    connect();
}

void DaemonLink::connect() {
    auto channel = Channel::connect(socket_);
    if (!channel) return lose(channel.error());
    channel_ = std::move(*channel);
    if (const auto greeted = channel_->send(hello_); !greeted) return lose(greeted.error());
    readable_ = loop_.on_readable(channel_->fd(), [this] { receive(); });
    retry_ = loop_.after(kWelcomeDeadline, [this] {
        hang_up(Parting::Malformed, "the daemon did not say welcome in time");
    });
}

void DaemonLink::receive() {
    while (channel_) {
        auto received = channel_->receive();
        if (!received) return lose(received.error());
        if (!*received) return;
        handle(std::move(**received));
    }
}

void DaemonLink::handle(Received&& received) {
    if (const auto* welcome = std::get_if<Welcome>(&received.message)) {
        if (std::exchange(welcomed_, true)) return;
        retry_.reset();
        delay_ = kFirstDelay;
        if (handlers_.on_up) handlers_.on_up(*welcome);
    } else if (const auto* goodbye = std::get_if<Goodbye>(&received.message)) {
        lose(Error{Errc::Closed, "the daemon said goodbye: " + goodbye->detail});
    } else if (const auto* ping = std::get_if<Ping>(&received.message)) {
        if (const auto sent = channel_->send(Pong{ping->token}); !sent) lose(sent.error());
    } else if (welcomed_ && handlers_.on_message) {
        handlers_.on_message(std::move(received));
    }
}

Result<void> DaemonLink::send(const Message& message) {
    if (!welcomed_ || !channel_) return fail(Errc::Closed, "no connection to the daemon");
    return channel_->send(message);
}

void DaemonLink::hang_up(Parting code, std::string detail) {
    if (!channel_) return;
    (void)channel_->send(Goodbye{code, detail});  // a courtesy; the connection ends in any case
    lose(Error{Errc::Closed, std::move(detail)});
}

void DaemonLink::lose(const Error& why) {
    readable_.reset();
    channel_.reset();
    welcomed_ = false;
    retry_ = loop_.after(delay_, [this] { connect(); });
    delay_ = std::min(delay_ * 2, kLongestDelay);
    if (handlers_.on_down) handlers_.on_down(why);
}

}  // namespace stile::protocol
