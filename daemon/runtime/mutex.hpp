// SPDX-License-Identifier: Apache-2.0
// A mutex that clang's thread-safety analysis understands; only the two queues use it.
#pragma once

#include <mutex>

#if defined(__clang__)
#define STILE_THREAD_SAFETY(annotation) __attribute__((annotation))
#else
#define STILE_THREAD_SAFETY(annotation)
#endif

namespace stile {

class STILE_THREAD_SAFETY(capability("mutex")) Mutex {
public:
    void lock() STILE_THREAD_SAFETY(acquire_capability()) { mutex_.lock(); }
    void unlock() STILE_THREAD_SAFETY(release_capability()) { mutex_.unlock(); }

private:
    std::mutex mutex_;
};

class STILE_THREAD_SAFETY(scoped_lockable) MutexLock {
public:
    explicit MutexLock(Mutex& mutex) STILE_THREAD_SAFETY(acquire_capability(mutex))
        : mutex_{mutex} {
        mutex_.lock();
    }
    ~MutexLock() STILE_THREAD_SAFETY(release_capability()) { mutex_.unlock(); }
    MutexLock(const MutexLock&) = delete;
    MutexLock& operator=(const MutexLock&) = delete;

private:
    Mutex& mutex_;
};

}  // namespace stile
