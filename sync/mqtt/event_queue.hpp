// SPDX-License-Identifier: Apache-2.0
// Carries events from the client library's threads to the owner's. The library's callbacks do
// nothing but post here: it holds its own locks while it calls them.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <vector>

#include "sync/mqtt/session.hpp"

namespace stile::sync {

// Bounded by its users: a publish has one event and there are at most a window of them; arriving
// messages are dropped when `most_arrived` wait, or too many bytes of them. All functions are
// thread-safe.
class EventQueue {
public:
    static constexpr std::size_t kMaxArrived = 256;
    static constexpr std::size_t kMaxArrivedBytes = 65'536;  // a longer message is dropped
    static constexpr std::size_t kMaxWaitingBytes = 64'000'000;

    // `wake` is called after a post to an empty queue, on the posting thread.
    explicit EventQueue(std::function<void()> wake, std::size_t most_arrived = kMaxArrived)
        : wake_{std::move(wake)}, most_arrived_{most_arrived} {}

    void post(SessionEvent event) {
        {
            const std::lock_guard lock{mutex_};
            if (const auto* message = std::get_if<Arrived>(&event)) {
                const std::size_t bytes = message->topic.size() + message->payload.size();
                if (arrived_ >= most_arrived_ || bytes_ + bytes > kMaxWaitingBytes) return;
                ++arrived_;
                bytes_ += bytes;
            }
            events_.push_back(std::move(event));
            if (events_.size() > 1) return;  // somebody was woken already
        }
        ready_.notify_one();
        wake_();
    }

    [[nodiscard]] std::vector<SessionEvent> take(std::chrono::milliseconds timeout) {
        std::unique_lock lock{mutex_};
        (void)ready_.wait_for(lock, timeout, [this] { return !events_.empty(); });
        arrived_ = 0;
        bytes_ = 0;
        return std::exchange(events_, {});
    }

private:
    std::function<void()> wake_;
    const std::size_t most_arrived_;
    std::mutex mutex_;
    std::condition_variable ready_;
    std::vector<SessionEvent> events_;  // guarded by mutex_
    std::size_t arrived_ = 0;           // guarded by mutex_
    std::size_t bytes_ = 0;             // guarded by mutex_; of what arrived
};

}  // namespace stile::sync
