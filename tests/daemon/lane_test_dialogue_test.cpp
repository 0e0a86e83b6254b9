// SPDX-License-Identifier: Apache-2.0
// The guided test of a lane, with a person and a gate that the test plays.
#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "daemon/stilectl/answers.hpp"
#include "daemon/stilectl/lane_dialogue.hpp"

namespace stile::test {
namespace {

using namespace std::chrono_literals;
using Outcome = LaneFinding::Outcome;
using Heard = LaneTalk::Heard;

constexpr std::string_view kTickets[]{"good",    "stay",  "group",   "card",       "exit",
                                      "expired", "early", "revoked", "other-event"};

LaneOffer offer_of() {
    LaneOffer offer{.lane = "a",
                    .lasts = 900s,
                    .passage_timeout = 8s,
                    .sensor = true,
                    .groups = true,
                    .readers = {{"cam-1", "camera", "entry", true}},
                    .tickets = {}};
    std::uint8_t number = 1;
    for (const std::string_view name : kTickets)
        offer.tickets.push_back({std::string{name}, "GT1:" + std::string{name}, {number++}});
    return offer;
}

// What the gate does with a ticket that is shown: as a good one would unless told otherwise.
class PlayedLane {
public:
    explicit PlayedLane(LaneOffer offer = offer_of()) : offer_{std::move(offer)} {}

    std::vector<LaneFinding> run(LaneManner manner = LaneManner::Guided) {
        if (before_) put(*before_);
        put(Act{.what = ActKind::Test, .person = "anna", .reason = "new", .lane = offer_.lane});
        const LaneTalk talk{.say = [this](std::string_view text) { said_ += text; },
                            .show = [this](const LaneOffer::Ticket& ticket) { show(ticket); },
                            .ask = [this](std::string_view question) { return answer(question); },
                            .listen = [this](LaneSights& sights) { return listen(sights); },
                            .take_away = [this] { taken_away_ = true; },
                            .now = [this] { return now_; }};
        return run_lane_test(offer_, {.manner = manner, .each_step = 60s}, talk);
    }
    static Outcome outcome(const std::vector<LaneFinding>& findings, std::string_view step) {
        const auto found = std::ranges::find(findings, step, &LaneFinding::step);
        return found == findings.end() ? Outcome::Skipped : found->outcome;
    }
    // The step's last finding in words.
    static std::string words(const std::vector<LaneFinding>& findings, std::string_view step) {
        const auto found = std::ranges::find(findings, step, &LaneFinding::step);
        return found == findings.end() ? "" : found->detail + "; " + found->advice;
    }

    std::map<std::string, Reason, std::less<>> decides_;  // by ticket; Valid admits
    PassageResult passage_ = PassageResult::Entered;
    std::uint8_t passing_ = 2;
    std::optional<LaneEventKind> event_;
    std::optional<std::string> ignored_;  // no reader reads it
    std::optional<Act> act_;              // comes after the first ticket
    std::optional<Act> before_;           // comes when the test of this lane begins
    Heard odd_ = Heard::Nothing;          // heard instead of silence
    std::string to_questions_ = "y";
    std::string to_fire_ = "n";
    std::string said_;
    int questions_ = 0;
    bool taken_away_ = false;
    int listened_after_ = 0;

private:
    static Reason usual(std::string_view ticket, bool used) {
        if (ticket == "expired" || ticket == "early") return Reason::InvalidTime;
        if (ticket == "revoked") return Reason::Revoked;
        if (ticket == "other-event") return Reason::Invalid;
        return used ? Reason::Used : Reason::Valid;
    }
    void put(EntryBody body) {
        Entry entry{.epoch = 1, .seq = seq_++, .time = {}, .body = std::move(body)};
        waiting_.push_back(std::move(entry));
    }
    void show(const LaneOffer::Ticket& ticket) {
        if (ignored_ == ticket.name) return;
        const auto told = decides_.find(ticket.name);
        const Reason reason =
            told != decides_.end() ? told->second : usual(ticket.name, used_.contains(ticket.name));
        const bool admitted = reason == Reason::Valid;
        const std::uint64_t seq = seq_;
        const std::uint8_t people = ticket.name == "group" ? 2 : 1;
        put(Decided{.verdict = admitted ? Verdict::Admit : Verdict::Refuse,
                    .reason = reason,
                    .people = people,
                    .flags = kFlagTest,
                    .decided_us = 4000,
                    .ticket = ticket.id,
                    .lane = "a",
                    .reader = "cam-1"});
        if (event_) put(LaneEvent{*event_, seq, 1, "a"});
        const bool stays = ticket.name == "stay" && !stayed_;
        if (ticket.name == "stay") stayed_ = true;
        if (admitted) pass(ticket, seq, stays ? PassageResult::Released : passage_, people);
        if (act_) put(*std::exchange(act_, std::nullopt));
    }
    void pass(const LaneOffer::Ticket& ticket, std::uint64_t seq, PassageResult result,
              std::uint8_t people) {
        if (result != PassageResult::Released) used_.insert(ticket.name);
        put(Passage{.result = result,
                    .admission = seq,
                    .people = std::min(people, passing_),
                    .release_us = 5000,
                    .ticket = ticket.id,
                    .lane = "a"});
    }
    std::optional<std::string> answer(std::string_view question) {
        ++questions_;
        if (question.starts_with("Try")) return "n";
        if (question.starts_with("Test the fire")) {
            if (to_fire_ == "y") put(LaneEvent{LaneEventKind::FireStarted, 0, 1, "a"});
            return to_fire_;
        }
        return to_questions_;
    }
    Heard listen(LaneSights& sights) {
        if (taken_away_) ++listened_after_;
        if (waiting_.empty()) {
            now_ += 1s;
            return odd_;
        }
        sights.take(waiting_.front());
        waiting_.pop_front();
        return Heard::Entries;
    }

