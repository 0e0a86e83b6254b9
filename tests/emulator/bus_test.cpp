// SPDX-License-Identifier: Apache-2.0
// What libusb, and nothing else of ours, sees of emulated devices.
#include <gtest/gtest.h>

#include "crypto/base/bytes.hpp"
#include "tests/emulator/stage.hpp"

namespace stile::emulator {
namespace {

using test::Finished;

constexpr const char* kPowerOn = "62000000000001000000";
constexpr const char* kUid = "6f050000000002000000ffca000000";
constexpr const char* kUidAnswer = "80090000000002000000";
const std::string kReader = "plug acr122u as r1 at 1-1\n";
const std::string kReaderWithTag = kReader + "card r1 ntag213\n";

bool says(const Finished& run, const std::string& line) {
    return run.out.find(line) != std::string::npos;
}
std::string all(const Finished& run) {
    return run.out + run.err;
}

TEST(EmulatedBus, HasAReaderThatReadsTheNumberOfACard) {
    const Finished run =
        Stage{}.probe(kReaderWithTag + "start\nwait exit 0\n",
                      {"0b", "claim", "send", kPowerOn, "recv", "send", kUid, "recv"});
    EXPECT_EQ(run.exit_code, 0) << all(run);
    EXPECT_TRUE(says(run, std::string{"recv ok "} + kUidAnswer + "04a1b2c3d4e5f69000\n"))
        << all(run);
}

TEST(EmulatedBus, HasNothingThatWasNotPluggedIn) {
    const Finished run = Stage{}.probe("start\nwait exit 1\n", {"0b"});
    EXPECT_EQ(run.exit_code, 0) << all(run);
}

TEST(EmulatedBus, TellsTheNamesOfADevice) {
    const Finished run =
        Stage{}.probe("plug acr1252u as r1 at 1-1\nstart\nwait exit 0\n", {"0b", "text", "3"});
    EXPECT_TRUE(says(run, "text ok " + to_hex(as_bytes("RR512-000123")))) << all(run);
}

TEST(EmulatedBus, TellsOfCardsByTheInterruptEndpoint) {
    const Finished run = Stage{}.probe(
        kReader + "start\nwait r1 claimed\ncard r1 ntag213\nwait exit 0\n", {"0b", "claim", "irq"});
    EXPECT_TRUE(says(run, "irq ok 5003\n")) << all(run);
}

TEST(EmulatedBus, LetsATransferWaitUntilItsTimeIsOver) {
    const Finished run = Stage{}.probe(kReader + "start\nwait exit 0\n", {"0b", "claim", "recv"});
    EXPECT_TRUE(says(run, "recv TIMEOUT\n")) << all(run);
}

TEST(EmulatedBus, HaltsAnEndpointUntilItIsCleared) {
    const Finished run =
        Stage{}.probe(kReaderWithTag + "misbehave r1 stall\nstart\nwait exit 0\n",
                      {"0b", "claim", "send", kPowerOn, "recv", "clear", "send", kPowerOn, "recv"});
    EXPECT_TRUE(says(run, "recv PIPE\nclear ok\nsend ok\nrecv ok 80")) << all(run);
}

TEST(EmulatedBus, SendsMoreThanItIsAskedFor) {
    const Finished run = Stage{}.probe(kReaderWithTag + "misbehave r1 babble\nstart\nwait exit 0\n",
                                       {"0b", "claim", "send", kPowerOn, "recv"});
    EXPECT_TRUE(says(run, "recv OVERFLOW\n")) << all(run);
}

TEST(EmulatedBus, IsBusyWhileAnotherProgramHoldsTheDevice) {
    const Finished run = Stage{}.probe(kReader + "hold r1\nstart\nwait exit 0\n", {"0b", "claim"});
    EXPECT_TRUE(says(run, "claim BUSY\n")) << all(run);
}

TEST(EmulatedBus, HasKeyboardsThatTheKernelHasTaken) {
    const Finished run = Stage{}.probe(
        "plug keyboard-scanner as s1 at 1-2\nscan s1 \"a\"\nstart\nwait s1 driver detached\n"
        "wait s1 scan sent\nwait exit 0\n",
        {"03", "claim", "detach", "claim", "irq", "irq", "irq", "irq"});
    EXPECT_TRUE(says(run, "claim BUSY\ndetach ok\nclaim ok\nirq ok 0000040000000000\n"))
        << all(run);
    EXPECT_EQ(run.exit_code, 0) << all(run);
}

TEST(EmulatedBus, EndsWhatIsOnItsWayWhenADeviceIsPulledOut) {
    const Finished run = Stage{}.probe(kReader + "start\nwait r1 claimed\nunplug r1\nwait exit 0\n",
                                       {"0b", "claim", "irq", "irq"});
    EXPECT_TRUE(says(run, "irq NO_DEVICE\nirq NO_DEVICE\n")) << all(run);
}

TEST(EmulatedBus, PullsADeviceOutAtTheVeryTransferThatWasNamed) {
    const std::vector<std::string> words{"0b",   "claim", "send", kPowerOn,
                                         "recv", "send",  kUid,   "recv"};
    const std::string outcomes[] = {"claim ok\nsend NO_DEVICE", "send ok\nrecv NO_DEVICE",
                                    "recv ok 80140000000001000000"
                                    "3b8f8001804f0ca0000003060300030000000068\nsend NO_DEVICE"};
    for (std::size_t after = 0; after < std::size(outcomes); ++after) {
        const Finished run =
            Stage{}.probe(kReaderWithTag + "unplug r1 after " + std::to_string(after) +
                              " transfers\nstart\nwait r1 unplugged\nwait exit 0\n",
                          words);
        EXPECT_TRUE(says(run, outcomes[after])) << all(run);
        EXPECT_EQ(run.exit_code, 0) << all(run);
    }
}

TEST(EmulatedBus, WakesADeafReaderByAReset) {
    const Finished run = Stage{}.probe(
        kReaderWithTag + "misbehave r1 deaf\nstart\nwait r1 reset\nwait exit 0\n",
        {"0b", "claim", "send", kPowerOn, "recv", "reset", "claim", "send", kPowerOn, "recv"});
    EXPECT_TRUE(says(run, "recv TIMEOUT\nreset ok\nclaim ok\nsend ok\nrecv ok 80")) << all(run);
}

// None of them may hurt the emulator; what libusb makes of them is its affair.
TEST(EmulatedBus, ShowsDescriptorsWithEachFlaw) {
    for (const char* flaw : {"huge-descriptors", "zero-length-descriptor", "total-too-long",
                             "cut-class-descriptor", "no-class-descriptor", "no-endpoints",
                             "many-interfaces", "strange-texts", "uneven-texts"}) {
        const Finished run =
            Stage{}.play("plug acr122u as r1 at 1-1 with " + std::string{flaw} + "\nstart\nstop\n",
                         {STILE_BIN_DIR "/stile-usb-probe", "0b", "claim", "text", "2"});
        EXPECT_LE(run.exit_code, 1) << flaw << all(run);
        EXPECT_EQ(run.err.find("Invalid"), std::string::npos) << all(run);
    }
}

TEST(Transcript, EndsWithTheProgram) {
    EXPECT_EQ(Stage{}.play("start\n", {"/bin/sleep", "1000"}).exit_code, 0);
}

TEST(Transcript, FailsWithAProgramThatFails) {
    const Finished run = Stage{}.play("start\nwait exit 0\n", {"/bin/false"});
    EXPECT_EQ(run.exit_code, 1);
    EXPECT_NE(run.err.find("line 2: wait exit 0: the program ended with 1"), std::string::npos)
        << run.err;
}

TEST(Transcript, NamesTheLineThatDoesNotHold) {
    const Finished run =
        Stage{}.play(kReader + "start\nwait r1 led green within 10 ms\n", {"/bin/sleep", "1000"});
    EXPECT_EQ(run.exit_code, 1);
    EXPECT_NE(run.err.find("line 3: wait r1 led green within 10 ms: it did not come"),
              std::string::npos)
        << run.err;
}

}  // namespace
}  // namespace stile::emulator
