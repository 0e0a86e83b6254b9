// SPDX-License-Identifier: Apache-2.0
// One HID scanner on a USB interface that answers as the test says.
#include <deque>
#include <optional>

#include <gtest/gtest.h>

#include "devices/scanner/hid_scanner.hpp"
#include "devices/scanner/xkb/xkb_layout.hpp"
#include "tests/devices/scanner_fixtures.hpp"

namespace stile::devices {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using Answer = std::expected<Buffer, UsbFault>;

// Answers in the loop, as the port says; when it has no answer it keeps silent and stops the loop.
class FakeUsb final : public UsbInterface {
public:
    struct State {
        std::deque<Answer> answers;  // to control transfers
        std::deque<Answer> reports;
        std::vector<UsbControl> asked;
        std::size_t received_most = 0;
        int halts_cleared = 0;
        bool halts_for_ever = false;
        UsbInterfaceInfo info;
        UsbIdentity identity{.vendor = 0x0C2E, .product = 0x0200, .port = "1-2"};
    };
    FakeUsb(EventLoop& loop, State& state) : loop_{loop}, state_{state} {}

    [[nodiscard]] const UsbIdentity& identity() const override { return state_.identity; }
    [[nodiscard]] const UsbInterfaceInfo& info() const override { return state_.info; }
    void control(const UsbControl& what, Bytes /*data*/, std::chrono::milliseconds /*timeout*/,
                 OnDone done) override {
        state_.asked.push_back(what);
        answer(control_, state_.answers, std::move(done));
    }
    void send(const UsbEndpoint& /*to*/, Bytes /*data*/, std::chrono::milliseconds /*timeout*/,
              OnDone /*done*/) override {}
    void receive(const UsbEndpoint& /*from*/, std::size_t most,
                 std::chrono::milliseconds /*timeout*/, OnDone done) override {
        state_.received_most = most;
        answer(receive_, state_.reports, std::move(done));
    }
    [[nodiscard]] Result<void> clear_halt(const UsbEndpoint& /*endpoint*/) override {
        ++state_.halts_cleared;
        if (state_.halts_for_ever) return fail(Errc::Io, "halted");
        return {};
    }
    [[nodiscard]] Result<void> reset() override { return {}; }

private:
    void answer(EventSource& transfer, std::deque<Answer>& answers, OnDone done) {
        if (answers.empty()) return loop_.stop(0);
        transfer = loop_.after(0ms, [&answers, done] {
            const Answer now = std::move(answers.front());
            answers.pop_front();
            if (now) {
                done(Bytes{*now});
            } else {
                done(std::unexpected{now.error()});
            }
        });
    }

    EventLoop& loop_;
    State& state_;
    EventSource control_;
    EventSource receive_;
};

class HidScanning : public ::testing::Test {
protected:
    HidScanning() {
        usb_.info.class_code = 3;
        usb_.info.endpoints = {{0x81, UsbEndpoint::Kind::InterruptIn, 8}};
        usb_.info.subclass = 1;
        usb_.info.protocol = 1;
    }
    // Lets everything happen that the test has prepared.
    void run(const std::string& layout = "us", std::chrono::milliseconds gap = 5s) {
        scanner_.emplace(loop_, std::make_unique<FakeUsb>(loop_, usb_),
                         ScannerSettings{.ends = {.gap = gap}, .layout = layout}, load_layout,
                         events_);
        scanner_->start();
        (void)loop_.run();
    }
    void send(const std::vector<Buffer>& reports) {
        usb_.reports.insert(usb_.reports.end(), reports.begin(), reports.end());
    }
    [[nodiscard]] std::vector<int> requests() const {
        std::vector<int> numbers;
        for (const UsbControl& asked : usb_.asked)
            numbers.push_back(asked.request);
        return numbers;
    }
    [[nodiscard]] Errc end() const { return ended_ ? ended_->code : Errc::Invalid; }

