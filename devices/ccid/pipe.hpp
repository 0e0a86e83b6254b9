// SPDX-License-Identifier: Apache-2.0
// One command to the reader at a time, and the answer that belongs to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>

#include "devices/ccid/descriptor.hpp"
#include "devices/ccid/frame.hpp"
#include "devices/ccid/timer.hpp"
#include "devices/usb/usb_interface.hpp"

namespace stile::devices {

// Why there is no answer.
enum class PipeFault : std::uint8_t {
    Late = 1,  // the budget is used up; the reader may still be busy
    Broken,    // the reader breaks the protocol, or a transfer failed
    Gone,      // unplugged
};

// The two bulk endpoints. An answer is the one of the same kind, slot and sequence number; others
// are left over from somebody before us and dropped, kMostStale of them. The budget is for the
// whole of it, however often the reader asks for more time. Thread-bound; never blocks. After Late
// or Broken the reader may be in any state: call abort().
class CcidPipe {
public:
    static constexpr int kMostStale = 10;
    static constexpr int kMostExtensions = 100;  // of time; no honest card needs a tenth of them
    // Of one message from the reader. Answers that are longer come in a chain, or not at all.
    static constexpr std::size_t kBuffer = 8192;

    using Answer = std::expected<CcidAnswer, PipeFault>;  // its data are valid during the call
    using OnAnswer = std::function<void(const Answer&)>;
    // What is done with messages that are broken or of the wrong kind: Forgiving drops them.
    enum class Reading : std::uint8_t { Strict, Forgiving };

    // Borrows both for its life. `usb` has a bulk endpoint in each direction.
    CcidPipe(UsbInterface& usb, const Timer& timer);

    // The sequence number of `command` is chosen here. `done` is called once, never from inside
    // this function; it may begin the next exchange. Call when not busy().
    void exchange(CcidCommand command, std::chrono::milliseconds budget, Reading reading,
                  OnAnswer done);
    // Asks the reader to drop the command that was begun last, by both ways that CCID has for it,
    // and reads until it says that it did. Call when not busy().
    void abort(std::chrono::milliseconds budget, OnAnswer done);

    [[nodiscard]] bool busy() const { return busy_; }
    // Transfers that were begun, for the figures.
    [[nodiscard]] std::uint64_t transfers() const { return transfers_; }

private:
    void begin(CcidCommand command, std::chrono::milliseconds budget, Reading reading,
               OnAnswer done);
    void send(Bytes frame);
    void receive();
    void take(Bytes transfer);
    void take_own(const CcidAnswer& answer);
    void drop_stale();
    void fail(UsbFault fault, const UsbEndpoint& where);
    void end(const Answer& answer);
    [[nodiscard]] std::chrono::milliseconds left() const;

    UsbInterface& usb_;
    const Timer& timer_;
    UsbEndpoint out_;
    UsbEndpoint in_;
    bool busy_ = false;
    CcidCommand waiting_;  // what is being answered; its data are not kept
    Reading reading_ = Reading::Strict;
    OnAnswer done_;
    Timer::Time deadline_{};
    int stale_ = 0;
    int extensions_ = 0;
    std::uint8_t sequence_ = 0;
    std::uint64_t transfers_ = 0;
};

}  // namespace stile::devices