    LaneOffer offer_;
    std::deque<Entry> waiting_;
    std::set<std::string, std::less<>> used_;
    bool stayed_ = false;
    std::uint64_t seq_ = 100;
    std::chrono::steady_clock::time_point now_{};
};

TEST(LaneDialogue, PassesAGoodLaneAndNamesReaderAndTimes) {
    PlayedLane lane;
    const auto findings = lane.run();
    EXPECT_TRUE(all_passed(findings)) << lane_report_text("a", findings);
    EXPECT_EQ(PlayedLane::words(findings, "walk"),
              "cam-1, 4.0 ms to the decision, 5.0 ms to the open lane, the sensor saw them pass; ");
    EXPECT_EQ(PlayedLane::outcome(findings, "display"), Outcome::Passed);
    EXPECT_EQ(PlayedLane::outcome(findings, "card"), Outcome::Skipped);
    EXPECT_EQ(PlayedLane::outcome(findings, "fire"), Outcome::Skipped);
}

TEST(LaneDialogue, HasTheLastCodeTakenAwayAndWaitsUntilItIsQuiet) {
    for (const LaneManner manner : {LaneManner::Guided, LaneManner::Auto}) {
        PlayedLane lane;
        EXPECT_TRUE(all_passed(lane.run(manner)));
        EXPECT_TRUE(lane.taken_away_);
        EXPECT_EQ(lane.listened_after_, 5);
        EXPECT_EQ(lane.said_.find("take it away from the reader") != std::string::npos,
                  manner == LaneManner::Guided);
    }
}

TEST(LaneDialogue, DoesNotWaitForQuietWhereThePersonOrTheDaemonHasGone) {
    for (const Heard odd : {Heard::Interrupted, Heard::Gone}) {
        PlayedLane lane;
        lane.ignored_ = "revoked";
        lane.odd_ = odd;
        (void)lane.run(LaneManner::Auto);
        EXPECT_TRUE(lane.taken_away_);
        EXPECT_EQ(lane.listened_after_, 0);
    }
}

TEST(LaneDialogue, SeesTheFireInput) {
    PlayedLane lane;
    lane.to_fire_ = "y";
    EXPECT_EQ(PlayedLane::outcome(lane.run(), "fire"), Outcome::Passed);
}

TEST(LaneDialogue, AsksNothingByItself) {
    PlayedLane lane;
    (void)lane.run(LaneManner::Auto);
    EXPECT_EQ(lane.questions_, 0);
}

TEST(LaneDialogue, FailsWhatNoReaderReads) {
    PlayedLane lane;
    lane.ignored_ = "good";
    const auto findings = lane.run();
    EXPECT_EQ(PlayedLane::outcome(findings, "walk"), Outcome::Failed);
    EXPECT_NE(PlayedLane::words(findings, "walk").find("no reader"), std::string::npos);
    EXPECT_EQ(PlayedLane::outcome(findings, "expired"), Outcome::Passed);
}

TEST(LaneDialogue, FailsAnAdmissionThatHadToBeRefused) {
    for (const std::string name : {"expired", "early", "revoked", "other-event"}) {
        PlayedLane lane;
        lane.decides_[name] = Reason::Valid;
        EXPECT_EQ(PlayedLane::outcome(lane.run(), name), Outcome::Failed) << name;
    }
}

TEST(LaneDialogue, FailsARefusalForAnotherReason) {
    PlayedLane lane;
    lane.decides_["good"] = Reason::ListsUnreadable;
    lane.decides_["revoked"] = Reason::Invalid;
    const auto findings = lane.run();
    EXPECT_EQ(PlayedLane::outcome(findings, "walk"), Outcome::Failed);
    EXPECT_EQ(PlayedLane::outcome(findings, "revoked"), Outcome::Failed);
}

TEST(LaneDialogue, FailsALaneWhoseSensorSawNobody) {
    PlayedLane lane;
    lane.passage_ = PassageResult::Released;
    const auto findings = lane.run();
    EXPECT_EQ(PlayedLane::outcome(findings, "walk"), Outcome::Failed);
    EXPECT_EQ(PlayedLane::outcome(findings, "stay"), Outcome::Passed);
}

TEST(LaneDialogue, TellsASensorThatIsTheWrongWayRound) {
    PlayedLane lane;
    lane.passage_ = PassageResult::Released;
    lane.event_ = LaneEventKind::ReversePassage;
    const auto words = PlayedLane::words(lane.run(), "walk");
    EXPECT_NE(words.find("swap its two wires"), std::string::npos) << words;
}

TEST(LaneDialogue, FailsAGroupOfWhomOneWasSeen) {
    PlayedLane lane;
    lane.passing_ = 1;
    EXPECT_EQ(PlayedLane::outcome(lane.run(), "group"), Outcome::Failed);
}

TEST(LaneDialogue, LeavesOutWhatALaneWithoutASensorCannotSee) {
    LaneOffer offer = offer_of();
    offer.sensor = false;
    PlayedLane lane{offer};
    lane.passage_ = PassageResult::PresumedEntered;
    const auto findings = lane.run();
    EXPECT_TRUE(all_passed(findings));
    EXPECT_EQ(PlayedLane::outcome(findings, "stay"), Outcome::Skipped);
}

TEST(LaneDialogue, FailsASensorThatCannotTell) {
    PlayedLane lane;
    lane.passage_ = PassageResult::PresumedEntered;
    EXPECT_EQ(PlayedLane::outcome(lane.run(), "walk"), Outcome::Failed);
}

TEST(LaneDialogue, BelievesThePersonAboutTheDisplay) {
    PlayedLane lane;
    lane.to_questions_ = "n";
    EXPECT_EQ(PlayedLane::outcome(lane.run(), "display"), Outcome::Failed);
    PlayedLane without;
    without.to_questions_ = "";
    EXPECT_EQ(PlayedLane::outcome(without.run(), "display"), Outcome::Skipped);
}

TEST(LaneDialogue, NamesAReaderThatIsNotThere) {
    LaneOffer offer = offer_of();
    offer.readers[0].connected = false;
    EXPECT_EQ(PlayedLane::outcome(PlayedLane{offer}.run(), "readers"), Outcome::Failed);
    offer.readers.clear();
    EXPECT_EQ(PlayedLane::outcome(PlayedLane{offer}.run(), "readers"), Outcome::Failed);
}

TEST(LaneDialogue, EndsWhenTheTestEnds) {
    PlayedLane lane;
    lane.act_ =
        Act{.what = ActKind::TestEnd, .person = "fire", .reason = "fire release", .lane = "a"};
    const auto findings = lane.run();
    EXPECT_EQ(findings.back().step, "test");
    EXPECT_EQ(findings.back().detail, "it was ended by fire: fire release");
    EXPECT_FALSE(all_passed(findings));
}

TEST(LaneDialogue, GoesOnWhenTheEndOfTheTestBeforeComesLate) {
    PlayedLane lane;
    lane.before_ = Act{.what = ActKind::TestEnd, .person = "anna", .reason = "done", .lane = "a"};
    EXPECT_TRUE(all_passed(lane.run()));
}

TEST(LaneDialogue, EndsWhenThePersonOrTheDaemonGoes) {
    for (const Heard odd : {Heard::Interrupted, Heard::Gone}) {
        PlayedLane lane;
        lane.ignored_ = "revoked";
        lane.odd_ = odd;
        const auto findings = lane.run();
        EXPECT_EQ(findings.back().step, "test");
        EXPECT_FALSE(all_passed(findings));
    }
}

TEST(LaneDialogue, LeavesOutAStepAtTheTouchOfAKey) {
    PlayedLane lane;
    lane.ignored_ = "revoked";
    lane.odd_ = Heard::Skip;
    EXPECT_EQ(PlayedLane::outcome(lane.run(), "revoked"), Outcome::Skipped);
}

TEST(LaneOfferText, IsRefusedWhenItIsNotUnderstood) {
    for (const char* text :
         {"", "{}", "[]", R"({"lane":"a","seconds":"x"})",
          R"({"lane":"a","seconds":9,"passage_ms":9,"sensor":true,"second_sensor":true,)"
          R"("group":"together","readers":[],"tickets":[{"name":"g","code":"x","ticket":"zz"}]})"})
        EXPECT_FALSE(lane_offer(text)) << text;
}

}  // namespace
}  // namespace stile::test
