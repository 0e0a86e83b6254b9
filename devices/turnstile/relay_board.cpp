// SPDX-License-Identifier: Apache-2.0
// Orders to a thread, answers back by an eventfd, and one timer for the patience with it.
#include "devices/turnstile/relay_board.hpp"

#include <algorithm>
#include <atomic>
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

namespace stile::devices {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFarewell{500};
constexpr const char* kSilent = "the relay board does not answer";
constexpr std::size_t kOrders = 64;  // eight channels that blink, and a board that hangs

std::uint8_t bit_of(std::uint8_t channel) {
    return static_cast<std::uint8_t>(1U << (channel - 1U));
}

}  // namespace

struct RelayBoard::Order {
    enum class What : std::uint8_t {
        Open,  // anew, with the channels in `mask` off
        Set,
        Look  // is it still there, and as it was left?
    };
    What what = What::Look;
    std::uint8_t channel = 0;
    Switch to = Switch::Off;
    std::uint8_t mask = 0;
    std::uint64_t life = 0;  // orders of an earlier one are not carried out
};

struct RelayBoard::Answer {
    Order order;
    Result<void> done;
};

struct RelayBoard::Shared {
    RelayOpener open;
    BoundedQueue<Order> orders{kOrders};
    BoundedQueue<Answer> answers{kOrders};
    Mailbox<std::monostate> bell;  // rung when an order was put
    UniqueFd ready{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    std::binary_semaphore ended{0};
    std::atomic<std::uint64_t> life{0};  // ends when the board was given up

    // Of the thread.
    std::unique_ptr<RelayLink> link;
    std::uint8_t wanted = 0;  // of the channels in `ours`
    std::uint8_t ours = 0;

    Result<void> reopen(std::uint8_t mask) {
        link.reset();
        auto opened = open();
        if (!opened) return std::unexpected{std::move(opened.error())};
        link = std::move(*opened);
        ours = mask;
        wanted = 0;
        for (std::uint8_t channel = 1; channel <= 8; ++channel) {
            if ((mask & bit_of(channel)) == 0) continue;
            if (auto off = link->set(channel, Switch::Off); !off) return off;
        }
        return check();
    }
    Result<void> check() const {
        const auto states = link->states();
        if (!states) return std::unexpected{states.error()};
        if ((*states & ours) == wanted) return {};
        return fail(Errc::Io, "a relay is not as it was left");
    }
    Result<void> set(std::uint8_t channel, Switch to) {
        if (auto set = link->set(channel, to); !set) return set;
        ours |= bit_of(channel);
        const auto bit = bit_of(channel);
        wanted = static_cast<std::uint8_t>(to == Switch::On ? wanted | bit : wanted & ~bit);
        return check();
    }
    Result<void> run(const Order& order) {
        if (order.what == Order::What::Open) return reopen(order.mask);
        if (!link) return fail(Errc::Closed, "the relay board is gone");
        return order.what == Order::What::Set ? set(order.channel, order.to) : check();
    }
    // The order was given up while the device had it, and was carried out after all: nobody waits
    // for it any more, so nobody would end it before the board is opened anew.
    void take_back(const Order& order) const {
        if (order.what == Order::What::Set && order.to == Switch::On)
            (void)link->set(order.channel, Switch::Off);  // one that fails is opened anew, too
    }
    void answer(const Order& order) {
        if (order.life != life.load()) return;
        auto done = run(order);
        if (link && order.life != life.load()) take_back(order);
        if (!done) link.reset();
        if (answers.push({order, std::move(done)}))
            (void)::eventfd_write(ready.get(), 1);  // or it is set
    }
    // What was ordered before the end is still done.
    void serve(const std::stop_token& stop) {
        bool last = false;
        while (!last) {
            last = !bell.take(stop);
            while (auto order = orders.try_pop())
                answer(*order);
        }
    }
    void work(const std::stop_token& stop) {
        (void)::pthread_setname_np(::pthread_self(), "stile-relay");  // a name is for people only
        try {
            serve(stop);
        } catch (const std::exception& foreign) {
            log::error(std::string{"relay thread: "} + foreign.what());
            std::_Exit(EXIT_FAILURE);
        }
        link.reset();
        ended.release();
    }
};

RelayBoard::RelayBoard(EventLoop& loop, Options options)
    : loop_{loop},
      options_{std::move(options)},
      shared_{std::make_shared<Shared>()},
      wait_{options_.back_off.first} {
    shared_->open = options_.open;
    answered_ = loop_.on_readable(shared_->ready.get(), [this] { collect(); });
    looks_ = loop_.every(options_.look, [this] { look(); });
    thread_ = std::jthread{[shared = shared_](const std::stop_token& stop) { shared->work(stop); }};
    (void)put({.what = Order::What::Open});  // the queue is empty
}

RelayBoard::~RelayBoard() {
    thread_.request_stop();
    if (!shared_->ended.try_acquire_for(kFarewell)) thread_.detach();
}

void RelayBoard::attach(RelayChannels& user) {
    users_.push_back(&user);
    for (const std::uint8_t channel : user.channels_)
        (void)set(channel, Switch::Off);  // whatever an earlier run has left it at
}

void RelayBoard::detach(const RelayChannels& user) {
    std::erase(users_, &user);
}

bool RelayBoard::put(Order order) {
    order.life = shared_->life.load();
    if (!shared_->orders.push(order)) {
        // What was not taken would never be done: off with the board, but not inside a call.
        overflow_ = loop_.after(milliseconds{0}, [this] { lost(kSilent); });
        return false;
    }
    shared_->bell.put({});
    if (waiting_++ == 0) be_patient();
    return true;
}

// The answer may be there when the time is over: then this thread was slow, and not the board.
void RelayBoard::be_patient() {
    const bool here = state_ == State::Here;
    patience_ = loop_.after(here ? options_.patience : options_.patience_gone, [this] {
        const auto life = shared_->life.load();
        const auto taken = taken_;
        collect();
        if (life == shared_->life.load() && taken == taken_) lost(kSilent);
    });
}

Result<void> RelayBoard::set(std::uint8_t channel, Switch to) {
    if (state_ == State::Gone) return fail(Errc::Closed, "the relay board is gone");
    if (put({.what = Order::What::Set, .channel = channel, .to = to})) return {};
    return fail(Errc::Io, "the relay board has too much to do");
}

void RelayBoard::collect() {
    eventfd_t count = 0;
    (void)::eventfd_read(shared_->ready.get(), &count);  // only to make it unreadable
    while (const auto answer = shared_->answers.try_pop())
        take(*answer);
}

void RelayBoard::take(const Answer& answer) {
    if (answer.order.life != shared_->life.load()) return;
    if (!answer.done) return lost(answer.done.error().context);
    ++taken_;
    patience_.reset();
    if (--waiting_ > 0) be_patient();
    if (answer.order.what == Order::What::Open && state_ == State::Gone) {
        state_ = State::Here;
        wait_ = options_.back_off.first;
        looks_ = loop_.every(options_.look, [this] { look(); });
        for (RelayChannels* user : users_)
            user->tell_back();
    }
    if (answer.order.what != Order::What::Set) return;
    for (RelayChannels* user : users_) {
        const auto channel = std::ranges::find(user->channels_, answer.order.channel);
        if (channel == user->channels_.end()) continue;
        user->tell_switched(static_cast<std::size_t>(channel - user->channels_.begin()),
                            answer.order.to);
    }
}

// It failed, or has left an order without an answer for too long.
void RelayBoard::lost(std::string why) {
    trouble_ = std::move(why);
    ++shared_->life;
    waiting_ = 0;
    patience_.reset();
    overflow_.reset();
    looks_.reset();
    again_ = loop_.after(wait_, [this] { try_again(); });
    wait_ = std::min(wait_ * 2, options_.back_off.longest);
    if (std::exchange(state_, State::Gone) == State::Gone) return;
    for (RelayChannels* user : users_)
        user->tell_gone();
}

void RelayBoard::try_again() {
    std::uint8_t mask = 0;
    for (const RelayChannels* user : users_) {
        for (const std::uint8_t channel : user->channels_)
            mask |= bit_of(channel);
    }
    (void)put({.what = Order::What::Open, .mask = mask});  // a full queue is tried again
}

void RelayBoard::look() {
    if (state_ == State::Here && waiting_ == 0) (void)put({.what = Order::What::Look});
}

RelayChannels::RelayChannels(std::shared_ptr<RelayBoard> board, std::vector<std::uint8_t> channels)
    : board_{std::move(board)}, channels_{std::move(channels)} {
    board_->attach(*this);
}

RelayChannels::~RelayChannels() {
    board_->detach(*this);
}

Result<void> RelayChannels::set(std::size_t output, Switch to) {
    if (output >= channels_.size()) return fail(Errc::Invalid, "there is no such output");
    return board_->set(channels_[output], to);
}

}  // namespace stile::devices
