// SPDX-License-Identifier: Apache-2.0
// Step by step: say, show, listen, judge; questions that only a person can answer; fire last.
#include "daemon/stilectl/lane_dialogue.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace stile {
namespace {

using Heard = LaneTalk::Heard;
using Outcome = LaneFinding::Outcome;

constexpr int kQuietMoments = 5;  // then nothing is on its way any longer
constexpr std::chrono::seconds kQuietAtMost{10};

struct Question {
    std::string_view step;
    std::string_view text;
    std::string_view advice;
};

constexpr Question kAfterWalk[]{
    {"display", "Did the display turn green, with a tick?",
     "Is stile-display running, and does its screen show this lane? devices/display/DISPLAY.md"},
    {"lamps", "Did the green lamp go on?", "Look at its wires: devices/turnstile/WIRING.md"},
    {"buzzer", "Did you hear that you may pass?",
     "Look at the buzzer's wires, or at the sound of the display's browser."},
};
constexpr Question kAfterRefusal[]{
    {"refusal", "Did the lane show and sound a clear no?",
     "Look at display, lamps and buzzer: a guest who is refused has to know it."},
};

class Dialogue {
public:
    Dialogue(const LaneOffer& offer, const LaneTestWishes& wishes, const LaneTalk& talk)
        : offer_{offer}, wishes_{wishes}, talk_{talk}, sights_{offer} {}

    std::vector<LaneFinding> run() {
        check_readers();
        for (const LaneStep& step : lane_steps()) {
            if (over_) break;
            if (const auto why = why_skipped(step, offer_, wishes_.manner); !why.empty()) {
                add({std::string{step.name}, Outcome::Skipped, why, {}});
            } else {
                take(step);
            }
        }
        take_away();
        if (!over_ && wishes_.manner == LaneManner::Guided) test_fire();
        return std::move(findings_);
    }

private:
    void tell(const LaneFinding& finding) {
        talk_.say(fmt::format("  {}: {}{}{}", name_of(finding.outcome), finding.detail,
                              finding.advice.empty() ? "" : "\n  ", finding.advice));
    }

    void add(LaneFinding finding) {
        tell(finding);
        findings_.push_back(std::move(finding));
    }

    void end(std::string detail, std::string advice) {
        over_ = true;
        add({"test", Outcome::Failed, std::move(detail), std::move(advice)});
    }

    void check_readers() {
        if (offer_.readers.empty())
            return add({"readers", Outcome::Failed, "the site file names no reader of this lane",
                        "Add a [[reader]] to it: stilectl setup"});
        for (const LaneOffer::Reader& reader : offer_.readers) {
            if (reader.connected) continue;
            return add({"readers", Outcome::Failed,
                        fmt::format("{} ({}) is not connected", reader.name, reader.kind),
                        fmt::format("systemctl status stile-reader@{}", reader.name)});
        }
        add({"readers", Outcome::Passed, fmt::format("{} connected", offer_.readers.size()), {}});
    }

    // Until the step is judged, its time is over, or the person has enough of it.
    LaneFinding attempt(const LaneStep& step) {
        const bool guided = wishes_.manner == LaneManner::Guided;
        const LaneMark from =
            guided ? LaneMark{sights_.shown().size(), sights_.events().size()} : LaneMark{};
        const auto end_of_step = talk_.now() + wishes_.each_step;
        while (true) {
            if (auto found = finding(step, offer_, sights_, from)) return *found;
            if (over_ || talk_.now() >= end_of_step) return late_finding(step, sights_, from);
            if (hear() == Heard::Skip)
                return {std::string{step.name}, Outcome::Skipped, "you left it out", {}};
        }
    }

    Heard hear() {
        const Heard heard = talk_.listen(sights_);
        switch (heard) {
            case Heard::Entries:
            case Heard::Nothing:
            case Heard::Skip:
                break;
            case Heard::Interrupted:
                end("you ended it", "");
                return heard;
            case Heard::Gone:
                end("the daemon is gone", "systemctl status stiled");
                return heard;
        }
        if (!over_ && !fire_asked_ && sights_.ended())
            end("it was ended by " + *sights_.ended(), "Begin again when that is over.");
        return heard;
    }

