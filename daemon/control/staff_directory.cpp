// SPDX-License-Identifier: Apache-2.0
// Questions to a thread, answers back by an eventfd, and a timer for each.
#include "daemon/control/staff_directory.hpp"

#include <cstdlib>
#include <exception>
#include <semaphore>
#include <string>
#include <utility>
#include <variant>

#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "daemon/runtime/bounded_queue.hpp"
#include "daemon/runtime/log.hpp"
#include "daemon/runtime/mailbox.hpp"
#include "daemon/runtime/unique_fd.hpp"

namespace stile {
namespace {

constexpr std::chrono::milliseconds kFarewell{500};

struct Asked {
    std::uint64_t number = 0;
    protocol::Peer peer;
    RoleGroups groups;  // as they were when it was asked
};

struct Identified {
    std::uint64_t number = 0;
    Caller caller;
};

}  // namespace

struct StaffDirectory::Shared {
    NameSource names;
    BoundedQueue<Asked> questions{protocol::kMaxPeersPerSocket};  // more are not inside at once
    BoundedQueue<Identified> answers{
        protocol::kMaxPeersPerSocket};  // nobody waits for what is lost
    Mailbox<std::monostate> bell;       // rung when a question was put
    UniqueFd ready{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    std::binary_semaphore ended{0};

    void serve(const std::stop_token& stop) {
        while (bell.take(stop)) {
            while (!stop.stop_requested()) {
                auto question = questions.try_pop();
                if (!question) break;
                answer(*question);
            }
        }
    }
    void answer(const Asked& question) {
        if (answers.push({question.number, stile::identify(question.peer, question.groups, names)}))
            (void)::eventfd_write(ready.get(), 1);  // fails only when it is readable already
    }
    void work(const std::stop_token& stop) {
        (void)::pthread_setname_np(::pthread_self(), "stile-staff");  // a name is for people only
        try {
            serve(stop);
        } catch (const std::exception& foreign) {
            log::error(std::string{"staff thread: "} + foreign.what());
            std::_Exit(EXIT_FAILURE);
        }
        ended.release();
    }
};

StaffDirectory::StaffDirectory(EventLoop& loop, Options options)
    : loop_{loop}, options_{std::move(options)}, shared_{std::make_shared<Shared>()} {
    shared_->names = options_.names;
    answered_ = loop_.on_readable(shared_->ready.get(), [this] { collect(); });
    thread_ = std::jthread{[shared = shared_](const std::stop_token& stop) { shared->work(stop); }};
}

StaffDirectory::~StaffDirectory() {
    thread_.request_stop();
    if (!shared_->ended.try_acquire_for(kFarewell)) thread_.detach();
}

void StaffDirectory::take_groups(RoleGroups groups) {
    options_.groups = std::move(groups);
}

void StaffDirectory::identify(const protocol::Peer& peer, Answer answer) {
    const std::uint64_t number = next_number_++;
    const bool asked = shared_->questions.push({number, peer, options_.groups});
    shared_->bell.put({});
    waiting_[number] = {peer, std::move(answer),
                        loop_.after(asked ? options_.patience : std::chrono::milliseconds{0},
                                    [this, number] { lose_patience(number); })};
}

void StaffDirectory::collect() {
    eventfd_t count = 0;
    (void)::eventfd_read(shared_->ready.get(), &count);  // only to make it unreadable
    while (const auto identified = shared_->answers.try_pop()) {
        if (auto waiting = waiting_.extract(identified->number))
            waiting.mapped().answer(identified->caller);
    }
}

void StaffDirectory::lose_patience(std::uint64_t number) {
    if (auto waiting = waiting_.extract(number)) {
        waiting.mapped().answer(
            stile::identify(waiting.mapped().peer, options_.groups, options_.files));
    }
}

}  // namespace stile
