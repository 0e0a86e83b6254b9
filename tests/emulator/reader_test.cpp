// SPDX-License-Identifier: Apache-2.0
// stile-reader with emulated card readers that are pulled out at every step, and that break every
// rule: afterwards it reads cards as before.
#include <fstream>
#include <iterator>
#include <optional>

#include <gtest/gtest.h>

#include "tests/emulator/model/ndef.hpp"
#include "tests/emulator/played_stiled.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::emulator {
namespace {

using namespace std::chrono_literals;

// Of a process: what must not grow.
struct Footprint {
    std::size_t descriptors = 0;
    std::size_t kilobytes = 0;
};

Footprint footprint_of(pid_t process) {
    const std::filesystem::path folder = "/proc/" + std::to_string(process);
    std::ifstream in{folder / "status"};
    Footprint footprint;
    for (std::string line; std::getline(in, line);)
        if (line.starts_with("VmRSS:")) footprint.kilobytes = std::stoul(line.substr(6));
    std::error_code gone;
    const std::filesystem::directory_iterator files{folder / "fd", gone};
    footprint.descriptors = static_cast<std::size_t>(std::distance(begin(files), end(files)));
    return footprint;
}

const std::string kReader = "plug acr122u as r1 at 1-1\n";
constexpr int kSteps = 40;  // a tap takes fewer transfers, the reader's first words included
constexpr const char* kAnswers[] = {"apdu", "power-on", "status"};
constexpr const char* kMisbehaviours[] = {"length-too-long",
                                          "length-too-short",
                                          "short-header",
                                          "empty-answer",
                                          "wrong-sequence",
                                          "wrong-slot",
                                          "wrong-type",
                                          "reserved-status",
                                          "no-status-word",
                                          "long-atr",
                                          "endless-chain",
                                          "stale-first",
                                          "twice-the-answer",
                                          "time-extension",
                                          "endless-extension",
                                          "silent",
                                          "stall",
                                          "babble"};

class EmulatedCardReader : public ::testing::Test {
protected:
    static constexpr std::string_view kText = "SECRET-";  // what the tags carry, and a number

