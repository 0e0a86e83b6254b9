// SPDX-License-Identifier: Apache-2.0
// A queue with a fixed capacity: when it is full it refuses, and counts what it refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>

#include "daemon/runtime/mutex.hpp"

namespace stile {

// For values that must stay in order and of which the oldest count most. Thread-safe; never blocks:
// the consumer is woken by its event loop.
template <class T>
class BoundedQueue {
public:
    explicit BoundedQueue(std::size_t capacity) : capacity_{capacity} {}

    // False when the queue is full: the value is gone.
    [[nodiscard]] bool push(T value) {
        const MutexLock lock{mutex_};
        if (values_.size() >= capacity_) {
            ++refused_;
            return false;
        }
        values_.push_back(std::move(value));
        return true;
    }

    // The oldest value, or nothing.
    [[nodiscard]] std::optional<T> try_pop() {
        const MutexLock lock{mutex_};
        if (values_.empty()) return std::nullopt;
        std::optional<T> oldest{std::move(values_.front())};
        values_.pop_front();
        return oldest;
    }

    [[nodiscard]] std::uint64_t refused() const {
        const MutexLock lock{mutex_};
        return refused_;
    }

private:
    const std::size_t capacity_;
    mutable Mutex mutex_;
    std::deque<T> values_ STILE_THREAD_SAFETY(guarded_by(mutex_));
    std::uint64_t refused_ STILE_THREAD_SAFETY(guarded_by(mutex_)) = 0;
};

}  // namespace stile
