// SPDX-License-Identifier: Apache-2.0
// What staff do at the real gate with stilectl, and what the ledger says about it afterwards.
#include <csignal>

#include <gtest/gtest.h>

#include "daemon/control/commands.hpp"
#include "daemon/core/reason.hpp"
#include "daemon/runtime/exit_code.hpp"
#include "tests/daemon/stiled_site.hpp"

namespace stile::test {
namespace {

using namespace std::chrono_literals;
using protocol::CommandOutcome;
using protocol::Outcome;

constexpr const char* kSecondLane =
    "[[lane]]\nname = \"lane-2\"\nsimulated_passage_ms = 20\n"
    "[[reader]]\nname = \"cam-2\"\nlane = \"lane-2\"\nsource = \"nowhere\"\n";

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

class StaffActs : public testing::Test {
protected:
    StaffActs() {
        site_.write_config(kSecondLane);
        restart();
    }
    void restart() {
        stiled_.reset();
        stiled_ = site_.start();
        EXPECT_TRUE(site_.connect("control.sock", *stiled_)) << site_.log();
    }
    Finished ctl(std::vector<std::string> words) { return site_.run("stilectl", std::move(words)); }
    PlayedPeer person() {
        auto channel = site_.connect("control.sock", *stiled_);
        return {std::move(*channel), {protocol::Role::Control, "test", "test"}};
    }
    // The whole ledger in words.
    std::string ledger() { return ctl({"tail", "--no-follow", "--since", "1"}).out; }
    // The answer to a code once the lane is free for it.
    protocol::Feedback show(PlayedPeer& reader, const std::string& ticket) {
        std::optional<protocol::Feedback> answer;
        do {
            answer = reader.show(ticket);
            EXPECT_TRUE(answer) << site_.log();
        } while (answer && answer->outcome == Outcome::Wait);
        return answer.value_or(protocol::Feedback{});
    }
    // Looks on from the first entry until one of that kind is there that fits.
    template <class Body, class Fits>
    void await(Fits fits) {
        PlayedPeer viewer = person();
        for (std::uint64_t next = 1;;) {
            ASSERT_TRUE(viewer.send(protocol::Tail{next, 64}));
            const auto some = viewer.next<protocol::Entries>();
            ASSERT_TRUE(some) << ledger();
            next = some->first + some->entries.size();
            for (const Buffer& bytes : some->entries) {
                const auto entry = decode_entry(bytes);
                const auto* body = entry ? std::get_if<Body>(&entry->body) : nullptr;
                if (body != nullptr && fits(*body)) return;
            }
        }
    }

