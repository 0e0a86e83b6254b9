// SPDX-License-Identifier: Apache-2.0
// A queue of topics, not of messages: what is taken from it is what is true then.
#include "sync/collector/board.hpp"

#include <utility>

namespace stile::sync {

void Board::due(const std::string& topic) {
    if (is_due_.insert(topic).second) due_.push_back(topic);
}

void Board::keep(const std::string& topic, std::string payload) {
    const auto [at, fresh] = kept_.try_emplace(topic);
    if (!fresh && at->second == payload) return;
    at->second = std::move(payload);
    due(topic);
}

void Board::remove(const std::string& topic) {
    kept_.erase(topic);
    due(topic);
}

void Board::once(std::string topic, std::string payload) {
    if (window_ == 0 || once_.size() >= kMostOnce) return;
    once_.push_back({.topic = std::move(topic), .payload = std::move(payload)});
}

void Board::open(std::size_t window) {
    window_ = window;
    in_flight_.clear();
    for (const auto& [topic, payload] : kept_)
        due(topic);
}

void Board::close() {
    window_ = 0;
    in_flight_.clear();
    once_.clear();
}

Token Board::reserve() {
    if (++last_token_ == 0) ++last_token_;
    in_flight_.insert(last_token_);
    return last_token_;
}

std::optional<Outgoing> Board::next() {
    if (in_flight_.size() >= window_) return std::nullopt;
    Outgoing out;
    if (!once_.empty()) {
        out = std::move(once_.front());
        once_.pop_front();
    } else if (!due_.empty()) {
        out = {.topic = std::move(due_.front()), .retain = Retain::Yes};
        due_.pop_front();
        is_due_.erase(out.topic);
        if (const auto found = kept_.find(out.topic); found != kept_.end())
            out.payload = found->second;  // empty: deletes it
    } else {
        return std::nullopt;
    }
    out.token = reserve();
    return out;
}

}  // namespace stile::sync
