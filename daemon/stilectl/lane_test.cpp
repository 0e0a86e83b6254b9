// SPDX-License-Identifier: Apache-2.0
// A table of steps, and the rules by which each has passed.
#include "daemon/stilectl/lane_test.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace stile {
namespace {

using Ending = LaneStep::Ending;
using Outcome = LaneFinding::Outcome;

constexpr std::string_view kWiring =
    "Look at the wires and at the lane's section of the site file (devices/turnstile/WIRING.md).";

constexpr std::array kSteps{
    LaneStep{"walk", "good", Reason::Valid, Ending::SomebodyPasses,
             "Show this code to the reader, and walk through when the lane opens."},
    LaneStep{
        "again", "good", Reason::Used, Ending::None,
        "Take the code away for a few seconds, then show the same one again. It must be refused."},
    LaneStep{"stay", "stay", Reason::Valid, Ending::NobodyPasses,
             "Show this code, and do NOT walk through: wait until the lane locks again."},
    LaneStep{
        "come-back", "stay", Reason::Valid, Ending::SomebodyPasses,
        "That ticket is good again: take it away for a few seconds, show it once more, and walk "
        "through."},
    LaneStep{"group", "group", Reason::Valid, Ending::SomebodyPasses,
             "A ticket for two: show it, and let two people walk through, one behind the other."},
    LaneStep{"expired", "expired", Reason::InvalidTime, Ending::None,
             "A ticket of the day before yesterday: show it. It must be refused."},
    LaneStep{"early", "early", Reason::InvalidTime, Ending::None,
             "A ticket of tomorrow: show it. It must be refused."},
    LaneStep{"revoked", "revoked", Reason::Revoked, Ending::None,
             "A ticket that was withdrawn: show it. It must be refused."},
    LaneStep{"other-event", "other-event", Reason::Invalid, Ending::None,
             "A ticket of another event: show it. It must be refused."},
    LaneStep{"card", "card", Reason::Valid, Ending::SomebodyPasses,
             "For the card reader: write this code as text on an NDEF tag, or as the ticket of a "
             "phone, hold it to the reader, and walk through."},
    LaneStep{"exit", "exit", Reason::Valid, Ending::SomebodyPasses,
             "For the way out: show this code to the reader of the exit, and walk out."},
};

bool has_reader(const LaneOffer& offer, std::string_view kind, std::string_view direction) {
    return std::ranges::any_of(offer.readers, [&](const LaneOffer::Reader& reader) {
        return (kind.empty() || reader.kind == kind) &&
               (direction.empty() || reader.direction == direction);
    });
}

// What the lane itself said meanwhile, and what that means.
std::pair<std::string, std::string> words_of(std::span<const LaneEvent> events) {
    std::string said;
    std::string advice;
    for (const LaneEvent& event : events) {
        said += fmt::format("{}{}", said.empty() ? "; the lane says: " : ", ", name_of(event.what));
        if (event.what == LaneEventKind::ReversePassage)
            advice =
                "The sensor saw them come the other way: swap its two wires, or the lane's "
                "direction.";
    }
    return {said, advice};
}

std::string timing(const LaneSight& sight) {
    std::string text = fmt::format("{}, {:.1f} ms to the decision", sight.decided.reader,
                                   sight.decided.decided_us / 1000.0);
    if (sight.passage && sight.passage->release_us != 0)
        text += fmt::format(", {:.1f} ms to the open lane", sight.passage->release_us / 1000.0);
    return text;
}

LaneFinding failed(const LaneStep& step, std::string detail, std::string advice) {
    return {std::string{step.name}, Outcome::Failed, std::move(detail), std::move(advice)};
}

LaneFinding passed(const LaneStep& step, const LaneSight& sight, std::string_view what) {
    return {std::string{step.name}, Outcome::Passed, timing(sight) + std::string{what}, {}};
}

LaneFinding wrong_answer(const LaneStep& step, const LaneSight& sight) {
    const bool admitted = sight.decided.verdict == Verdict::Admit;
    const std::string_view code = text_of(sight.decided.reason).code;
    std::string advice{text_of(sight.decided.reason).handbook};
    if (admitted) advice = "This must never be: take the lane out of service and report it.";
    return failed(step,
                  fmt::format("{}: {} {} instead of {}", sight.decided.reader,
                              admitted ? "admitted" : "refused", code, text_of(step.reason).code),
                  std::move(advice));
}

LaneFinding nobody_passes(const LaneStep& step, const LaneSight& sight) {
    if (sight.passage->result == PassageResult::Released)
        return passed(step, sight, ", locked again, the ticket is good again");
    return failed(step, "the sensor saw somebody pass, and nobody should have",
                  "If nobody did, the sensor sees something else. " + std::string{kWiring});
}

LaneFinding somebody_passes(const LaneStep& step, const LaneSight& sight, const LaneOffer& offer,
                            std::span<const LaneEvent> events) {
    const auto [said, advice] = words_of(events);
    const auto fails = [&](std::string_view what) {
        return failed(step, std::string{what} + said,
                      advice.empty() ? std::string{kWiring} : advice);
    };
    switch (sight.passage->result) {
        case PassageResult::Entered:
        case PassageResult::Left:
            if (sight.passage->people < sight.decided.people)
                return fails(fmt::format("the sensor saw {} of {} people", sight.passage->people,
                                         sight.decided.people));
            return passed(step, sight, ", the sensor saw them pass" + said);
        case PassageResult::Released:
            return fails("the lane opened, and the sensor saw nobody pass before it locked again");
        case PassageResult::PresumedEntered:
            break;
    }
    if (!offer.sensor) return passed(step, sight, ", no sensor: nobody knows whether they passed");
    return fails("the sensor could not tell whether somebody passed");
}

// "again" is about what comes after the passage.
bool is_of(const LaneSight& sight, const LaneStep& step) {
    const bool used = step.reason == Reason::Used;
    return sight.ticket == step.ticket && !(used && sight.decided.verdict == Verdict::Admit);
}

}  // namespace

