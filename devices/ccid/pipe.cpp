// SPDX-License-Identifier: Apache-2.0
// Send, receive until the answer is there or the time is over.
#include "devices/ccid/pipe.hpp"

#include <algorithm>
#include <utility>

#include "devices/usb/usb_device.hpp"

namespace stile::devices {
namespace {

using Milliseconds = std::chrono::milliseconds;

constexpr std::uint8_t kToInterface = 0x21;  // a class request from the host
constexpr std::uint8_t kAbort = 0x01;
constexpr int kMostStaleWhileForgiving = 64;

}  // namespace

CcidPipe::CcidPipe(UsbInterface& usb, const Timer& timer)
    : usb_{usb},
      timer_{timer},
      out_{*endpoint_of(usb.info(), UsbEndpoint::Kind::BulkOut)},
      in_{*endpoint_of(usb.info(), UsbEndpoint::Kind::BulkIn)} {}

void CcidPipe::exchange(CcidCommand command, Milliseconds budget, Reading reading, OnAnswer done) {
    command.sequence = ++sequence_;
    begin(command, budget, reading, std::move(done));
    send(encode(command));
}

void CcidPipe::begin(CcidCommand command, Milliseconds budget, Reading reading, OnAnswer done) {
    busy_ = true;
    waiting_ = command;
    waiting_.data = {};
    reading_ = reading;
    done_ = std::move(done);
    deadline_ = timer_.now() + budget;
    stale_ = 0;
    extensions_ = 0;
}

// The number is that of the command to be dropped, in both requests.
void CcidPipe::abort(Milliseconds budget, OnAnswer done) {
    const CcidCommand command{
        .request = CcidRequest::Abort, .slot = waiting_.slot, .sequence = sequence_};
    begin(command, budget, Reading::Forgiving, std::move(done));
    ++transfers_;
    usb_.control({.type = kToInterface,
                  .request = kAbort,
                  .value = static_cast<std::uint16_t>(command.sequence << 8U | command.slot),
                  .index = usb_.info().number},
                 {}, left(), [this, command](const UsbInterface::Received& received) {
                     if (received) return send(encode(command));
                     const bool gone = received.error() == UsbFault::Gone;
                     end(std::unexpected{gone ? PipeFault::Gone : PipeFault::Broken});
                 });
}

void CcidPipe::send(Bytes frame) {
    ++transfers_;
    usb_.send(out_, frame, left(), [this](const UsbInterface::Received& received) {
        if (!received) return fail(received.error(), out_);
        receive();
    });
}

// Room for one packet more than the longest message, so that the empty packet behind a message of
// whole packets ends this transfer and not the next one.
void CcidPipe::receive() {
    if (timer_.now() >= deadline_) return end(std::unexpected{PipeFault::Late});
    ++transfers_;
    usb_.receive(in_, kBuffer + in_.packet, left(), [this](const UsbInterface::Received& received) {
        if (!received) return fail(received.error(), in_);
        take(*received);
    });
}

void CcidPipe::take(Bytes transfer) {
    if (transfer.empty()) return drop_stale();
    const auto answer = decode_ccid_answer(transfer);
    if (!answer) {
        if (reading_ == Reading::Forgiving) return drop_stale();
        return end(std::unexpected{PipeFault::Broken});
    }
    if (answer->slot != waiting_.slot || answer->sequence != waiting_.sequence) return drop_stale();
    take_own(*answer);
}

// A reader may tell of a failure with the wrong kind of message: the failure counts.
void CcidPipe::take_own(const CcidAnswer& answer) {
    const bool right_kind = answer.reply == reply_to(waiting_.request);
    if (!right_kind && reading_ == Reading::Forgiving) return drop_stale();
    if (!right_kind && answer.outcome != CcidOutcome::Failed)
        return end(std::unexpected{PipeFault::Broken});
    if (answer.outcome != CcidOutcome::MoreTime) return end(answer);
    if (++extensions_ > kMostExtensions) return end(std::unexpected{PipeFault::Late});
    receive();
}

void CcidPipe::drop_stale() {
    const int most = reading_ == Reading::Strict ? kMostStale : kMostStaleWhileForgiving;
    if (++stale_ > most) return end(std::unexpected{PipeFault::Broken});
    receive();
}

void CcidPipe::fail(UsbFault fault, const UsbEndpoint& where) {
    switch (fault) {
        case UsbFault::Gone:
            return end(std::unexpected{PipeFault::Gone});
        case UsbFault::Timeout:
            return end(std::unexpected{PipeFault::Late});
        case UsbFault::Stall:
            // The endpoint goes on or the reader is reset: what comes next will tell.
            (void)usb_.clear_halt(where);
            return end(std::unexpected{PipeFault::Broken});
        case UsbFault::Overflow:
        case UsbFault::Failed:
            return end(std::unexpected{PipeFault::Broken});
    }
}

void CcidPipe::end(const Answer& answer) {
    busy_ = false;
    const OnAnswer done = std::exchange(done_, {});
    done(answer);
}

// Never 0, which would wait for ever.
Milliseconds CcidPipe::left() const {
    const auto left = std::chrono::ceil<Milliseconds>(deadline_ - timer_.now());
    return std::max(left, Milliseconds{1});
}

}  // namespace stile::devices
