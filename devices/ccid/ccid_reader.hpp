// SPDX-License-Identifier: Apache-2.0
// A card reader at work: finds cards, passes commands to them, and gets itself out of trouble.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"
#include "devices/ccid/apdu_transfer.hpp"
#include "devices/ccid/descriptor.hpp"
#include "devices/ccid/pipe.hpp"
#include "devices/ccid/profile.hpp"
#include "devices/ccid/slots.hpp"
#include "devices/ccid/timer.hpp"
#include "devices/usb/usb_interface.hpp"

namespace stile::devices {

// Why a command to the card has no answer.
enum class CardTrouble : std::uint8_t {
    Gone = 1,  // the card was taken away, or does not speak any more
    Late,      // the budget of the command or of the card is used up
    Unfit,     // this reader cannot send such a command
    Failed,    // the reader failed
};

enum class CcidCondition : std::uint8_t {
    Starting,
    Working,
    Recovering,  // it does not answer as it should: its command is dropped, or it is reset
    Resting,     // that did not help; it is reset again after a while
    Unplugged,   // the end of this object's use
};

// How long things may take, and how often they are tried (CCID.md).
struct CcidBudgets {
    std::chrono::milliseconds command{1500};  // one exchange, with all extensions of time
    std::chrono::milliseconds card{3000};     // all exchanges with a card
    std::chrono::milliseconds abort{500};
    std::chrono::milliseconds poll{250};         // where notifications are not to be had
    std::chrono::milliseconds quiet_poll{5000};  // where they are
    std::chrono::milliseconds first_rest{1000};  // doubled each time
    std::chrono::milliseconds longest_rest{60000};
    int most_resets = 3;  // without one card that was read
};

// Thread-bound to the loop of its UsbInterface; never blocks but for a reset of the port. No
// handler and no answer may destroy it.
class CcidReader {
public:
    using Answer = std::expected<Bytes, CardTrouble>;  // with the status word; valid in the call
    using OnAnswer = std::function<void(const Answer&)>;
    struct Handlers {
        std::function<void(Bytes atr)> on_card;  // a contactless card, with power
        std::function<void()> on_gone;           // it cannot be spoken to any more
        std::function<void()> on_condition;
    };

    // Borrows `timer`. Errors: those of parse_ccid_descriptor(), and Invalid (endpoints are
    // missing).
    [[nodiscard]] static Result<std::unique_ptr<CcidReader>> open(std::unique_ptr<UsbInterface> usb,
                                                                  Timer& timer, Handlers handlers,
                                                                  const CcidBudgets& budgets = {});
    // Call once.
    void start();
    void on_alarm();

    // One command to the card that on_card told of; the next one after its answer. `done` is called
    // once: at once if there is no card, no time left, or the command does not fit. After Gone and
    // Late comes on_gone, unless it came before.
    void transmit(Bytes apdu, std::chrono::milliseconds budget, OnAnswer done);
    // Takes the card's power away and gives it again: on_gone, then on_card if it is still there.
    void restart_card();
    // Shown as soon as nothing else is to do; a later signal takes the place of one that waits.
    void show(Signal signal);

    [[nodiscard]] CcidCondition condition() const { return condition_; }
    [[nodiscard]] std::string_view reason() const { return reason_; }  // of the last trouble
    [[nodiscard]] const CcidProfile& profile() const { return profile_; }
    [[nodiscard]] const UsbInterface& usb() const { return *usb_; }
    // For health and figures.
    [[nodiscard]] std::uint64_t transfers() const { return pipe_.transfers(); }

private:
    struct Transfer {
        ApduTransfer blocks;
        OnAnswer done;
        Timer::Time began;
        Timer::Time deadline;
    };

    CcidReader(std::unique_ptr<UsbInterface> usb, Timer& timer, Handlers handlers,
               const CcidDescriptor& descriptor, const CcidBudgets& budgets);

    // What to do next, and what came of it (ccid_reader.cpp).
    using Then = void (CcidReader::*)(const CcidAnswer&);
    void ask(const CcidCommand& command, std::chrono::milliseconds budget, Then then);
    void pump();
    void power_on(std::uint8_t slot);
    void on_power_off(const CcidAnswer& answer);
    void on_power(const CcidAnswer& answer);
    void on_parameters(const CcidAnswer& answer);
    void present();
    void give_up_card(const OnAnswer& done);
    void send_block();
    void on_block(const CcidAnswer& answer);
    void on_refused_block(const CcidAnswer& answer);
    void send_escape();
    void on_escape(const CcidAnswer& answer);
    void poll();
    void on_status(const CcidAnswer& answer);
    void finish(std::optional<CardTrouble> trouble);
    void settle();
    void look_soon();
    [[nodiscard]] Timer::Time poll_period() const;

    // Notifications (ccid_listen.cpp).
    void listen();
    void take_news(Bytes notification);
    [[nodiscard]] bool hears_well() const;

    // Getting out of trouble (ccid_recovery.cpp).
    void on_fault(PipeFault fault);
    void recover(CardTrouble trouble, std::string_view why);
    void reset_or_rest();
    void reset();
    void rest();
    void synchronise();
    void work();
    void unplugged();
    void enter(CcidCondition condition);

    std::unique_ptr<UsbInterface> usb_;
    Timer& timer_;
    Handlers handlers_;
    CcidDescriptor descriptor_;
    CcidBudgets budgets_;
    const CcidProfile& profile_;
    CcidPipe pipe_;
    CcidSlots slots_;

    std::string reason_;
    Buffer atr_;
    Timer::Time card_time_{};  // that the card has used
    std::optional<Transfer> transfer_;
    std::deque<Buffer> setup_;
    std::deque<Buffer> signals_;
    Timer::Time last_look_{};
    std::chrono::milliseconds next_rest_;
    Timer::Time rest_until_{};

    int looks_ = 0;          // that are due at once
    int lamp_hangs_ = 0;     // lamp commands that made the reader hang
    int listen_faults_ = 0;  // in succession
    int missed_news_ = 0;    // cards that polling found and no notification told of
    int strikes_ = 0;        // aborts since the last good answer
    int resets_ = 0;         // since a card was read

    CcidCondition condition_ = CcidCondition::Starting;
    std::optional<std::uint8_t> card_;  // the slot of the card that on_card told of
    std::optional<std::uint8_t> powering_;
    std::uint8_t polled_ = 0;  // the slot that was asked last
    bool escaping_ = false;    // an escape command is on its way
    bool mute_lamp_ = false;   // the reader does not take lamp commands
    bool listening_ = false;
};

}  // namespace stile::devices
