// SPDX-License-Identifier: Apache-2.0
// The thread reads requests; answers go out under the lock, by whoever made them possible.
#include "tests/emulator/usbip/usbip_plug.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <sys/socket.h>
#include <sys/time.h>

namespace stile::emulator {
namespace {

constexpr int kReadPatience = 15;  // seconds until a host that takes no answers is gone
constexpr std::uint8_t kSetConfiguration = 9;

int status_of(Reply reply, const usbip::Submit& submit, std::size_t actual) {
    const bool is_short = submit.if_short == usbip::Short::Wrong && actual < submit.length;
    return reply == Reply::Done && is_short ? -EREMOTEIO : errno_of(reply);
}

}  // namespace

UsbipPlug::UsbipPlug(Table& table, UsbDevice& device, UniqueFd connection)
    : table_{table}, device_{&device}, connection_{std::move(connection)} {
    const timeval patience{kReadPatience, 0};
    ::setsockopt(connection_.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

UsbipPlug::~UsbipPlug() {
    const std::lock_guard lock{table_.mutex};
    pull();
}

void UsbipPlug::start() {
    server_ = std::jthread{[this] { serve(); }};
}

// The host sees the connection end, as it sees a device leave.
void UsbipPlug::pull() {
    if (is_pulled()) return;
    device_->note("unplugged");
    device_ = nullptr;
    pending_.clear();
    ::shutdown(connection_.get(), SHUT_RDWR);
    table_.changed.notify_all();
}

void UsbipPlug::serve() {
    while (serve_one()) {
    }
    const std::lock_guard lock{table_.mutex};
    pull();
}

bool UsbipPlug::serve_one() {
    std::array<std::uint8_t, usbip::kHeaderBytes> header{};
    if (!receive(header)) return false;
    const auto request = usbip::parse_request(header);
    if (!request) return false;
    const auto* submit = std::get_if<usbip::Submit>(&*request);
    Buffer out(submit == nullptr ? 0 : submit->bytes_that_follow());
    if (!receive(out)) return false;
    const std::lock_guard lock{table_.mutex};
    if (is_pulled()) return false;
    if (submit == nullptr) {
        take(std::get<usbip::Unlink>(*request));
    } else {
        pending_.push_back({*submit, std::move(out)});
        stir();
    }
    table_.changed.notify_all();
    return true;
}

bool UsbipPlug::receive(std::span<std::uint8_t> into) const {
    while (!into.empty()) {
        const ssize_t bytes = ::recv(connection_.get(), into.data(), into.size(), MSG_WAITALL);
        if (bytes < 0 && errno == EINTR) continue;
        if (bytes <= 0) return false;
        into = into.subspan(static_cast<std::size_t>(bytes));
    }
    return true;
}

void UsbipPlug::send(Bytes bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(connection_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return pull();
        bytes = bytes.subspan(static_cast<std::size_t>(sent));
    }
}

// What has come to its end before is answered already, and the host is told so.
void UsbipPlug::take(const usbip::Unlink& unlink) {
    const bool was_pending = std::erase_if(pending_, [&](const Transfer& each) {
                                 return each.submit.sequence == unlink.victim;
                             }) > 0;
    send(usbip::answer_to(unlink, was_pending ? -ECONNRESET : 0));
}

// Goes through the transfers in order until none moves; those of one endpoint never overtake.
void UsbipPlug::stir() {
    while (!is_pulled() && move_one()) {
    }
}

bool UsbipPlug::move_one() {
    std::uint32_t waiting = 0;
    for (auto each = pending_.begin(); each != pending_.end(); ++each) {
        const unsigned address = each->submit.address();
        const std::uint32_t bit = 1U << ((address & 0x0FU) + ((address & 0x80U) >> 3U));
        if ((waiting & bit) == 0 && try_transfer(each)) return true;
        waiting |= bit;
    }
    return false;
}

bool UsbipPlug::try_transfer(Transfers::iterator transfer) {
    if (transfers_left_ == 0U) {
        pull();
        return true;
    }
    Buffer in;
    const Reply reply = ask(*transfer, in);
    if (reply == Reply::NotYet) return false;
    const Transfer done = std::move(*transfer);
    pending_.erase(transfer);
    const usbip::Submit& submit = done.submit;
    const bool to_host = submit.direction == usbip::Direction::ToHost;
    if (reply != Reply::Done) in.clear();
    in.resize(std::min<std::size_t>(in.size(), to_host ? submit.length : 0));
    const std::size_t moved = to_host ? in.size() : submit.length;
    const std::size_t actual = reply == Reply::Done ? moved : 0;
    send(usbip::answer_to(submit, status_of(reply, submit, actual), actual, in));
    if (transfers_left_) --*transfers_left_;
    return true;
}

Reply UsbipPlug::ask(const Transfer& transfer, Buffer& in) {
    const usbip::Submit& submit = transfer.submit;
    if (submit.endpoint == 0) {
        notice(submit.setup);
        return device_->control(submit.setup, transfer.out, in);
    }
    if (submit.direction == usbip::Direction::ToHost)
        return device_->give(submit.address(), submit.length, in);
    return device_->take(submit.address(), transfer.out);
}

// A kernel keeps the reset of a port to itself; but a device is configured anew after it, and only
// then.
void UsbipPlug::notice(const Setup& setup) {
    if (setup.type != 0 || setup.request != kSetConfiguration) return;
    if (std::exchange(is_configured_, true)) {
        device_->note("reset");
        device_->reset();
    }
    device_->note("configured");
}

}  // namespace stile::emulator