    const Answer done_{Buffer{}};
    EventLoop loop_;
    FakeUsb::State usb_;
    std::vector<std::string> texts_;
    std::string ready_;
    ScanLosses losses_;
    std::optional<Error> ended_;
    ScannerEvents events_{
        .on_ready = [this](const std::string& what) { ready_ = what; },
        .on_scan = [this](const ScannedText& scan) { texts_.push_back(scan.text); },
        .on_loss =
            [this](const ScanLosses& losses) {
                losses_.spoiled += losses.spoiled;
                losses_.too_long += losses.too_long;
            },
        .on_note = [](const std::string&) {},
        .on_trouble =
            [this](const Error& why) {
                EXPECT_FALSE(ended_.has_value());
                ended_ = why;
                loop_.stop(0);
            }};
    std::optional<HidScanner> scanner_;
};

using Texts = std::vector<std::string>;

TEST_F(HidScanning, SetsAKeyboardUpAndReadsIt) {
    usb_.answers = {keyboard_descriptor(), done_, done_};
    send(typed("us", "GT1:AB\r"));
    run();
    EXPECT_EQ(ready_, "a keyboard scanner (0c2e:0200 at 1-2)");
    EXPECT_EQ(texts_, Texts{"GT1:AB"});
    EXPECT_EQ(requests(), (std::vector<int>{0x06, 0x0A, 0x0B}));
    EXPECT_EQ(usb_.asked[0].value, 0x2200);
    EXPECT_EQ(usb_.asked[2].value, 1);  // report protocol
    EXPECT_FALSE(ended_.has_value());
}

TEST_F(HidScanning, AsksForTheDescriptorThatIsThere) {
    usb_.info.number = 1;
    usb_.info.extra = {9, 0x21, 0x11, 0x01, 0, 1, 0x22, 0x3F, 0x00};
    run();
    EXPECT_EQ(usb_.asked[0].length, 63);
    EXPECT_EQ(usb_.asked[0].index, 1);
}

TEST_F(HidScanning, AsksForAsMuchAsItTakesWhenTheSizeIsNotSaid) {
    for (const Buffer& extra :
         {Buffer{}, Buffer{0}, Buffer{9, 0x21}, Buffer{9, 0x21, 0, 0, 0, 1, 0x22, 0, 0},
          Buffer{0, 0, 0}, Buffer{9, 0x21, 0, 0, 0, 1, 0x22, 0xFF, 0xFF}}) {
        usb_.info.extra = extra;
        run();
        EXPECT_EQ(usb_.asked.back().length, 4096) << to_hex(extra);
    }
}

TEST_F(HidScanning, ReadsAPosScannerInReportsLargerThanItsPackets) {
    usb_.info.subclass = 0;
    usb_.answers = {pos_descriptor(), done_};
    send({pos_report("]Q1", "GT1:AB")});
    run();
    EXPECT_EQ(ready_, "a HID POS scanner (0c2e:0200 at 1-2)");
    EXPECT_EQ(texts_, Texts{"GT1:AB"});
    EXPECT_EQ(usb_.received_most, 64U);
    EXPECT_EQ(requests(), (std::vector<int>{0x06, 0x0A}));  // it has no boot protocol
}

TEST_F(HidScanning, PutsAKeyboardThatDoesNotDescribeItsReportsIntoBootProtocol) {
    for (const Answer& answer :
         {Answer{std::unexpected{UsbFault::Stall}}, Answer{Buffer{}}, Answer{Buffer{0xC0}},
          Answer{std::unexpected{UsbFault::Timeout}}}) {
        usb_.asked.clear();
        texts_.clear();
        usb_.answers = {answer, done_, done_};
        send(typed("us", "AB\r"));
        run();
        EXPECT_EQ(texts_, Texts{"AB"});
        EXPECT_EQ(usb_.asked.back().value, 0);
    }
}

TEST_F(HidScanning, GoesOnWithoutTheRequestsThatAreNotKnown) {
    usb_.answers = {keyboard_descriptor(), std::unexpected{UsbFault::Stall},
                    std::unexpected{UsbFault::Timeout}};
    send(typed("us", "AB\r"));
    run();
    EXPECT_EQ(texts_, Texts{"AB"});
}

TEST_F(HidScanning, EndsACodeWithoutEnter) {
    usb_.answers = {keyboard_descriptor(), done_, done_};
    send(typed("us", "AB"));
    events_.on_scan = [this](const ScannedText& scan) {
        texts_.push_back(scan.text);
        loop_.stop(0);
    };
    run("us", 500ms);
    if (texts_.empty()) (void)loop_.run();
    EXPECT_EQ(texts_, Texts{"AB"});
}

TEST_F(HidScanning, RefusesWhatIsNoScanner) {
    usb_.info.subclass = 0;
    usb_.answers = {Buffer{0x05, 0x01, 0x09, 0x02, 0xA1, 0x01, 0xC0}};
    run();
    EXPECT_EQ(end(), Errc::Unsupported);
    EXPECT_EQ(ready_, "");
}

TEST_F(HidScanning, RefusesADeviceThatDoesNotDescribeItsReports) {
    usb_.info.subclass = 0;
    usb_.answers = {std::unexpected{UsbFault::Stall}};
    run();
    EXPECT_EQ(end(), Errc::Unsupported);
}

TEST_F(HidScanning, RefusesADeviceThatNeverSends) {
    usb_.info.endpoints.clear();
    run();
    EXPECT_EQ(end(), Errc::Unsupported);
    EXPECT_TRUE(usb_.asked.empty());
}

TEST_F(HidScanning, RefusesALayoutThatIsNotThere) {
    usb_.answers = {keyboard_descriptor()};
    run("xx");
    EXPECT_EQ(end(), Errc::Config);
}

TEST_F(HidScanning, EndsWhenItIsUnplugged) {
    for (std::size_t answered = 0; answered < 3; ++answered) {
        usb_.answers = {keyboard_descriptor(), done_, done_};
        usb_.answers.resize(answered, done_);
        usb_.answers.push_back(std::unexpected{UsbFault::Gone});
        ended_.reset();
        run();
        EXPECT_EQ(end(), Errc::Closed) << answered;
    }
}

TEST_F(HidScanning, EndsWhenItIsUnpluggedWhileItIsRead) {
    usb_.answers = {keyboard_descriptor(), done_, done_};
    usb_.reports = {std::unexpected{UsbFault::Gone}};
    run();
    EXPECT_EQ(end(), Errc::Closed);
}

TEST_F(HidScanning, DropsACodeInWhichAReportWasLost) {
    for (const UsbFault fault : {UsbFault::Stall, UsbFault::Overflow, UsbFault::Failed}) {
        usb_.answers = {keyboard_descriptor(), done_, done_};
        texts_.clear();
        losses_ = {};
        send(typed("us", "AB"));
        usb_.reports.push_back(std::unexpected{fault});
        send(typed("us", "CD\rEF\r"));
        run();
        EXPECT_EQ(texts_, Texts{"EF"});
        EXPECT_EQ(losses_, (ScanLosses{.spoiled = 1}));
    }
    EXPECT_EQ(usb_.halts_cleared, 1);
}

TEST_F(HidScanning, EndsWhenItHaltsForEver) {
    usb_.answers = {keyboard_descriptor(), done_, done_};
    usb_.reports = {std::unexpected{UsbFault::Stall}};
    usb_.halts_for_ever = true;
    run();
    EXPECT_EQ(end(), Errc::Io);
}

TEST_F(HidScanning, EndsWhenItSendsErrorsOnly) {
    for (const UsbFault fault : {UsbFault::Overflow, UsbFault::Failed}) {
        usb_.answers = {keyboard_descriptor(), done_, done_};
        usb_.reports.assign(6, std::unexpected{fault});
        ended_.reset();
        run();
        EXPECT_EQ(end(), Errc::Io);
        EXPECT_TRUE(usb_.reports.empty());
    }
}

}  // namespace
}  // namespace stile::devices