    Site site_;
    std::unique_ptr<Process> stiled_;
};

TEST_F(StaffActs, OpenALaneForOnePersonWithNameAndReason) {
    const auto opened = ctl({"open", "lane-1", "--reason", "wheelchair, arm blocked"});
    EXPECT_EQ(opened.exit_code, kExitDone) << opened.err;
    EXPECT_TRUE(contains(opened.out, "lane lane-1 is open for one person")) << opened.out;
    await<Passage>([](const Passage& it) { return it.result == PassageResult::Entered; });
    const auto text = ledger();
    EXPECT_TRUE(contains(text, "root (maintainer): open: \"wheelchair, arm blocked\"")) << text;
    EXPECT_TRUE(contains(text, "admitted by the staff")) << text;
    EXPECT_TRUE(contains(site_.log(), "root (maintainer): open lane-1, wheelchair")) << site_.log();
}

TEST_F(StaffActs, NeedAReason) {
    for (const std::vector<std::string>& words : {std::vector<std::string>{"open", "lane-1"},
                                                  {"override", "lane-1"},
                                                  {"annul", "3"},
                                                  {"mode", "lane-1", "locked"}}) {
        EXPECT_EQ(ctl(words).exit_code, kExitUsage) << words.front();
        auto blank = words;
        blank.insert(blank.end(), {"--reason", "  "});
        const auto refused = ctl(blank);
        EXPECT_EQ(refused.exit_code, kExitFailed) << words.front();
        EXPECT_TRUE(contains(refused.err, "a reason is needed")) << refused.err;
    }
    EXPECT_FALSE(contains(ledger(), "root"));
}

TEST_F(StaffActs, NameTheLanesWhenThereIsNoSuchLane) {
    for (const std::vector<std::string>& words : {std::vector<std::string>{"open", "lane-9"},
                                                  {"override", "LANE-1"},
                                                  {"mode", "lane", "normal"}}) {
        auto whole = words;
        whole.insert(whole.end(), {"--reason", "x"});
        const auto refused = ctl(whole);
        EXPECT_EQ(refused.exit_code, kExitFailed);
        EXPECT_TRUE(contains(refused.err, "the lanes are lane-1, lane-2")) << refused.err;
    }
}

TEST_F(StaffActs, LockALaneUntilSomebodyUnlocksItOverRestartsToo) {
    EXPECT_EQ(ctl({"mode", "lane-1", "locked", "--reason", "crush"}).exit_code, kExitDone);
    {
        PlayedPeer reader = site_.reader(*stiled_);
        EXPECT_EQ(show(reader, Site::ticket(1)).reason, std::to_underlying(Reason::LaneClosed));
    }
    stiled_->signal(SIGKILL);
    (void)stiled_->wait(20s);
    restart();
    const auto modes = ctl({"mode"});
    EXPECT_TRUE(contains(modes.out, "lane-1     locked\nlane-2     normal\n")) << modes.out;
    EXPECT_EQ(ctl({"mode", "all", "normal", "-r", "over"}).out, "all lanes are now normal\n");
    PlayedPeer reader = site_.reader(*stiled_);
    EXPECT_EQ(show(reader, Site::ticket(1)).outcome, Outcome::Admit);
}

TEST_F(StaffActs, SayHowALaneThatIsOutOfOrderOpensAgain) {
    ASSERT_EQ(ctl({"mode", "lane-2", "out-of-order", "-r", "arm broken"}).exit_code, kExitDone);
    for (const char* verb : {"open", "override"}) {
        const auto refused = ctl({verb, "lane-2", "-r", "x"});
        EXPECT_EQ(refused.exit_code, kExitFailed);
        EXPECT_TRUE(contains(refused.err,
                             "lane lane-2 is out of order; \"stilectl mode lane-2 "
                             "normal\" puts it back"))
            << refused.err;
    }
    EXPECT_TRUE(contains(ctl({"status"}).out, "! lane-2  entry  out-of-order"))
        << ctl({"status"}).out;
}

TEST_F(StaffActs, LetAModeEndByItself) {
    PlayedPeer chief = person();
    const auto lock_for = [&chief](std::chrono::seconds time) {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        const auto until = std::chrono::duration_cast<std::chrono::seconds>(now + time).count();
        EXPECT_TRUE(chief.send(
            protocol::Command{1, "mode-locked", {"lane-1", "cleaning", std::to_string(until)}}));
        return chief.next<protocol::CommandResult>()->outcome;
    };
    ASSERT_EQ(lock_for(1h), CommandOutcome::Done);
    EXPECT_TRUE(contains(ctl({"mode"}).out, "lane-1     locked until ")) << ctl({"mode"}).out;
    while (lock_for(2s) != CommandOutcome::Done) {
    }  // on a busy machine it may be over before it comes
    await<Act>([](const Act& act) {
        return act.what == ActKind::SetMode && act.person == "clock" && act.lane == "lane-1" &&
               act.mode == std::to_underlying(LaneMode::Normal);
    });
    EXPECT_TRUE(contains(ctl({"mode"}).out, "lane-1     normal\n"));
}

TEST_F(StaffActs, RefuseAnEndThatIsNoTimeOrOver) {
    for (const char* odd : {"25:00", "18:60", "8:00", "noon", "18:00:00", ""}) {
        EXPECT_EQ(ctl({"mode", "lane-1", "locked", "-r", "x", "--until", odd}).exit_code,
                  kExitUsage)
            << odd;
    }
    PlayedPeer chief = person();
    for (const char* odd : {"0", "1000", "-5", "99999999999", "soon", "4000000000"}) {
        ASSERT_TRUE(chief.send(protocol::Command{1, "mode-locked", {"lane-1", "x", odd}}));
        EXPECT_EQ(chief.next<protocol::CommandResult>()->outcome, CommandOutcome::Failed) << odd;
    }
    EXPECT_TRUE(contains(ctl({"mode"}).out, "lane-1     normal\n"));
}

TEST_F(StaffActs, AdmitAGuestWhomTheRulesRefused) {
    PlayedPeer first = site_.reader(*stiled_);
    PlayedPeer second = site_.reader(*stiled_, "cam-2");
    ASSERT_EQ(show(first, Site::ticket(1)).outcome, Outcome::Admit);
    await<Passage>([](const Passage& it) { return it.result == PassageResult::Entered; });
    ASSERT_EQ(show(second, Site::ticket(1)).outcome, Outcome::Refuse);
    const auto done = ctl({"override", "lane-2", "--reason", "child ran back"});
    EXPECT_EQ(done.exit_code, kExitDone) << done.err;
    EXPECT_TRUE(contains(done.out, "open for the guest who was refused last")) << done.out;
    EXPECT_TRUE(contains(ledger(), "root (maintainer): override: \"child ran back\"")) << ledger();
}

TEST_F(StaffActs, ArmALaneForTheNextRefusedGuestAndNeverForRubbish) {
    const auto armed = ctl({"override", "lane-1", "--reason", "press list"});
    EXPECT_TRUE(contains(armed.out, "the next guest whom lane lane-1 refuses")) << armed.out;
    PlayedPeer reader = site_.reader(*stiled_);
    EXPECT_EQ(show(reader, "rubbish").outcome, Outcome::Refuse);
}

TEST_F(StaffActs, TakeAnAdmissionBackByTheNumberOfItsPassage) {
    PlayedPeer first = site_.reader(*stiled_);
    PlayedPeer second = site_.reader(*stiled_, "cam-2");
    ASSERT_EQ(show(first, Site::ticket(1)).outcome, Outcome::Admit);
    std::uint64_t admission = 0;
    await<Passage>([&](const Passage& it) {
        admission = it.admission;
        return it.result == PassageResult::Entered;
    });
    ASSERT_EQ(show(second, Site::ticket(1)).outcome, Outcome::Refuse);
    const auto back = ctl({"annul", std::to_string(admission), "-r", "went to the wrong hall"});
    EXPECT_EQ(back.exit_code, kExitDone) << back.err;
    EXPECT_EQ(show(second, Site::ticket(1)).outcome, Outcome::Admit);
    const auto again = ctl({"annul", std::to_string(admission), "-r", "once more"});
    EXPECT_EQ(again.exit_code, kExitFailed);
    EXPECT_TRUE(contains(again.err, "it was taken back before")) << again.err;
}

TEST_F(StaffActs, TakeNothingBackThatIsNotThere) {
    for (const char* odd : {"0", "99999", "18446744073709551616", "1", "no-nonce", "-1"}) {
        const auto refused = ctl({"annul", "-r", "x", "--", odd});
        EXPECT_EQ(refused.exit_code, kExitFailed) << odd;
    }
    EXPECT_FALSE(contains(ledger(), "taken back"));
}

TEST_F(StaffActs, AnswerWrongArgumentsInWords) {
    PlayedPeer tool = person();
    for (const std::vector<std::string>& odd :
         {std::vector<std::string>{}, {"lane-1"}, {"lane-1", "x", "y"}, {"a", "b", "c", "d"}}) {
        ASSERT_TRUE(tool.send(protocol::Command{1, "open", odd}));
        const auto answer = tool.next<protocol::CommandResult>();
        EXPECT_EQ(answer->outcome, CommandOutcome::Failed);
        EXPECT_EQ(answer->body, "open takes these arguments: LANE REASON");
    }
    for (const char* unknown : {"mode", "tail", "reboot", "revocation-import"}) {
        ASSERT_TRUE(tool.send(protocol::Command{1, unknown, {}}));
        EXPECT_EQ(tool.next<protocol::CommandResult>()->outcome, CommandOutcome::UnknownVerb);
    }
}

TEST_F(StaffActs, OfTwoPeopleAtOnceAreBothWrittenDown) {
    const auto act = [this](const std::string& name, const char* lane, const char* mode) {
        return std::make_unique<Process>(
            "stilectl",
            std::vector<std::string>{"--config", site_.config().native(), "mode", lane, mode, "-r",
                                     name},
            site_.folder().path() / name);
    };
    const auto one = act("first", "lane-1", "locked");
    const auto two = act("second", "all", "free");
    EXPECT_EQ(one->wait(20s), kExitDone);
    EXPECT_EQ(two->wait(20s), kExitDone);
    EXPECT_TRUE(contains(ledger(), "mode locked: \"first\"")) << ledger();
    EXPECT_TRUE(contains(ledger(), "mode free: \"second\"")) << ledger();
}

TEST_F(StaffActs, OfAPersonWhoIsGoneBeforeTheAnswerAreDoneAllTheSame) {
    {
        PlayedPeer hasty = person();
        ASSERT_TRUE(hasty.next<protocol::Welcome>());
        ASSERT_TRUE(hasty.send(protocol::Command{1, "open", {"lane-1", "hasty"}}));
    }
    await<Act>([](const Act& act) { return act.reason == "hasty"; });
    EXPECT_EQ(ctl({"status"}).exit_code, kExitDone);
}

TEST(StaffHelp, HasACommandOfStilectlForEveryVerb) {
    const Site site;
    for (const VerbAbout& verb : all_verbs()) {
        std::vector<std::string> words;
        std::istringstream command{std::string{verb.command}};
        for (std::string word; command >> word;)
            words.push_back(word);
        words.emplace_back("--help");
        const auto help = site.run("stilectl", words);
        EXPECT_EQ(help.exit_code, kExitDone) << verb.name;
        if (verb.name.starts_with("mode-")) {
            EXPECT_TRUE(contains(help.out, verb.name.substr(5))) << help.out;
        }
        EXPECT_EQ(contains(help.out, "--reason"), is_act(verb.name)) << verb.name;
    }
}

}  // namespace
}  // namespace stile::test
