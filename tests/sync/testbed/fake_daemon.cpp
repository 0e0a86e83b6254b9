// SPDX-License-Identifier: Apache-2.0
// One peer at a time, served on one thread.
#include "tests/sync/testbed/fake_daemon.hpp"

#include <algorithm>
#include <utility>

#include <poll.h>

#include "daemon/entry/entry.hpp"

namespace stile::sync::testbed {

FakeDaemon::FakeDaemon(std::filesystem::path socket, std::string gate)
    : socket_{std::move(socket)}, gate_{std::move(gate)} {}

bool FakeDaemon::start() {
    std::filesystem::create_directories(socket_.parent_path());
    auto listener = protocol::Listener::open(socket_, 0600);
    if (!listener) return false;
    listener_.emplace(std::move(*listener));
    thread_ = std::jthread{[this](const std::stop_token& stop) { serve(stop); }};
    return true;
}

void FakeDaemon::stop() {
    thread_ = {};
    listener_.reset();
    drop_peer();
}

void FakeDaemon::drop_peer() {
    peer_.reset();
    credit_ = 0;
}

void FakeDaemon::add_decisions(std::size_t count) {
    const std::lock_guard lock{mutex_};
    for (std::size_t i = 0; i < count; ++i) {
        Decided body;
        body.verdict = Verdict::Admit;
        body.reason = Reason::Valid;
        body.medium = 1;
        body.ticket.fill(7);
        body.lane = "a";
        body.reader = "a-qr";
        body.issuer = "acme";
        Buffer bytes;
        encode_entry({kEpoch, ledger_.size() + 1, {}, ClockQuality::Synced, body}, bytes);
        ledger_.push_back(std::move(bytes));
    }
}

void FakeDaemon::add_bytes(Buffer bytes) {
    const std::lock_guard lock{mutex_};
    ledger_.push_back(std::move(bytes));
}

void FakeDaemon::report(protocol::Subject subject, std::string name, std::string body) {
    const std::lock_guard lock{mutex_};
    reports_.push_back({subject, std::move(name), std::move(body)});
}

void FakeDaemon::serve(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        pollfd sources[] = {{listener_->fd(), POLLIN, 0}, {peer_ ? peer_->fd() : -1, POLLIN, 0}};
        ::poll(sources, 2, 2);  // also looks for new entries, every 2 ms
        const std::lock_guard lock{mutex_};
        if (auto peer = listener_->accept()) {
            drop_peer();
            peer_.emplace(std::move(*peer));
        }
        if (peer_) serve_peer();
        changed_.notify_all();
    }
}

void FakeDaemon::serve_peer() {
    while (peer_) {
        auto received = peer_->receive();
        if (!received) return drop_peer();
        if (!*received) break;
        handle((*received)->message);
    }
    if (peer_) send_entries();
}

void FakeDaemon::handle(const protocol::Message& message) {
    if (std::holds_alternative<protocol::Hello>(message)) {
        (void)peer_->send(protocol::Welcome{"arena", gate_, 1, kEpoch, 1, "fake"});
    } else if (const auto* follow = std::get_if<protocol::Follow>(&message)) {
        ++follows_;
        sent_ = cursor_;
        credit_ = follow->credit;
        reports_sent_ = 0;
        (void)peer_->send(protocol::Position{cursor_ == 0 ? 0 : kEpoch, cursor_});
    } else if (const auto* stored = std::get_if<protocol::Stored>(&message)) {
        stored_[stored->collector] = stored->epoch == kEpoch ? stored->seq : 0;
    } else if (const auto* fetch = std::get_if<protocol::Fetch>(&message)) {
        answer(*fetch);
    } else if (const auto* acknowledge = std::get_if<protocol::Acknowledge>(&message)) {
        cursor_ = acknowledge->seq;
        credit_ += acknowledge->credit;
    } else if (const auto* link = std::get_if<protocol::LinkState>(&message)) {
        link_ = link->state;
    } else if (std::holds_alternative<protocol::Goodbye>(message)) {
        drop_peer();
    }
}

void FakeDaemon::answer(const protocol::Fetch& fetch) {
    ++fetches_;
    const std::uint64_t begin = fetch.epoch == kEpoch  ? std::min(fetch.after, ledger_.size())
                                : fetch.epoch < kEpoch ? 0
                                                       : ledger_.size();
    const std::uint64_t end = std::min<std::uint64_t>(ledger_.size(), begin + fetch.most);
    protocol::Fetched message{fetch.request, protocol::Part::More, kEpoch, begin + 1, {}};
    for (std::uint64_t seq = begin; message.part == protocol::Part::More; seq = message.first - 1) {
        const auto count = std::min<std::uint64_t>(end - seq, protocol::kMaxEntriesInMessage);
        const auto first = ledger_.begin() + static_cast<std::ptrdiff_t>(seq);
        message.entries.assign(first, first + static_cast<std::ptrdiff_t>(count));
        if (seq + count == end) message.part = protocol::Part::Last;
        (void)peer_->send(message);
        message.first += count;
    }
}

void FakeDaemon::send_entries() {
    if (follows_ == 0) return;
    while (reports_sent_ < reports_.size() && peer_->send(reports_[reports_sent_]))
        ++reports_sent_;
    while (credit_ > 0 && sent_ < ledger_.size()) {
        const auto count = std::min<std::uint64_t>(
            {credit_, ledger_.size() - sent_, protocol::kMaxEntriesInMessage});
        const auto first = ledger_.begin() + static_cast<std::ptrdiff_t>(sent_);
        protocol::Entries entries{
            kEpoch, sent_ + 1, {first, first + static_cast<std::ptrdiff_t>(count)}};
        if (!peer_->send(entries)) return;  // its queue is full: later
        sent_ += count;
        credit_ -= static_cast<std::uint32_t>(count);
    }
}

template <class Condition>
bool FakeDaemon::wait(const Condition& condition, Timeout timeout) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, timeout, condition);
}

bool FakeDaemon::wait_for_cursor(std::uint64_t seq, Timeout timeout) {
    return wait([this, seq] { return cursor_ >= seq; }, timeout);
}

bool FakeDaemon::wait_for_follows(std::size_t count, Timeout timeout) {
    return wait([this, count] { return follows_ >= count; }, timeout);
}

bool FakeDaemon::wait_for_link(protocol::Link state, Timeout timeout) {
    return wait([this, state] { return link_ == state; }, timeout);
}

bool FakeDaemon::wait_for_stored(const std::string& collector, std::uint64_t seq, Timeout timeout) {
    return wait(
        [this, &collector, seq] {
            const auto found = stored_.find(collector);
            return found != stored_.end() && found->second == seq;
        },
        timeout);
}

void FakeDaemon::forget_stored() {
    const std::lock_guard lock{mutex_};
    stored_.clear();
}

std::size_t FakeDaemon::fetches() {
    const std::lock_guard lock{mutex_};
    return fetches_;
}

std::uint64_t FakeDaemon::cursor() {
    const std::lock_guard lock{mutex_};
    return cursor_;
}

}  // namespace stile::sync::testbed
