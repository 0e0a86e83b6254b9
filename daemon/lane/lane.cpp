// SPDX-License-Identifier: Apache-2.0
// What a lane does on each edge of its table.
#include "daemon/lane/lane.hpp"

#include <algorithm>
#include <utility>

namespace stile {

Lane::Lane(Options options, devices::Capabilities has)
    : options_{std::move(options)}, has_{has}, sensor_{has, options_.sensor_stuck} {}

void Lane::feed(LaneInput input, Time now) {
    const LaneEdge& taken = edge(state_, input);
    const LaneState before = state_;
    act(taken.action, now);
    state_ = taken.to == LaneState::Rest ? rest() : taken.to;
    if (state_ != before) enter(state_, now);
    if (taken.action == LaneAction::CommandAgain && state_ == before) command(now);
}

LaneState Lane::rest() const {
    if (fire_ == FireInput::Active) return LaneState::Fire;
    if (gone_) return LaneState::OutOfOrder;
    if (use_ == LaneUse::Test) return LaneState::Idle;
    if (mode_ == LaneMode::OutOfOrder) return LaneState::OutOfOrder;
    if (mode_ == LaneMode::Free) return LaneState::Free;
    return mode_ == LaneMode::Locked ? LaneState::Locked : LaneState::Idle;
}

void Lane::enter(LaneState state, Time now) {
    grace_.reset();
    switch (state) {
        case LaneState::Closing:
            grace_ = now + kGrace;
            return;
        case LaneState::Idle:
        case LaneState::Free:
        case LaneState::Fire:
        case LaneState::Locked:
        case LaneState::OutOfOrder:
            return command(now);
        case LaneState::Released:
        case LaneState::Passing:
        case LaneState::Finishing:
        case LaneState::Rest:
            return;
    }
}

void Lane::command(Time now) {
    if (open_for_all()) return order(ArmOrder::Open, now);
    report_free();
    order(ArmOrder::Lock, now);
}

void Lane::order(ArmOrder order, Time now) {
    orders_.emplace_back(order);
    if (!has_.arm_feedback || gone_) return;
    arm_.command(
        order == ArmOrder::Lock ? ArmWatch::Position::Locked : ArmWatch::Position::Unlocked, now);
}

void Lane::act(LaneAction action, Time now) {
    switch (action) {
        case LaneAction::None:
        case LaneAction::CommandAgain:
            return;
        case LaneAction::Begin:
            released_ = std::exchange(refused_, std::nullopt);
            passed_ = 0;
            time_out_ = now + released_->hold;
            if (has_.arm_feedback) arm_.command(ArmWatch::Position::Unlocked, now);
            return;
        case LaneAction::GiveBack:
            return write(*std::exchange(refused_, std::nullopt), PassageResult::Released, 0);
        case LaneAction::Count:
            ++passed_;
            return;
        case LaneAction::CountAndEnd:
            ++passed_;
            return end(PassageResult::Entered, now);
        case LaneAction::End:  // nobody has seen them where there is no sensor
            if (!has_.sensor) return end(PassageResult::PresumedEntered, now);
            return end(passed_ == 0 ? PassageResult::Released : PassageResult::Entered, now);
        case LaneAction::EndPresumed:
            return end(PassageResult::PresumedEntered, now);
        case LaneAction::Relock:
            time_out_.reset();
            return order(ArmOrder::Lock, now);
        case LaneAction::TellReverse:
            return tell(LaneEventKind::ReversePassage);
        case LaneAction::TellUnasked: {
            const bool follows = last_admission_ != 0 && now < *ended_ + kTailgate;
            return tell(follows ? LaneEventKind::Tailgating : LaneEventKind::PassageWithoutRelease,
                        use_ == LaneUse::Test ? 0 : 1);
        }
        case LaneAction::CountFree:
            ++counts_.free;
            ++free_;
            if (!free_report_) free_report_ = now + kFreeReport;
            return;
    }
}

void Lane::end(PassageResult result, Time now) {
    const Released done = *std::exchange(released_, std::nullopt);
    last_ = done.admission.identity;
    ended_ = now;
    time_out_.reset();
    const std::uint8_t people = result == PassageResult::PresumedEntered ? done.people : passed_;
    last_admission_ = people == 0 ? 0 : done.admission.admission;
    if (result == PassageResult::Entered && done.admission.direction == Direction::Exit)
        result = PassageResult::Left;
    write(done, result, people);
}

void Lane::count(const OpenAdmission& admission, PassageResult result, std::uint8_t people) {
    if ((admission.flags & kFlagTest) != 0) return;
    if (result == PassageResult::Released) {
        ++counts_.released;
    } else if (admission.direction == Direction::Exit) {
        counts_.left += people;
    } else {
        counts_.entered += people;
    }
}

void Lane::write(const Released& released, PassageResult result, std::uint8_t people) {
    count(released.admission, result, people);
    orders_.emplace_back(LaneOutcome{.admission = released.admission,
                                     .passage = {.result = result,
                                                 .admission = released.admission.admission,
                                                 .people = people,
                                                 .release_us = released.release_us,
                                                 .ticket = released.ticket,
                                                 .lane = options_.name}});
}

void Lane::tell(LaneEventKind what, std::uint32_t count) {
    const bool of_last = what == LaneEventKind::Tailgating;
    std::uint64_t admission = of_last ? last_admission_ : 0;
    if (released_) admission = released_->admission.admission;
    if (use_ == LaneUse::Guests) ++counts_.events;
    last_event_ = what;
    orders_.emplace_back(LaneEvent{what, admission, count, options_.name});
}

void Lane::report_free() {
    free_report_.reset();
    if (free_ != 0) tell(LaneEventKind::FreePassage, std::exchange(free_, 0));
}

void Lane::release(const Released& released, Time now) {
    refused_ = released;
    feed(LaneInput::Release, now);
    if (released_ && sensor_.covered()) feed(LaneInput::Covered, now);
}

void Lane::release_failed(const Released& released, Time now) {
    orders_.emplace_back(ArmOrder::Lock);
    last_ = released.admission.identity;
    ended_ = now;
    last_admission_ = 0;
    write(released, PassageResult::Released, 0);
}

void Lane::take(devices::Signal signal, Time now) {
    using devices::Signal;
    if (const auto sight = sensor_.take(signal, now)) return sensed(*sight, now);
    switch (signal) {
        case Signal::OuterCovered:
        case Signal::OuterClear:
        case Signal::InnerCovered:
        case Signal::InnerClear:
            return;
        case Signal::Unlocked:
        case Signal::Locked: {
            const auto at = signal == Signal::Locked ? ArmWatch::Position::Locked
                                                     : ArmWatch::Position::Unlocked;
            if (arm_.seen(at)) tell(LaneEventKind::ArmFree);
            return;
        }
        case Signal::TamperOpened:
            return tell(LaneEventKind::TamperOpened);
        case Signal::TamperClosed:
            return tell(LaneEventKind::TamperClosed);
        case Signal::Gone:
            return device_gone(now);
        case Signal::Back:
            return device_back(now);
        case Signal::FireOn:
        case Signal::FireOff:
            return;  // of all lanes together: fire()
    }
}

LaneInput Lane::passage(PassageSensor::Sight sight) const {
    const Direction asked = released_ ? released_->admission.direction : options_.direction;
    const auto back = asked == Direction::Entry ? PassageSensor::Sight::PassedOut
                                                : PassageSensor::Sight::PassedIn;
    if (sight == back) return LaneInput::PassedBack;
    const bool more = released_ && passed_ + 1 < released_->people;
    return more ? LaneInput::Passed : LaneInput::PassedLast;
}

void Lane::sensed(PassageSensor::Sight sight, Time now) {
    switch (sight) {
        case PassageSensor::Sight::Begun:
            return feed(LaneInput::Covered, now);
        case PassageSensor::Sight::Passed:
        case PassageSensor::Sight::PassedIn:
        case PassageSensor::Sight::PassedOut:
            return feed(passage(sight), now);
        case PassageSensor::Sight::Withdrawn:
            return feed(LaneInput::Withdrawn, now);
        case PassageSensor::Sight::Stuck:
            tell(LaneEventKind::SensorStuck);
            return feed(LaneInput::SensorStuck, now);
        case PassageSensor::Sight::Freed:
            tell(LaneEventKind::SensorFree);
            // Whoever was admitted stood there for long; what was before them is nobody.
            if (released_) feed(passage(PassageSensor::Sight::Passed), now);
            return;
    }
}

void Lane::set_mode(LaneMode mode, Time now) {
    mode_ = mode;
    feed(LaneInput::ModeSet, now);
}

void Lane::set_use(LaneUse use, Time now) {
    use_ = use;
    feed(LaneInput::ModeSet, now);
}

void Lane::fire(FireInput fire, Time now) {
    if (fire == fire_) return;
    fire_ = fire;
    const bool on = fire == FireInput::Active;
    if (!on) report_free();
    tell(on ? LaneEventKind::FireStarted : LaneEventKind::FireEnded);
    feed(on ? LaneInput::FireOn : LaneInput::FireOff, now);
}

void Lane::device_gone(Time now) {
    if (gone_) return;
    gone_ = true;
    sensor_.forget();
    arm_.forget();
    tell(LaneEventKind::DeviceGone);
    feed(LaneInput::Gone, now);
}

void Lane::device_back(Time now) {
    if (!gone_) return;
    gone_ = false;
    tell(LaneEventKind::DeviceBack);
    feed(LaneInput::Back, now);
}

void Lane::tick(Time now) {
    if (arm_.tick(now)) tell(LaneEventKind::ArmStuck);
    if (const auto sight = sensor_.tick(now)) sensed(*sight, now);
    if (time_out_ && now >= *time_out_) {
        feed(LaneInput::TimeOut, now);
        // Nobody can say whether they passed a sensor that is covered all the time, or none.
        if (sensor_.stuck() || !has_.sensor) feed(LaneInput::SensorStuck, now);
    }
    if (grace_ && now >= *grace_) feed(LaneInput::GraceOver, now);
    if (free_report_ && now >= *free_report_) report_free();
}

std::optional<Lane::Time> Lane::due() const {
    std::optional<Time> first;
    for (const auto& at : {time_out_, grace_, free_report_, sensor_.due(), arm_.due()}) {
        if (at && (!first || *at < *first)) first = at;
    }
    return first;
}

std::vector<LaneOrder> Lane::take_orders() {
    return std::exchange(orders_, {});
}

bool Lane::ignores(const crypto::Identity& identity, Time now) const {
    if (released_) return released_->admission.identity == identity;
    return ended_ && now < *ended_ + kIgnoreAfterwards && identity == last_;
}

bool Lane::open_for_all() const {
    return state_ == LaneState::Free || state_ == LaneState::Fire;
}

LaneLook Lane::look() const {
    LaneLook look{.state = state_, .mode = mode_, .use = use_, .direction = options_.direction};
    if (!released_) return look;
    look.people =
        static_cast<std::uint8_t>(released_->people - std::min(passed_, released_->people));
    look.open_until = time_out_;
    return look;
}

bool Lane::closed(Direction direction) const {
    if (gone_) return true;
    if (use_ == LaneUse::Test) return false;
    if (mode_ == LaneMode::Locked || mode_ == LaneMode::OutOfOrder) return true;
    return mode_ == LaneMode::ExitOnly && direction == Direction::Entry;
}

}  // namespace stile
