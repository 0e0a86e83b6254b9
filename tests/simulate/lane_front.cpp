// SPDX-License-Identifier: Apache-2.0
// Show, wait for the answer, let the next one come.
#include "tests/simulate/lane_front.hpp"

#include <utility>

namespace stile::simulate {
namespace {

using protocol::Outcome;
using std::chrono::milliseconds;

constexpr milliseconds kTryAgain{5};      // the lane is still busy
constexpr milliseconds kSameTicket{200};  // it was just used here; the lane ignores it for 3 s

}  // namespace

LaneFront::LaneFront(EventLoop& loop, Place place, Answered answered)
    : loop_{loop}, place_{std::move(place)}, answered_{std::move(answered)} {
    plug_in();
}

void LaneFront::plug_in() {
    link_.emplace(
        loop_, place_.socket, protocol::Hello{protocol::Role::Reader, place_.reader, "simulation"},
        protocol::DaemonLink::Handlers{
            .on_up =
                [this](const protocol::Welcome&) {
                    (void)link_->send(protocol::ReaderHealth{
                        .state = protocol::ReaderState::Working});  // a courtesy
                    next();
                },
            .on_down = [this](const Error&) { lost(); },
            .on_message =
                [this](protocol::Received&& received) {
                    const auto* feedback = std::get_if<protocol::Feedback>(&received.message);
                    if (feedback != nullptr) take(*feedback);
                }});
    link_->start();
}

void LaneFront::lost() {
    if (std::exchange(asked_, false)) queue_.front().unanswered = true;
}

void LaneFront::break_reader() {
    wanted_ = false;
    if (!asked_) unplug();
}

// Not from within a callback of the link.
void LaneFront::unplug() {
    if (link_ && link_->up()) {
        (void)link_->send(protocol::ReaderHealth{.state = protocol::ReaderState::Failed,
                                                 .detail = "the camera does not answer"});
    }
    turn_ = loop_.when_idle([this] {
        if (!wanted_) link_.reset();
    });
}

void LaneFront::mend_reader() {
    wanted_ = true;
    if (!link_) plug_in();
    next();
}

void LaneFront::join(Visitor visitor) {
    queue_.push_back(std::move(visitor));
    next();
}

std::optional<std::size_t> LaneFront::send_home() {
    std::optional<std::size_t> asked;
    if (std::exchange(asked_, false)) asked = queue_.front().showing;
    queue_.clear();
    return asked;
}

void LaneFront::next() {
    if (!wanted_ || !up() || asked_ || pause_ || queue_.empty()) return;
    const Visitor& first = queue_.front();
    const auto now = static_cast<std::uint64_t>(EventLoop::monotonic_ns());
    const Bytes code = as_bytes(first.code);
    const protocol::Scan scan{.scan = ++scan_,
                              .captured_ns = now,
                              .decoded_ns = now,
                              .content = {code.begin(), code.end()}};
    if (link_->send(scan)) {
        asked_ = true;
    } else {
        pause(kTryAgain);
    }
}

void LaneFront::pause(milliseconds time) {
    pause_ = loop_.after(time, [this] {
        pause_.reset();
        next();
    });
}

void LaneFront::take(const protocol::Feedback& feedback) {
    if (!asked_ || feedback.scan != scan_) return;
    asked_ = false;
    if (feedback.outcome == Outcome::Wait) {
        pause(kTryAgain);
    } else if (feedback.outcome == Outcome::Same) {
        pause(kSameTicket);
    } else {
        const Visitor visitor = std::move(queue_.front());
        queue_.pop_front();
        const bool passes = feedback.outcome == Outcome::Admit;
        pause(passes ? place_.passage * visitor.people : kTryAgain);
        answered_(visitor, feedback);
    }
    if (!wanted_) unplug();
}

}  // namespace stile::simulate
