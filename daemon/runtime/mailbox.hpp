// SPDX-License-Identifier: Apache-2.0
// A mailbox of one: the newest value wins, and what it replaced is counted.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <utility>

#include "daemon/runtime/mutex.hpp"

namespace stile {

// For values that are worthless once there is a newer one: camera frames, states. Thread-safe.
template <class T>
class Mailbox {
public:
    // Never blocks. A closed mailbox takes nothing.
    void put(T value) {
        {
            const MutexLock lock{mutex_};
            if (closed_) return;
            if (value_) ++replaced_;
            value_ = std::move(value);
        }
        changed_.notify_one();
    }

    // Waits for a value. Nothing when `stop` is requested, or when the mailbox is closed and empty.
    [[nodiscard]] std::optional<T> take(const std::stop_token& stop) {
        const MutexLock lock{mutex_};
        changed_.wait(mutex_, stop, [this]() STILE_THREAD_SAFETY(requires_capability(mutex_)) {
            return value_.has_value() || closed_;
        });
        if (stop.stop_requested()) return std::nullopt;
        return std::exchange(value_, std::nullopt);
    }

    // The value that waits, or nothing at once.
    [[nodiscard]] std::optional<T> try_take() {
        const MutexLock lock{mutex_};
        return std::exchange(value_, std::nullopt);
    }

    // No more values come; the one that waits can still be taken.
    void close() {
        {
            const MutexLock lock{mutex_};
            closed_ = true;
        }
        changed_.notify_all();
    }

    // How many values nobody took before the next one came.
    [[nodiscard]] std::uint64_t replaced() const {
        const MutexLock lock{mutex_};
        return replaced_;
    }

private:
    mutable Mutex mutex_;
    std::condition_variable_any changed_;
    std::optional<T> value_ STILE_THREAD_SAFETY(guarded_by(mutex_));
    std::uint64_t replaced_ STILE_THREAD_SAFETY(guarded_by(mutex_)) = 0;
    bool closed_ STILE_THREAD_SAFETY(guarded_by(mutex_)) = false;
};

}  // namespace stile
