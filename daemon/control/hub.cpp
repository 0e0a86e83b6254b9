// SPDX-License-Identifier: Apache-2.0
// Accept, check, greet, receive, part.
#include "daemon/control/hub.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "daemon/protocol/codec.hpp"
#include "daemon/runtime/log.hpp"
#include "daemon/runtime/message_id.hpp"

namespace stile {
namespace {

using protocol::Parting;
using protocol::Role;

constexpr std::chrono::milliseconds kHelloDeadline{5'000};
// Then others get their turn, and the peer a pause: nobody has that much to say.
constexpr std::size_t kMessagesATurn = 64;
constexpr std::chrono::milliseconds kPause{10};
// After a connection that could not be accepted, for want of descriptors.
constexpr std::chrono::milliseconds kAcceptPause{100};

std::string_view role_name(Role role) {
    switch (role) {
        case Role::Reader:
            return "reader";
        case Role::Sync:
            return "sync";
        case Role::Control:
            return "control";
        case Role::Viewer:
            return "viewer";
    }
    return "peer";
}

bool may_be_left_out(const protocol::Message& message) {
    return std::holds_alternative<protocol::Feedback>(message) ||
           std::holds_alternative<protocol::Report>(message) ||
           std::holds_alternative<protocol::CatalogProgress>(message) ||
           std::holds_alternative<protocol::CommandProgress>(message) ||
           std::holds_alternative<protocol::Entries>(message);
}

}  // namespace

struct Hub::OpenDoor {
    Door door;
    protocol::Listener listener;
    EventSource readable;
    EventSource pause;
    std::size_t inside = 0;
};

struct Hub::Peer {
    PeerInfo info;
    protocol::Channel channel;
    OpenDoor* door = nullptr;
    EventSource readable;
    EventSource pause;     // while it is not listened to
    EventSource deadline;  // for its Hello
    bool greeted = false;
};

Hub::Hub(EventLoop& loop, protocol::Welcome welcome, Handlers handlers)
    : loop_{loop}, welcome_{std::move(welcome)}, handlers_{std::move(handlers)} {}

Hub::~Hub() {
    for (const auto& [id, peer] : peers_) {
        (void)peer->channel.send(
            protocol::Goodbye{Parting::Stopping, "the daemon stops"});  // a courtesy
    }
}

Result<void> Hub::open(const Door& door) {
    auto listener = protocol::Listener::open(door.path, door.mode);
    if (!listener) return std::unexpected{std::move(listener.error())};
    doors_.push_back(std::make_unique<OpenDoor>(OpenDoor{door, std::move(*listener), {}}));
    watch(*doors_.back());
    return {};
}

void Hub::watch(OpenDoor& door) {
    door.pause.reset();
    door.readable = loop_.on_readable(door.listener.fd(), [this, &door] { accept(door); });
}

void Hub::listen_to(Peer& peer) {
    peer.pause.reset();
    peer.readable =
        loop_.on_readable(peer.channel.fd(), [this, id = peer.info.id] { receive(id); });
}

void Hub::accept(OpenDoor& door) {
    auto channel = door.listener.accept();
    if (!channel) {  // whoever waits there would wake us again at once
        door.readable.reset();
        door.pause = loop_.after(kAcceptPause, [this, &door] { watch(door); });
        return;
    }
    const auto who = channel->peer();
    if (!who) return;
    const auto send_away = [&channel](Parting code, const std::string& why) {
        (void)channel->send(protocol::Goodbye{code, why});  // a courtesy
    };
    const auto& user = door.door.user;
    const bool ours = who->user == 0 || who->user == ::geteuid();
    if (!ours && user && local_user_id(*user) != who->user) {
        note_refusal(fmt::format("user {}", who->user), door.door.role);
        return send_away(Parting::NotAllowed, "this user may not connect here");
    }
    if (door.inside >= protocol::kMaxPeersPerSocket)
        return send_away(Parting::Busy, "too many connections");
    let_in(door, std::move(*channel), *who);
}

void Hub::let_in(OpenDoor& door, protocol::Channel channel, const protocol::Peer& who) {
    ++door.inside;
    const PeerId id = next_id_++;
    const auto at =
        peers_.emplace(id, std::make_unique<Peer>(Peer{.info = {.id = id, .role = door.door.role},
                                                       .channel = std::move(channel),
                                                       .door = &door}));
    Peer& peer = *at.first->second;
    peer.deadline = loop_.after(kHelloDeadline,
                                [this, id] { drop(id, Parting::Malformed, "no Hello in time"); });
    if (door.door.user) {
        listen_to(peer);
    } else {
        handlers_.on_knock(id, who);
    }
}

void Hub::admit(PeerId id, const Caller& caller, const std::string& refusal) {
    Peer* peer = find(id);
    if (peer == nullptr) return;
    if (caller.role) {
        peer->info.caller = caller;
        return listen_to(*peer);
    }
    note_refusal(caller.person, peer->info.role);
    (void)peer->channel.send(protocol::Goodbye{Parting::NotAllowed, refusal});  // a courtesy
    forget(id);
}

// A word a second: whoever may not come in shall not fill the journal either.
void Hub::note_refusal(const std::string& who, Role role) {
    if (!refusal_words_.take(std::chrono::nanoseconds{EventLoop::monotonic_ns()})) return;
    log::warning(fmt::format("{} may not connect as {}, refusing", who, role_name(role)),
                 {log::message_id(log::kPeerRefused)});
}

Hub::Peer* Hub::find(PeerId id) {
    const auto found = peers_.find(id);
    return found == peers_.end() ? nullptr : found->second.get();
}

void Hub::receive(PeerId id) {
    for (std::size_t i = 0; i < kMessagesATurn; ++i) {
        Peer* peer = find(id);
        if (peer == nullptr) return;
        auto received = peer->channel.receive();
        if (!received) {
            if (received.error().code == Errc::Closed) return forget(id);
            const bool version = received.error().code == Errc::Unsupported;
            return drop(id, version ? Parting::Version : Parting::Malformed,
                        received.error().context);
        }
        if (!*received) return;
        handle(*peer, std::move(**received));
    }
    Peer* peer = find(id);
    if (peer == nullptr) return;
    peer->readable.reset();
    peer->pause = loop_.after(kPause, [this, id] { listen_to(*find(id)); });
}

void Hub::handle(Peer& peer, protocol::Received&& received) {
    using namespace protocol;  // NOLINT(google-build-using-namespace): message names only
    const PeerId id = peer.info.id;
    if (const auto* hello = std::get_if<Hello>(&received.message)) return greet(peer, *hello);
    if (std::holds_alternative<Goodbye>(received.message)) return forget(id);
    if (!peer.greeted) return drop(id, Parting::Malformed, "say Hello first");
    if (const auto* ping = std::get_if<Ping>(&received.message)) {
        send(id, Pong{ping->token});
        return;
    }
    if (std::holds_alternative<Pong>(received.message)) return;
    if (!may_send(peer.info.role, received.message)) {
        return drop(id, Parting::NotAllowed, "a message that this role may not send");
    }
    const PeerInfo info = peer.info;  // the handler may drop the peer
    handlers_.on_message(info, std::move(received));
}

void Hub::greet(Peer& peer, const protocol::Hello& hello) {
    const PeerId id = peer.info.id;
    if (peer.greeted || hello.role != peer.info.role)
        return drop(id, Parting::Malformed, "a wrong Hello");
    peer.info.name = hello.name;
    peer.info.software = hello.software;
    const PeerInfo info = peer.info;
    if (!send(id, welcome_)) return forget(id);
    if (auto joined = handlers_.on_join(info); !joined) {
        return drop(id, Parting::NotAllowed, joined.error().context);
    }
    // It is in, and on_leave will be told; unless what on_join sent has ended the connection.
    if (Peer* in = find(id)) {
        in->greeted = true;
        in->deadline.reset();
    } else if (handlers_.on_leave) {
        handlers_.on_leave(info);
    }
}

bool Hub::send(PeerId id, const protocol::Message& message) {
    Peer* peer = find(id);
    if (peer == nullptr) return false;
    const auto sent = peer->channel.send(message);
    if (!sent && (sent.error().code != Errc::Timeout || !may_be_left_out(message))) {
        drop(id, Parting::Done, sent.error().context);
    }
    return sent.has_value();
}

void Hub::send_all(Role role, const protocol::Message& message) {
    for (const PeerInfo& peer : peers()) {
        if (peer.role == role) send(peer.id, message);
    }
}

void Hub::drop(PeerId id, Parting code, const std::string& detail) {
    Peer* peer = find(id);
    if (peer == nullptr) return;
    log::warning(fmt::format("{} \"{}\": {}, disconnecting", role_name(peer->info.role),
                             peer->info.name, detail),
                 {log::message_id(log::kPeerDropped), {"PEER", peer->info.name}});
    (void)peer->channel.send(protocol::Goodbye{code, detail});  // a courtesy
    forget(id);
}

void Hub::drop_all(Role role, Parting code, const std::string& detail) {
    std::vector<PeerId> all;
    for (const auto& [id, peer] : peers_) {
        if (peer->info.role == role) all.push_back(id);
    }
    for (const PeerId id : all)
        drop(id, code, detail);
}

void Hub::forget(PeerId id) {
    const auto found = peers_.find(id);
    if (found == peers_.end()) return;
    const auto peer = std::move(found->second);
    peers_.erase(found);
    --peer->door->inside;
    if (peer->greeted && handlers_.on_leave) handlers_.on_leave(peer->info);
}

std::vector<PeerInfo> Hub::peers() const {
    std::vector<PeerInfo> all;
    for (const auto& [id, peer] : peers_) {
        if (peer->greeted) all.push_back(peer->info);
    }
    return all;
}

}  // namespace stile