const LaneOffer::Ticket* LaneOffer::ticket(std::string_view name) const {
    const auto found = std::ranges::find(tickets, name, &Ticket::name);
    return found == tickets.end() ? nullptr : &*found;
}

std::string_view name_of(LaneFinding::Outcome outcome) {
    switch (outcome) {
        case Outcome::Passed:
            return "passed";
        case Outcome::Failed:
            return "failed";
        case Outcome::Skipped:
            break;
    }
    return "skipped";
}

void LaneSights::take(const Entry& entry) {
    if (const auto* decided = std::get_if<Decided>(&entry.body)) {
        if (decided->lane != offer_.lane || (decided->flags & kFlagTest) == 0) return;
        const auto of = std::ranges::find(offer_.tickets, decided->ticket, &LaneOffer::Ticket::id);
        if (of != offer_.tickets.end())
            shown_.push_back({of->name, entry.seq, *decided, std::nullopt});
    } else if (const auto* passage = std::get_if<Passage>(&entry.body)) {
        const auto of = std::ranges::find(shown_, passage->admission, &LaneSight::seq);
        if (of != shown_.end()) of->passage = *passage;
    } else if (const auto* event = std::get_if<LaneEvent>(&entry.body)) {
        if (event->lane == offer_.lane) events_.push_back(*event);
    } else if (const auto* act = std::get_if<Act>(&entry.body)) {
        if (act->lane != offer_.lane) return;
        if (act->what == ActKind::Test) begun_ = true;
        if (act->what == ActKind::TestEnd && begun_)
            ended_ = fmt::format("{}: {}", act->person, act->reason);
    }
}

std::span<const LaneStep> lane_steps() {
    return kSteps;
}

std::string why_skipped(const LaneStep& step, const LaneOffer& offer, LaneManner manner) {
    if (offer.ticket(step.ticket) == nullptr) return "the daemon gave no ticket for it";
    const bool stays = step.ending == Ending::NobodyPasses || step.name == "come-back";
    if (stays && manner == LaneManner::Auto) return "nobody is there to stand still";
    if (stays && !offer.sensor) return "the lane has no passage sensor";
    if (step.ticket == "group" && !offer.groups) return "each of a group shows the ticket";
    if (step.ticket == "card" && !has_reader(offer, "nfc", {}))
        return "the lane has no card reader";
    if (step.ticket == "card" && manner == LaneManner::Auto) return "nobody is there with a card";
    const bool out = has_reader(offer, {}, "exit") || has_reader(offer, {}, "both");
    if (step.ticket == "exit" && !out) return "the lane has no reader for the way out";
    return {};
}

std::optional<LaneFinding> finding(const LaneStep& step, const LaneOffer& offer,
                                   const LaneSights& sights, LaneMark from) {
    const auto since = sights.shown().subspan(std::min(from.shown, sights.shown().size()));
    const auto sight =
        std::ranges::find_if(since, [&step](const LaneSight& shown) { return is_of(shown, step); });
    if (sight == since.end()) return std::nullopt;
    const Verdict wanted = step.reason == Reason::Valid ? Verdict::Admit : Verdict::Refuse;
    if (sight->decided.verdict != wanted || sight->decided.reason != step.reason)
        return wrong_answer(step, *sight);
    if (step.ending == Ending::None) return passed(step, *sight, {});
    if (!sight->passage) return std::nullopt;
    if (step.ending == Ending::NobodyPasses) return nobody_passes(step, *sight);
    const auto events = sights.events().subspan(std::min(from.events, sights.events().size()));
    return somebody_passes(step, *sight, offer, events);
}

LaneFinding late_finding(const LaneStep& step, const LaneSights& sights, LaneMark from) {
    const auto since = sights.shown().subspan(std::min(from.shown, sights.shown().size()));
    const bool shown =
        std::ranges::any_of(since, [&step](const LaneSight& sight) { return is_of(sight, step); });
    if (shown)
        return failed(step, "the lane opened, and nothing came of it in time",
                      std::string{kWiring});
    const std::string other =
        since.empty() ? "" : fmt::format("; {} was read", since.back().ticket);
    return failed(
        step, "no reader of the lane has read this code" + other,
        "Look at the reader with \"stilectl status\" and \"stilectl doctor camera\"; show "
        "the code larger, or print it.");
}

bool all_passed(std::span<const LaneFinding> findings) {
    return std::ranges::none_of(
        findings, [](const LaneFinding& one) { return one.outcome == Outcome::Failed; });
}

std::string lane_report_text(const std::string& lane, std::span<const LaneFinding> findings) {
    std::string text;
    for (const LaneFinding& one : findings) {
        const char mark = one.outcome == Outcome::Failed ? '!' : ' ';
        text +=
            fmt::format("{} {:<12} {:<8} {}\n", mark, one.step, name_of(one.outcome), one.detail);
        if (!one.advice.empty()) text += fmt::format("  {:<12} {:<8} {}\n", "", "", one.advice);
    }
    return text + fmt::format("\n  lane {}: {}\n", lane,
                              all_passed(findings) ? "fit for guests as far as it was tested"
                                                   : "not fit for guests yet");
}

}  // namespace stile
