// SPDX-License-Identifier: Apache-2.0
// A deque: delivered entries leave at the front, new ones come at the back.
#include "sync/publish/outbox_pump.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace stile::sync {

OutboxPump::OutboxPump(std::string consumer, std::uint16_t capacity)
    : consumer_{std::move(consumer)}, capacity_{capacity} {}

protocol::Follow OutboxPump::follow() {
    items_.clear();
    cursor_ = 0;
    finished_ = 0;
    newest_.reset();
    published_.reset();
    credit_ = capacity_;
    return {consumer_, credit_};
}

void OutboxPump::begin_after(const EntryKey& position) {
    if (newest_) return;  // not an answer
    newest_ = position;
    published_ = position;
}

Result<void> OutboxPump::accept(EntryKey first, std::vector<std::string> payloads) {
    if (payloads.size() > credit_) {
        return fail(Errc::Invalid,
                    fmt::format("{} entries with credit for {}", payloads.size(), credit_));
    }
    if (newest_ && newest_->epoch == first.epoch && first.seq != newest_->seq + 1) {
        return fail(Errc::Invalid, fmt::format("entry {} follows {}", first.seq, newest_->seq));
    }
    EntryKey key = first;
    for (std::string& payload : payloads) {
        items_.push_back({.key = key, .payload = std::move(payload)});
        newest_ = key;
        ++key.seq;
    }
    credit_ = static_cast<std::uint16_t>(credit_ - payloads.size());
    return {};
}

const std::string* OutboxPump::next(Token token) {
    while (cursor_ < items_.size()) {
        Item& item = items_[cursor_++];
        if (item.state != State::Waiting) continue;
        item.state = State::InFlight;
        item.token = token;
        return &item.payload;
    }
    return nullptr;
}

void OutboxPump::delivered(Token token) {
    const auto item = std::ranges::find_if(items_, [token](const Item& candidate) {
        return candidate.state == State::InFlight && candidate.token == token;
    });
    if (item == items_.end()) return;
    item->state = State::Delivered;
    while (!items_.empty() && items_.front().state == State::Delivered) {
        published_ = items_.front().key;
        items_.pop_front();
        if (cursor_ > 0) --cursor_;  // after a rewind, delivered ones may lie behind it
        ++finished_;
    }
}

void OutboxPump::rewind() {
    for (Item& item : items_) {
        if (item.state == State::InFlight) item.state = State::Waiting;
    }
    cursor_ = 0;
}

std::optional<protocol::Acknowledge> OutboxPump::take_acknowledge() {
    if (finished_ == 0 || !published_) return std::nullopt;
    const std::uint16_t grant = std::exchange(finished_, std::uint16_t{0});
    credit_ = static_cast<std::uint16_t>(credit_ + grant);
    return protocol::Acknowledge{consumer_, published_->epoch, published_->seq, grant};
}

}  // namespace stile::sync
