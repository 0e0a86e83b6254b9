// SPDX-License-Identifier: Apache-2.0
// stile-reader with emulated card readers on USB: real libusb and udev, and a daemon that the test
// plays.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/devices/fake_daemon.hpp"
#include "tests/devices/fixtures.hpp"

namespace stile::devices {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using protocol::CardAnswer;
using protocol::CardGone;
using protocol::CardPresent;
using protocol::CardStatus;
using protocol::CardTechnology;
using protocol::Outcome;
using protocol::ReaderState;

class EmulatedCardReader : public ::testing::Test {
protected:
    void start(const std::string& make, const std::string& source = "usb") {
        write_file(folder_ / "site.toml",
                   "[site]\nvenue = \"test\"\ngate = \"north\"\n[paths]\nruntime = \"" +
                       folder_.path().native() + "\"\nstate = \"" + folder_.path().native() +
                       "\"\n[[lane]]\nname = \"one\"\n[[reader]]\nname = \"cards\"\n"
                       "lane = \"one\"\nkind = \"nfc\"\nsource = \"" +
                       source + "\"\n");
        const std::filesystem::path script = folder_ / "script";
        ASSERT_EQ(::mkfifo(script.c_str(), 0600), 0);
        emulator_.emplace(
            "stile-emulator",
            std::vector<std::string>{script, "--", std::string{STILE_BIN_DIR} + "/stile-reader",
                                     "--config", folder_ / "site.toml", "--name", "cards"},
            folder_ / "emulator");
        script_.reset(::open(script.c_str(), O_WRONLY | O_CLOEXEC));
        say("plug " + make + " as r1 at 1-1\nstart");
        (void)daemon_->greet();
    }
    void start_working(const std::string& make) {
        start(make);
        EXPECT_EQ(detail_when(ReaderState::Working), "") << log();
    }
    void say(const std::string& lines) const {
        const std::string text = lines + "\n";
        ASSERT_EQ(::write(script_.get(), text.data(), text.size()),
                  static_cast<ssize_t>(text.size()));
    }
    // Returns when the emulator has done it: what is asked of the reader next meets it.
    void have(const std::string& lines) {
        const std::string mark = "say done-" + std::to_string(++marks_) + "\n";
        const UniqueFd news{::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)};
        ::inotify_add_watch(news.get(), (folder_ / "emulator.err").c_str(), IN_MODIFY);
        say(lines + "\n" + mark);
        while (!log().contains(mark)) {
            pollfd more{news.get(), POLLIN, 0};
            ASSERT_EQ(::poll(&more, 1, 40'000), 1) << log();
            std::array<char, 4096> events{};
            ASSERT_GT(::read(news.get(), events.data(), events.size()), 0);
        }
    }
    std::string detail_when(ReaderState state) {
        while (const auto health = daemon_->next<protocol::ReaderHealth>()) {
            if (health->state == state) return health->detail;
        }
        return "there was no such health";
    }
    CardPresent next_card() { return daemon_->next<CardPresent>().value_or(CardPresent{}); }
    CardAnswer command(const CardPresent& card, std::string_view apdu) {
        daemon_->send(protocol::CardCommand{card.session, ++sequence_, 1500,
                                            from_hex(apdu).value_or(Buffer{})});
        return daemon_->next<CardAnswer>().value_or(CardAnswer{.status = CardStatus::Failed});
    }
    void feedback(const CardPresent& card, Outcome outcome) {
        daemon_->send(protocol::Feedback{.scan = card.session, .outcome = outcome});
    }
    // The transcript held, and the reader ended by itself when it was asked to.
    void end_well() {
        script_.reset();
        EXPECT_EQ(emulator_->wait(60s), 0) << log();
    }
    std::string log() {
        return read_text(folder_ / "emulator.out") + read_text(folder_ / "emulator.err");
    }

    TempFolder folder_;
    std::optional<FakeDaemon> daemon_{folder_.path()};
    UniqueFd script_;
    std::optional<Process> emulator_;
    std::uint16_t sequence_ = 0;
    int marks_ = 0;
};

TEST_F(EmulatedCardReader, ReadsATagAndShowsTheAnswer) {
    for (const std::string make : {"acr122u", "acr1252u"}) {
        start_working(make);
        say("card r1 ntag215 message:D00000 uid:04112233445566");
        const auto card = next_card();
        EXPECT_EQ(card.technology, CardTechnology::Type2) << log();
        EXPECT_EQ(to_hex(card.uid), "04112233445566");
        const auto capability = command(card, "FFB0000310");
        EXPECT_EQ(capability.status, CardStatus::Ok);
        EXPECT_EQ(capability.answer.size(), 18U);
        feedback(card, Outcome::Admit);
        say("wait r1 led green\nremove r1");
        EXPECT_TRUE(daemon_->next<CardGone>().has_value());
        say("wait r1 led off\nexpect r1 buzzer 100 ms\nexpect r1 no reset\nexpect r1 no abort");
        end_well();
        std::filesystem::remove(folder_ / "script");
    }
}

TEST_F(EmulatedCardReader, ReadsAFileOfAType4Card) {
    for (const std::string make : {"acr122u", "omnikey5427ck", "utrust3700f"}) {
        start_working(make);
        say("card r1 type4 message:D00000");
        const auto card = next_card();
        EXPECT_EQ(card.technology, CardTechnology::Type4) << log();
        EXPECT_EQ(to_hex(command(card, "00A4040007D276000085010100").answer), "9000");
        EXPECT_EQ(to_hex(command(card, "00A4000C02E103").answer), "9000");
        EXPECT_EQ(command(card, "00B000000F").answer.size(), 17U);
        EXPECT_EQ(command(card, "00D60000000003AABBCC").status, CardStatus::Refused);
        end_well();
        std::filesystem::remove(folder_ / "script");
    }
}

TEST_F(EmulatedCardReader, TellsOfACardThatIsTornAway) {
    start_working("acr122u");
    say("card r1 ntag215 message:D00000");
    const auto card = next_card();
    have("misbehave r1 silent in apdu\nwait r1 power on");
    daemon_->send(protocol::CardCommand{card.session, 1, 1500, *from_hex("FFB0000310")});
    say("wait r1 misbehaved\nremove r1");
    const auto answer = daemon_->next<CardAnswer>();
    ASSERT_TRUE(answer.has_value()) << log();
    EXPECT_EQ(answer->status, CardStatus::Gone);
    EXPECT_TRUE(daemon_->next<CardGone>().has_value());
    end_well();
}

TEST_F(EmulatedCardReader, GetsOverEveryMisbehaviourInAnAnswer) {
    start_working("omnikey5427ck");
    for (const std::string how : {"length-too-long",
                                  "length-too-short",
                                  "short-header",
                                  "empty-answer",
                                  "wrong-sequence",
                                  "wrong-slot",
                                  "wrong-type",
                                  "reserved-status",
                                  "no-status-word",
                                  "endless-chain",
                                  "stale-first",
                                  "twice-the-answer",
                                  "endless-extension",
                                  "silent",
                                  "stall",
                                  "babble",
                                  "deaf",
                                  "empty-interrupt",
                                  "bare-interrupt",
                                  "hardware-error"}) {
        say("card r1 ntag215 message:D00000 uid:04112233445566");
        const auto card = next_card();
        EXPECT_EQ(to_hex(card.uid), "04112233445566") << how << log();
        have("misbehave r1 " + how + " in apdu");
        const auto answer = command(card, "FFB0000310");
        EXPECT_NE(answer.status, CardStatus::Refused) << how;
        say("behave r1\nremove r1");
        EXPECT_TRUE(daemon_->next<CardGone>().has_value()) << how;
    }
    end_well();
}

TEST_F(EmulatedCardReader, GetsOverAFloodOfNotifications) {
    start_working("acr1252u");
    say("card r1 ntag215 message:D00000\nwait r1 power on\nmisbehave r1 interrupt-flood\n"
        "remove r1\ncard r1 ntag215 message:D00000 uid:04998877665544");
    CardPresent card;
    for (int i = 0; i < 100 && to_hex(card.uid) != "04998877665544"; ++i)
        card = next_card();
    EXPECT_EQ(command(card, "FFB0000310").status, CardStatus::Ok) << log();
    end_well();
}

TEST_F(EmulatedCardReader, IsPulledOutInTheMiddleOfATapAndPutInAgain) {
    start_working("acr122u");
    say("card r1 ntag215 message:D00000");
    const auto card = next_card();
    have("unplug r1 after 1 transfers");
    EXPECT_EQ(command(card, "FFB0000310").status, CardStatus::Gone) << log();
    EXPECT_TRUE(detail_when(ReaderState::Failed).starts_with("unplugged: ")) << log();
    say("wait r1 unplugged\nplug acr122u as r1 at 1-1\ncard r1 ntag215 message:D00000");
    EXPECT_EQ(next_card().technology, CardTechnology::Type2) << log();
    end_well();
}

TEST_F(EmulatedCardReader, RefusesATpduReaderByName) {
    start("acr122u-tpdu", "usb:072f:90cc");
    const std::string detail = detail_when(ReaderState::Failed);
    EXPECT_TRUE(detail.starts_with("unusable: ")) << detail << log();
    EXPECT_TRUE(detail.contains("TPDU level")) << detail;
    end_well();
}

TEST_F(EmulatedCardReader, IsHeldBySomebodyElseForAWhile) {
    start_working("acr122u");
    say("unplug r1\nplug acr122u as r1 at 1-1\nhold r1");
    EXPECT_NE(detail_when(ReaderState::Failed), "");
    say("free r1");
    EXPECT_EQ(detail_when(ReaderState::Working), "") << log();
    end_well();
}

TEST_F(EmulatedCardReader, ShowsThatTheDaemonIsGone) {
    start_working("acr1252u");
    daemon_.reset();
    say("wait r1 led red");
    daemon_.emplace(folder_.path());
    (void)daemon_->greet();
    say("wait r1 led off\nexpect r1 no buzzer");
    end_well();
}

}  // namespace
}  // namespace stile::devices