    // A Type 4 tag with a number of its own that carries a text.
    std::string card() {
        const std::string number = std::to_string(100'000 + ++cards_);
        const std::string text = std::string{kText} + number;
        Buffer payload{2, 'e', 'n'};
        payload.insert(payload.end(), text.begin(), text.end());
        Buffer message = ndef_of("T", payload);
        message.front() = 0xD1;  // a well-known type
        return "card r1 type4 uid:04" + number + "8001 message:" + to_hex(message) + "\n";
    }
    // Plays it to stile-reader, and serves that as stiled until the end. What `after` cards were
    // read is remembered for grown().
    void play(const std::string& transcript, std::size_t after = 0) {
        const auto site = temp_.write(
            "site.toml",
            "[site]\nvenue = \"test\"\ngate = \"north\"\n[paths]\nruntime = \"" +
                temp_.path().native() + "\"\nstate = \"" + temp_.path().native() +
                "\"\n[[lane]]\nname = \"one\"\n[[reader]]\nname = \"nfc\"\nlane = \"one\"\n"
                "kind = \"nfc\"\nsource = \"usb\"\n");
        test::Process emulator{
            "stile-emulator",
            {temp_.write("transcript", transcript), "--",
             std::string{STILE_BIN_DIR} + "/stile-reader", "--config", site, "--name", "nfc"},
            temp_.path() / "emulator"};
        std::optional<int> ended;
        while (!(ended = emulator.wait(0ms))) {
            stiled_.serve();
            const auto reader = stiled_.reader();
            if (!reader) continue;
            last_ = footprint_of(*reader);
            if (stiled_.contents().size() == after) before_ = last_;
        }
        EXPECT_EQ(*ended, 0) << log();
    }
    // So many times, each time one transfer later; then a card is read.
    std::string pulled_out(int times) {
        std::string transcript;
        for (int i = 0; i < times; ++i) {
            transcript += "unplug r1\n" + kReader + card() + "unplug r1 after " +
                          std::to_string(i % kSteps) + " transfers\nwait r1 unplugged\n";
        }
        return transcript + kReader + card() + "wait r1 led green\n";
    }
    // It may cost a card, or a reset; the next card is read.
    std::string misbehaving(const char* how, const char* in) {
        std::string transcript = "remove r1\nmisbehave r1 " + std::string{how} + " in " + in + "\n";
        transcript += card() + "wait r1 misbehaved within 40 s\nremove r1\nbehave r1\n";
        return transcript + card() + "wait r1 led green within 40 s\n";
    }
    [[nodiscard]] std::string log() const {
        std::ifstream in{temp_.path() / "emulator.err"};
        return {std::istreambuf_iterator<char>{in}, {}};
    }

    test::TempDir temp_;
    PlayedStiled stiled_{temp_.path()};
    int cards_ = 0;
    Footprint before_;
    Footprint last_;
};

class LongEmulatedCardReader : public EmulatedCardReader {};

TEST_F(EmulatedCardReader, ReadsATagAndShowsTheAnswer) {
    for (const char* make : {"acr122u", "acr1252u"}) {
        // Until stiled is there it shows red.
        play("plug " + std::string{make} + " as r1 at 1-1\nstart\nwait r1 led off\nforget r1\n" +
             card() +
             "wait r1 led green\nwait r1 buzzer\nremove r1\nwait r1 led off\nexpect r1 no led "
             "red\n");
    }
    EXPECT_EQ(stiled_.contents(), (std::vector<std::string>{"SECRET-100001", "SECRET-100002"}));
}

TEST_F(EmulatedCardReader, RefusesATagThatCarriesNothing) {
    play(kReader +
         "start\nwait r1 claimed\ncard r1 ntag213\nwait r1 led red\nwait r1 buzzer\n"
         "expect r1 no led green\n");
}

TEST_F(EmulatedCardReader, ReadsTheNextCardAfterOneThatWasTornAway) {
    std::string transcript = kReader + "start\nwait r1 claimed\n";
    for (int commands = 0; commands < 8; ++commands) {
        transcript += card() + "remove r1 after " + std::to_string(commands) + " commands\n" +
                      "wait r1 card out\n" + card() + "wait r1 led green\nremove r1\n";
    }
    play(transcript);
    EXPECT_EQ(stiled_.contents().size(), 8U) << log();
}

TEST_F(EmulatedCardReader, IsPulledOutAtEachStepAndReadsOn) {
    const std::string begin = kReader + card() + "start\nwait r1 led green\n";
    play(begin + pulled_out(kSteps));
    EXPECT_EQ(stiled_.contents().back(), "SECRET-" + std::to_string(100'000 + cards_)) << log();
}

TEST_F(LongEmulatedCardReader, IsPulledOutAtEachStepTwoHundredTimesAndLosesNothing) {
    std::string transcript = kReader + card() + "start\nwait r1 led green\n";
    transcript += pulled_out(kSteps);
    transcript += pulled_out(4 * kSteps);
    play(transcript, kSteps);
    EXPECT_EQ(stiled_.contents().back(), "SECRET-" + std::to_string(100'000 + cards_));
    EXPECT_LE(last_.descriptors, before_.descriptors + 2);
    EXPECT_LE(last_.kilobytes, before_.kilobytes + 2'000);
}

TEST_F(EmulatedCardReader, IsHealthyAgainAfterEachMisbehaviour) {
    std::string transcript = kReader + "start\nwait r1 claimed\n" + card() + "wait r1 led green\n";
    for (std::size_t i = 0; i < std::size(kMisbehaviours); ++i)
        transcript += misbehaving(kMisbehaviours[i], kAnswers[i % std::size(kAnswers)]);
    play(transcript);
    EXPECT_EQ(stiled_.contents().back(), "SECRET-" + std::to_string(100'000 + cards_)) << log();
}

TEST_F(LongEmulatedCardReader, IsHealthyAgainAfterEachMisbehaviourInEachAnswer) {
    std::string transcript = kReader + "start\nwait r1 claimed\n" + card() + "wait r1 led green\n";
    for (const char* how : kMisbehaviours) {
        for (const char* in : kAnswers)
            transcript += misbehaving(how, in);
    }
    play(transcript);
    EXPECT_EQ(stiled_.contents().back(), "SECRET-" + std::to_string(100'000 + cards_)) << log();
}

TEST_F(EmulatedCardReader, WakesADeafReaderByAReset) {
    play(kReader + "start\nwait r1 claimed\nmisbehave r1 deaf\n" + card() +
         "wait r1 reset within 40 s\nwait r1 led green within 40 s\n");
}

TEST_F(EmulatedCardReader, KeepsItsLampWhenOneLampCommandIsNotAnswered) {
    play(kReader + "start\nwait r1 claimed\n" + card() +
         "wait r1 led green\nmisbehave r1 silent in escape\n"
         "wait r1 misbehaved within 40 s\nremove r1\n" +
         card() + "wait r1 led green within 40 s\n");
}

TEST_F(EmulatedCardReader, BearsWithInterruptsThatSayNothing) {
    std::string transcript = kReader + "start\nwait r1 claimed\n";
    for (const char* how :
         {"empty-interrupt", "bare-interrupt", "hardware-error", "interrupt-flood"}) {
        transcript += "misbehave r1 " + std::string{how} + "\n" + card() +
                      "wait r1 led green within 40 s\nremove r1\n";
    }
    play(transcript);
    EXPECT_EQ(stiled_.contents().size(), 4U) << log();
}

TEST_F(EmulatedCardReader, SurvivesAReaderThatIsDeadUntilItIsReplaced) {
    play(kReader + "start\nwait r1 claimed\nmisbehave r1 dead\n" + card() + kReader + card() +
         "wait r1 led green within 40 s\n");
}

TEST_F(EmulatedCardReader, SurvivesDescriptorsWithEachFlaw) {
    std::string transcript = "start\n";
    for (const char* flaw : {"huge-descriptors", "zero-length-descriptor", "total-too-long",
                             "cut-class-descriptor", "no-class-descriptor", "no-endpoints",
                             "many-interfaces", "strange-texts", "uneven-texts"}) {
        transcript += "plug acr122u as r1 at 1-1 with " + std::string{flaw} + "\n" + "unplug r1\n";
    }
    play("plug acr122u as r2 at 1-2\n" + transcript + "unplug r2\n" + kReader +
         "wait r1 claimed within 40 s\n" + card() + "wait r1 led green within 40 s\n");
}

}  // namespace
}  // namespace stile::emulator
