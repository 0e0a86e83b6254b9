// SPDX-License-Identifier: Apache-2.0
// Moves the turnstiles, and hears what they say.
#include <algorithm>
#include <utility>

#include "daemon/lane/post.hpp"

namespace stile {

void Gate::release(Examined& scan, const Grant& grant) {
    const std::size_t at = scan.waiting.lane;
    const std::uint32_t release_us = microseconds_since(scan.waiting.scan.captured_ns);
    if (scan.overridden) posts_[at].armed.reset();
    posts_[at].refusal.reset();
    posts_[at].answer = answer_for(scan);
    const auto opened = release(
        at, grant, {.ticket = scan.ticket_id, .release_us = release_us, .people = scan.people},
        scan.duties.release);
    if (opened && scan.in_test) return;
    if (opened) {
        latency_.add(release_us);
        latencies_.add(release_us);
        return;
    }
    scan.outcome = protocol::Outcome::Refuse;  // nobody can pass: the ticket stays good
    scan.decision = {Verdict::Refuse, Reason::Error};
}

Result<void> Gate::release(std::size_t lane, const Grant& grant, Released released,
                           std::chrono::milliseconds hold) {
    const LaneTerms& terms = rules_.lanes[lane];
    released.admission = grant.admission();
    const bool counts = (released.admission.flags & kFlagTest) == 0;
    if (counts)
        posts_[lane].admitted = Watermark{released.admission.epoch, released.admission.admission};
    if (hold.count() == 0) hold = terms.passage_timeout;
    released.hold = hold + (released.people - 1) * terms.each_person;
    auto opened = posts_[lane].setup.turnstile->release(grant, {released.people, released.hold});
    const auto now = std::chrono::steady_clock::now();
    if (opened) {
        lanes_[lane].release(released, now);
    } else {
        lanes_[lane].release_failed(released, now);
    }
    perform(lane);
    return opened;
}

void Gate::signal(std::size_t lane, devices::Signal signal) {
    using devices::Signal;
    if (signal == Signal::FireOn || signal == Signal::FireOff) {
        posts_[lane].fire = signal == Signal::FireOn ? FireInput::Active : FireInput::Over;
        return update_fire();
    }
    lanes_[lane].take(signal, std::chrono::steady_clock::now());
    perform(lane);
}

void Gate::fire(FireInput panel) {
    panel_ = panel;
    update_fire();
}

// A fire at one turnstile is a fire at all of them. A device that is gone has not said that its
// fire is over.
void Gate::update_fire() {
    const bool burning = panel_ == FireInput::Active ||
                         std::ranges::find(posts_, FireInput::Active, &Post::fire) != posts_.end();
    const auto now = std::chrono::steady_clock::now();
    for (std::size_t at = 0; at < lanes_.size(); ++at) {
        lanes_[at].fire(burning ? FireInput::Active : FireInput::Over, now);
        perform(at);
    }
    for (std::size_t at = 0; burning && at < lanes_.size(); ++at)
        end_test(at, {"fire", ""}, "fire release");
}

std::string Gate::device_trouble(std::size_t lane) const {
    return posts_[lane].setup.turnstile->trouble();
}

// Does what the lane asked for, and comes back when its next time is due.
void Gate::perform(std::size_t lane) {
    bool told = false;
    for (LaneOrder& order : lanes_[lane].take_orders()) {
        if (const auto* arm = std::get_if<ArmOrder>(&order)) {
            perform(lane, *arm);
        } else if (auto* outcome = std::get_if<LaneOutcome>(&order)) {
            if (const auto& test = posts_[lane].test)
                test->take(outcome->admission.identity, outcome->passage);
            defer(std::move(*outcome));
        } else {
            if (parts_.on_lane_event) parts_.on_lane_event(std::get<LaneEvent>(order));
            defer(std::get<LaneEvent>(std::move(order)));
            told = true;
        }
    }
    watch(lane);
    show(lane);
    if (told && parts_.on_lane_changed) parts_.on_lane_changed(lanes_[lane]);
}

void Gate::perform(std::size_t lane, ArmOrder order) {
    const LaneSetup& setup = posts_[lane].setup;
    switch (order) {
        case ArmOrder::Lock:
            return setup.turnstile->lock();
        case ArmOrder::Open:
            // One that is gone is told again when it is back.
            (void)setup.turnstile->open(
                lanes_[lane].state() == LaneState::Fire ? devices::Ways::Both : setup.ways);
            return;
    }
}

void Gate::watch(std::size_t lane) {
    EventSource& timer = posts_[lane].timer;
    const auto due = lanes_[lane].due();
    if (!due) return timer.reset();
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(*due - std::chrono::steady_clock::now());
    timer = parts_.loop.after(std::max(left, std::chrono::milliseconds{0}), [this, lane] {
        lanes_[lane].tick(std::chrono::steady_clock::now());
        perform(lane);
    });
}

}  // namespace stile
