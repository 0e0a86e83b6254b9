// SPDX-License-Identifier: Apache-2.0
// Arrivals by the plan, queues, answers.
#include "tests/simulate/crowd.hpp"

#include <algorithm>
#include <utility>

#include "tests/simulate/gate_site.hpp"

namespace stile::simulate {
namespace {

WallTime moment(WallTime doors, Minutes at) {
    return doors + std::chrono::round<std::chrono::milliseconds>(at);
}

}  // namespace

Crowd::Crowd(World world)
    : world_{std::move(world)},
      seen_(world_.plan.showings.size()),
      inside_(world_.plan.tickets.size()),
      has_left_(world_.plan.tickets.size()),
      has_refunds_(world_.gates) {
    for (std::size_t i = 0; i < world_.plan.tickets.size(); ++i) {
        const TicketOrder& order = world_.plan.tickets[i];
        if (order.kind == Kind::Sold) tickets_.emplace(world_.office.id(order.serial), i);
    }
    const auto answer = [this](const LaneFront::Visitor& visitor,
                               const protocol::Feedback& feedback) { answered(visitor, feedback); };
    for (std::size_t gate = 0; gate < world_.gates; ++gate) {
        Lanes& lanes = lanes_.emplace_back();
        for (const char* lane : kLanes)
            lanes.push_back(
                std::make_unique<LaneFront>(world_.loop, world_.place(gate, lane), answer));
    }
}

// All whose time has come, and then a timer for the next one.
void Crowd::arrive() {
    const auto& showings = world_.plan.showings;
    const WallTime now = world_.clock.now();
    for (; next_ < showings.size() && moment(world_.doors, showings[next_].at) <= now; ++next_) {
        seen_[next_].arrived = now;
        if (ready(showings[next_])) {
            step_up(next_);
        } else {
            held_.push_back(next_);
        }
    }
    if (next_ == showings.size()) return timer_.reset();
    timer_ = world_.loop.after(world_.clock.until(moment(world_.doors, showings[next_].at)),
                               [this] { arrive(); });
}

bool Crowd::ready(const Showing& showing) const {
    switch (showing.needs) {
        case Needs::Nothing:
            return true;
        case Needs::Inside:
            return inside_[showing.ticket] > 0;
        case Needs::Outside:
            return inside_[showing.ticket] == 0 && has_left_[showing.ticket];
        case Needs::Refund:
            return has_refunds_[showing.gate];
    }
    return true;
}

void Crowd::release_held() {
    for (const std::size_t showing : std::exchange(held_, {})) {
        if (ready(world_.plan.showings[showing])) {
            step_up(showing);
        } else {
            held_.push_back(showing);
        }
    }
}

// To the shortest queue of a lane that works.
void Crowd::step_up(std::size_t number) {
    const Showing& showing = world_.plan.showings[number];
    const TicketOrder& order = world_.plan.tickets[showing.ticket];
    Lanes& lanes = lanes_[showing.gate];
    const auto cheaper = [](const auto& a, const auto& b) {
        return std::pair{a->broken(), a->waiting()} < std::pair{b->broken(), b->waiting()};
    };
    LaneFront& lane = showing.direction == Direction::Exit
                          ? *lanes.back()
                          : **std::min_element(lanes.begin(), lanes.end() - 1, cheaper);
    lane.join({.showing = number, .code = world_.office.code(order), .people = order.people});
    const std::size_t queue = waiting(showing.gate);
    if (queue > longest_.people) longest_ = {queue, showing.gate, world_.clock.now()};
}

void Crowd::answered(const LaneFront::Visitor& visitor, const protocol::Feedback& feedback) {
    Seen& seen = seen_[visitor.showing];
    seen.reason = reason_from(feedback.reason).value_or(Reason::Error);
    seen.unanswered = visitor.unanswered;
    seen.waited = world_.clock.now() - seen.arrived;
    ++(feedback.outcome == protocol::Outcome::Admit ? admitted_ : refused_);
}

void Crowd::take(const Entry& entry) {
    if (const auto* decided = std::get_if<Decided>(&entry.body)) {
        if (decided->verdict == Verdict::Admit) {
            ++begun_;
            ways_.emplace(std::pair{entry.epoch, entry.seq}, decided->direction);
        }
        return;
    }
    const auto* passage = std::get_if<Passage>(&entry.body);
    if (passage == nullptr) return;
    ++ended_;
    if (passage->result == PassageResult::Released) ++released_;
    const auto ticket = tickets_.find(passage->ticket);
    // Of what a dead gate left open only the decision says which way it was.
    const bool out = ways_.at({entry.epoch, passage->admission}) == Direction::Exit;
    if (passage->result == PassageResult::Released || ticket == tickets_.end()) return;
    inside_[ticket->second] += out ? -1 : 1;
    if (out) has_left_[ticket->second] = true;
    people_inside_ += out ? -passage->people : passage->people;
    release_held();
}

void Crowd::got_refunds(std::size_t gate) {
    has_refunds_[gate] = true;
    release_held();
}

void Crowd::send_home() {
    timer_.reset();
    next_ = world_.plan.showings.size();
    held_.clear();
    for (const Lanes& lanes : lanes_) {
        for (const auto& lane : lanes) {
            if (const auto asked = lane->send_home()) seen_[*asked].unanswered = true;
        }
    }
}

bool Crowd::done() const {
    return next_ == world_.plan.showings.size() && held_.empty() && waiting() == 0 &&
           begun_ >= admitted_ && begun_ == ended_;
}

std::size_t Crowd::waiting(std::size_t gate) const {
    std::size_t sum = 0;
    for (const auto& lane : lanes_[gate])
        sum += lane->waiting();
    return sum;
}

std::size_t Crowd::waiting() const {
    std::size_t sum = 0;
    for (std::size_t gate = 0; gate < lanes_.size(); ++gate)
        sum += waiting(gate);
    return sum;
}

}  // namespace stile::simulate
