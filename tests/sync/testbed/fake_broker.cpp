// SPDX-License-Identifier: Apache-2.0
// Just enough of MQTT to be wrong in the right places.
#include "tests/sync/testbed/fake_broker.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace stile::sync::testbed {
namespace {

constexpr std::uint8_t kConnect = 1;
constexpr std::uint8_t kPublish = 3;
constexpr std::uint8_t kSubscribe = 8;
constexpr std::uint8_t kPing = 12;
constexpr std::size_t kLevelAt = 6;  // in the variable header of CONNECT

std::uint8_t type_of(const Buffer& packet) {
    return packet[0] >> 4;
}

// Where the variable header begins, and where the packet ends.
struct Frame {
    std::size_t header = 0;
    std::size_t end = 0;
};

std::optional<Frame> frame_of(const Buffer& bytes) {
    std::size_t length = 0;
    for (std::size_t i = 1; i < bytes.size() && i < 5; ++i) {
        length |= std::size_t{bytes[i] & 0x7FU} << (7 * (i - 1));
        if ((bytes[i] & 0x80U) != 0) continue;
        const Frame frame{i + 1, i + 1 + length};
        return frame.end <= bytes.size() ? std::optional{frame} : std::nullopt;
    }
    return std::nullopt;
}

}  // namespace

FakeBroker::FakeBroker(Manner manner)
    : manner_{manner}, listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), size);
    ::listen(listener_.get(), 8);
    ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread{[this](const std::stop_token& stop) { serve(stop); }};
}

FakeBroker::~FakeBroker() {
    thread_ = {};
}

namespace {

// CONNACK, then a PUBLISH with QoS 0 to "t".
Buffer megabyte() {
    constexpr std::size_t kBytes = std::size_t{1} << 20U;
    constexpr std::array<std::uint8_t, 13> kHead{0x20, 3,    0, 0, 0,   0x30, 0x84,
                                                 0x80, 0x40, 0, 1, 't', 0};
    Buffer out(kHead.size() + kBytes, 'x');
    std::ranges::copy(kHead, out.begin());
    return out;
}

}  // namespace

void FakeBroker::serve(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        std::vector<pollfd> sources{{listener_.get(), POLLIN, 0}};
        for (const Peer& peer : peers_)
            sources.push_back({peer.socket.get(), POLLIN, 0});
        if (::poll(sources.data(), sources.size(), 20) <= 0) continue;
        for (std::size_t i = 1; i < sources.size(); ++i) {
            if (sources[i].revents != 0) receive(i - 1);
        }
        if (sources[0].revents != 0) {
            const int socket = ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
            peers_.push_back({UniqueFd{socket}, {}});
        }
    }
}

void FakeBroker::receive(std::size_t index) {
    Peer& peer = peers_[index];
    std::array<std::uint8_t, 4096> chunk{};
    const ssize_t size = ::read(peer.socket.get(), chunk.data(), chunk.size());
    if (size <= 0) return peer.socket.reset();  // poll ignores a descriptor of -1
    peer.rest.insert(peer.rest.end(), chunk.begin(), chunk.begin() + size);
    while (const auto frame = frame_of(peer.rest)) {
        const auto end = peer.rest.begin() + static_cast<std::ptrdiff_t>(frame->end);
        const Buffer packet{peer.rest.begin(), end};
        peer.rest.erase(peer.rest.begin(), end);
        if (type_of(packet) == kConnect) peer.level = packet[frame->header + kLevelAt];
        Buffer reply = answer(packet);
        const bool old = manner_ == Manner::Mqtt311Only || manner_ == Manner::RefusesSubscriptions;
        if (old && peer.level == 5) reply = {0x20, 2, 0, 1};
        (void)!::write(peer.socket.get(), reply.data(), reply.size());
        const std::lock_guard lock{mutex_};
        packets_.push_back(packet);
        changed_.notify_all();
    }
}

Buffer FakeBroker::answer(const Buffer& packet) {
    if (manner_ == Manner::Silent) return {};
    if (manner_ == Manner::Displaces) return {0x20, 3, 0, 0, 0, 0xE0, 2, 0x8E, 0};
    if (manner_ == Manner::SendsAMegabyte && type_of(packet) == kConnect) return megabyte();
    const bool v5 = manner_ == Manner::NeverAcknowledge;
    if (type_of(packet) == kConnect) return v5 ? Buffer{0x20, 3, 0, 0, 0} : Buffer{0x20, 2, 0, 0};
    if (type_of(packet) == kPing) return {0xD0, 0};
    if (type_of(packet) == kSubscribe) {
        const auto id = frame_of(packet)->header;
        const std::uint8_t granted = manner_ == Manner::RefusesSubscriptions ? 0x80 : 1;
        return v5 ? Buffer{0x90, 4, packet[id], packet[id + 1], 0, 1}
                  : Buffer{0x90, 3, packet[id], packet[id + 1], granted};
    }
    if (type_of(packet) == kPublish && !v5 && (packet[0] & 0x06U) != 0) {
        const auto header = frame_of(packet)->header;
        const std::size_t topic = (std::size_t{packet[header]} << 8) | packet[header + 1];
        return {0x40, 2, packet[header + 2 + topic], packet[header + 3 + topic]};
    }
    return {};
}

Buffer FakeBroker::wait_for_packet(std::uint8_t type, std::size_t count, Timeout timeout) {
    std::unique_lock lock{mutex_};
    Buffer found;
    (void)changed_.wait_for(lock, timeout, [&] {
        std::size_t seen = 0;
        for (const Buffer& packet : packets_) {
            if (type_of(packet) == type && ++seen == count) found = packet;
        }
        return !found.empty();
    });
    return found;
}

}  // namespace stile::sync::testbed
