// SPDX-License-Identifier: Apache-2.0
// A card reader made of bytes, on a clock that the tests turn.
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "devices/ccid/frame.hpp"
#include "devices/ccid/timer.hpp"
#include "devices/usb/usb_interface.hpp"

namespace stile::devices::testing {

[[nodiscard]] Buffer hex(std::string_view text);

// Time that passes only when a test says so, and what happens in it.
class FakeTime final : public Timer {
public:
    [[nodiscard]] Time now() const override { return now_; }
    void wake_at(Time when) override { alarm_ = when; }
    void after(Time delay, std::function<void()> happens);
    // Lets `time` pass; alarms go to `on_alarm`.
    void pass(Time time);
    std::function<void()> on_alarm;

private:
    Time now_{std::chrono::seconds{1}};
    std::optional<Time> alarm_;
    std::multimap<Time, std::function<void()>> events_;
};

// A second alarm on the same clock.
class FakeAlarm final : public Timer {
public:
    explicit FakeAlarm(FakeTime& time) : time_{time} {}
    [[nodiscard]] Time now() const override { return time_.now(); }
    void wake_at(Time when) override {
        time_.after(when - now(), [this, number = ++number_] {
            if (number == number_) on_alarm();
        });
    }
    std::function<void()> on_alarm;

private:
    FakeTime& time_;
    int number_ = 0;
};

struct FakeCard {
    Buffer atr = hex("3B8180018080");
    // The answer to a command; by default a UID, and 6D00 to everything else.
    std::function<Buffer(Bytes)> answer;
};
[[nodiscard]] FakeCard phone();  // ISO 14443-4 with a random UID
[[nodiscard]] FakeCard ntag();

// The device. It outlives the UsbInterface that it hands out, and can be plugged in again.
class FakeCcid {
public:
    struct Kind {
        std::uint16_t vendor = 0x076B;
        std::uint16_t product = 0x5022;
        std::uint32_t features = 0x000404FA;  // extended APDUs, everything automatic
        std::uint32_t longest_frame = 271;
        std::uint8_t slots = 1;
        enum class Interrupts { Yes, No } interrupts = Interrupts::Yes;
    };

    explicit FakeCcid(FakeTime& time);
    FakeCcid(FakeTime& time, const Kind& kind);
    ~FakeCcid();
    [[nodiscard]] std::unique_ptr<UsbInterface> plug();
    void unplug();

    [[nodiscard]] std::uint8_t slots() const { return kind_.slots; }
    void insert(FakeCard card, std::uint8_t slot = 0);
    void remove(std::uint8_t slot = 0);
    // As the device sends them, whatever they are.
    void send_bulk(Buffer transfer);
    void send_interrupt(Buffer packet);
    void fail_interrupt(UsbFault fault);

    // Looks at each command first; true: it has done all that is to do.
    std::function<bool(const Buffer& command)> meddle;
    bool aborts = true;  // knows ABORT
    bool tells = true;   // of cards that come and go
    std::optional<Errc> reset_fails;
    std::function<void()> on_reset;
    FakeTime::Time transfer_time{std::chrono::microseconds{500}};

    [[nodiscard]] const std::vector<std::string>& sent() const { return sent_; }  // hex
    [[nodiscard]] std::size_t count(CcidRequest request) const;
    int controls = 0;
    int resets = 0;
    int halts_cleared = 0;

    void reply(CcidReply reply, const Buffer& to, Bytes data = {}, std::uint8_t error = 0,
               CcidOutcome outcome = CcidOutcome::Ok, std::uint8_t specific = 0);
    void fail_send(UsbFault fault) { fail_send_ = fault; }  // the next one
    void fail_receive(UsbFault fault);

private:
    class Interface;
    struct Slot {
        std::optional<FakeCard> card;
        CardPower power = CardPower::Absent;
    };
    void take(const Buffer& command);
    void power_on(const Buffer& command, Slot& slot);
    void transfer(const Buffer& command, Slot& slot);
    void deliver();

    FakeTime& time_;
    Kind kind_;
    std::vector<Slot> slots_;
    std::deque<Buffer> bulk_;
    std::deque<Buffer> interrupts_;
    std::vector<std::string> sent_;
    Buffer chained_;  // a command of several blocks
    Buffer answer_;   // the rest of an answer of several blocks
    std::optional<UsbFault> fail_send_;
    Interface* plugged_ = nullptr;
};

}  // namespace stile::devices::testing