    void take(const LaneStep& step) {
        talk_.say(fmt::format("\n{}: {}", step.name, step.say));
        talk_.show(*offer_.ticket(step.ticket));
        LaneFinding found = attempt(step);
        while (!over_ && found.outcome == Outcome::Failed) {
            tell(found);
            if (!wants("Try that once more?")) break;
            found = attempt(step);
        }
        const bool passed = found.outcome == Outcome::Passed;
        if (over_ && !passed) return;  // what ended it says why
        if (found.outcome != Outcome::Failed) tell(found);
        findings_.push_back(std::move(found));
        if (passed && step.name == "walk") ask(kAfterWalk);
        if (passed && step.name == "again") ask(kAfterRefusal);
    }

    [[nodiscard]] bool wants(std::string_view question) {
        if (wishes_.manner == LaneManner::Auto) return false;
        const auto answer = talk_.ask(fmt::format("{} [y/N] ", question));
        return answer && answer->starts_with('y');
    }

    void ask(std::span<const Question> questions) {
        if (wishes_.manner == LaneManner::Auto) return;
        for (const Question& question : questions) {
            const auto answer =
                talk_.ask(fmt::format("{} [y/n, Enter: the lane has none] ", question.text));
            const char said = answer && !answer->empty() ? answer->front() : ' ';
            if (said == 'y') add({std::string{question.step}, Outcome::Passed, "you saw it", {}});
            if (said == 'n')
                add({std::string{question.step}, Outcome::Failed, "you did not see it",
                     std::string{question.advice}});
            if (said != 'y' && said != 'n')
                add({std::string{question.step}, Outcome::Skipped, "the lane has none", {}});
        }
    }

    // What is still shown when the test is over would be read as a forgery.
    void take_away() {
        if (!over_ && wishes_.manner == LaneManner::Guided)
            talk_.say("\nThat was the last code: take it away from the reader.");
        talk_.take_away();
        const auto latest = talk_.now() + kQuietAtMost;
        for (int quiet = 0; !over_ && quiet < kQuietMoments && talk_.now() < latest;) {
            const Heard heard = talk_.listen(sights_);
            if (heard != Heard::Entries && heard != Heard::Nothing) return;
            quiet = heard == Heard::Nothing ? quiet + 1 : 0;
        }
    }

    // The last one, because fire ends the test.
    void test_fire() {
        if (!wants("Test the fire input too? All lanes of this gate open."))
            return add({"fire", Outcome::Skipped, "you left it out", {}});
        fire_asked_ = true;
        talk_.say("\nfire: Let the fire panel ask for release, until the lane is open.");
        const auto end_of_step = talk_.now() + wishes_.each_step;
        const auto burns = [this] {
            return std::ranges::find(sights_.events(), LaneEventKind::FireStarted,
                                     &LaneEvent::what) != sights_.events().end();
        };
        while (!over_ && !burns() && talk_.now() < end_of_step) {
            if (hear() == Heard::Skip) break;
        }
        if (burns())
            return add({"fire",
                        Outcome::Passed,
                        "the lane opened; it closes when the panel takes the release back",
                        {}});
        add({"fire", Outcome::Failed, "the gate saw nothing of it",
             "Look at [fire] in the site file and at the wires: devices/turnstile/WIRING.md"});
    }

    const LaneOffer& offer_;
    const LaneTestWishes& wishes_;
    const LaneTalk& talk_;
    LaneSights sights_;
    std::vector<LaneFinding> findings_;
    bool over_ = false;
    bool fire_asked_ = false;
};

}  // namespace

std::vector<LaneFinding> run_lane_test(const LaneOffer& offer, const LaneTestWishes& wishes,
                                       const LaneTalk& talk) {
    return Dialogue{offer, wishes, talk}.run();
}

}  // namespace stile
