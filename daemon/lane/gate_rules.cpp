// SPDX-License-Identifier: Apache-2.0
// Other rules for a gate that runs: taken over as a whole, between two scans.
#include <algorithm>
#include <cassert>
#include <utility>

#include "daemon/lane/post.hpp"

namespace stile {
namespace {

constexpr std::chrono::milliseconds kScheduleLook{5000};

}  // namespace

void Gate::take_rules(GateRules rules) {
    assert(rules.lanes.size() == lanes_.size());
    const bool same_credentials = rules.staff_products == rules_.staff_products &&
                                  std::ranges::equal(rules.keys.records(), rules_.keys.records());
    rules_ = std::move(rules);
    adopt_rules();
    for (std::size_t at = 0; at < lanes_.size(); ++at) {
        if (!same_credentials) part_from_credential(posts_[at]);
        auto& refusal = posts_[at].refusal;
        if (refusal) refusal->scan.own = nullptr;  // it pointed into the old ones
        if (refusal && !stands(refusal->scan)) refusal.reset();
        show(at);
    }
}

void Gate::forget_words() {
    for (Post& post : posts_)
        post.armed.reset();
}

// It may be good no longer; whoever has one that is shows it again.
void Gate::part_from_credential(Post& post) {
    if (post.menu.state(std::chrono::steady_clock::now()) == StaffMenu::State::Open)
        post.answer.reset();  // it asks for a card of the menu
    post.menu.close();
    if (post.armed && post.armed->word.actor.role == kCredentialRole) post.armed.reset();
}

void Gate::adopt_rules() {
    keys_ = rules_.keys;
    finder_.reset();
    if (rules_.platform)
        finder_.emplace(Finder::Parts{.orders = *rules_.platform->orders,
                                      .verifier = verifier_,
                                      .revocations = parts_.revocations,
                                      .book = {},
                                      .gate = rules_.platform->gate});
    take_book(std::move(book_));
    plan_schedules();
}

void Gate::plan_schedules() {
    schedule_timer_.reset();
    if (std::ranges::all_of(rules_.lanes,
                            [](const LaneTerms& lane) { return lane.schedule.empty(); }))
        return;
    schedule_timer_ = parts_.loop.every(kScheduleLook, [this] { follow_schedules(); });
    turn_ = parts_.loop.when_idle([this] {
        follow_schedules();
        process();
    });
}

// Whether somebody may still say that this guest passes all the same: never a ticket whose key is
// gone, nor at a list that this lane does not ask, nor past a platform that sells its event now.
bool Gate::stands(const Examined& refused) const {
    if (refused.ticket && sells((*refused.ticket)->event)) return false;
    const auto& lists = posts_[refused.waiting.lane].lists;
    const bool is_asked =
        !refused.at_platform || std::ranges::find(lists, refused.at_platform->list) != lists.end();
    const bool is_signed = refused.ticket || (refused.at_platform && refused.at_platform->ticket);
    return is_asked && (!is_signed || proof_of(refused.waiting));
}

}  // namespace stile
