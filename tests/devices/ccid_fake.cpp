// SPDX-License-Identifier: Apache-2.0
// Behaves as CCID says, unless the test meddles.
#include "tests/devices/ccid_fake.hpp"

#include <algorithm>
#include <utility>

namespace stile::devices::testing {
namespace {

using namespace std::chrono_literals;

using Time = FakeTime::Time;

UsbIdentity identity_of(const FakeCcid::Kind& kind) {
    return {.vendor = kind.vendor, .product = kind.product, .port = "1-2", .name = "Fake"};
}

void put(Buffer& out, std::size_t at, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i)
        out[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
}

UsbInterfaceInfo info_of(const FakeCcid::Kind& kind) {
    Buffer descriptor(54);
    descriptor[0] = 54;
    descriptor[1] = 0x21;
    descriptor[4] = static_cast<std::uint8_t>(kind.slots - 1);
    put(descriptor, 40, kind.features);
    put(descriptor, 44, kind.longest_frame);
    UsbInterfaceInfo info{.number = 3,
                          .class_code = 0x0B,
                          .endpoints = {{0x02, UsbEndpoint::Kind::BulkOut, 64},
                                        {0x82, UsbEndpoint::Kind::BulkIn, 64}},
                          .extra = std::move(descriptor)};
    if (kind.interrupts == FakeCcid::Kind::Interrupts::Yes)
        info.endpoints.push_back({0x81, UsbEndpoint::Kind::InterruptIn, 8});
    return info;
}

}  // namespace

Buffer hex(std::string_view text) {
    return from_hex(text).value_or(Buffer{});
}

void FakeTime::after(Time delay, std::function<void()> happens) {
    events_.emplace(now_ + delay, std::move(happens));
}

void FakeTime::pass(Time time) {
    const Time end = now_ + time;
    for (;;) {
        const bool event = !events_.empty() && events_.begin()->first <= end;
        const bool alarm = alarm_ && *alarm_ <= end;
        if (alarm && (!event || *alarm_ <= events_.begin()->first)) {
            now_ = std::max(now_, *std::exchange(alarm_, std::nullopt));
            if (on_alarm) on_alarm();
        } else if (event) {
            auto next = events_.extract(events_.begin());
            now_ = next.key();
            next.mapped()();
        } else {
            break;
        }
    }
    now_ = end;
}

FakeCard phone() {
    return {.answer = [](Bytes apdu) {
        return to_hex(apdu) == "ffca000000" ? hex("08A1B2C39000") : hex("6D00");
    }};
}

FakeCard ntag() {
    return {.atr = hex("3B8F8001804F0CA0000003060300030000000068"), .answer = [](Bytes apdu) {
                return to_hex(apdu) == "ffca000000" ? hex("041689AA5C5E809000") : hex("6300");
            }};
}

// What waits for the device: at most one transfer in each direction.
class FakeCcid::Interface final : public UsbInterface {
public:
    Interface(FakeCcid& device, UsbIdentity identity, UsbInterfaceInfo info)
        : device_{device}, identity_{std::move(identity)}, info_{std::move(info)} {}
    ~Interface() override {
        if (device_.plugged_ == this) device_.plugged_ = nullptr;
    }
    Interface(const Interface&) = delete;
    Interface& operator=(const Interface&) = delete;

    [[nodiscard]] const UsbIdentity& identity() const override { return identity_; }
    [[nodiscard]] const UsbInterfaceInfo& info() const override { return info_; }

    void control(const UsbControl& what, Bytes /*data*/, std::chrono::milliseconds /*timeout*/,
                 OnDone done) override {
        ++device_.controls;
        const bool known = device_.aborts && what.type == 0x21 && what.request == 0x01 &&
                           what.index == info_.number;
        later([this, known, done = std::move(done)] {
            if (gone()) return done(std::unexpected{UsbFault::Gone});
            if (!known) return done(std::unexpected{UsbFault::Stall});
            done(Bytes{});
        });
    }
    void send(const UsbEndpoint& /*to*/, Bytes data, std::chrono::milliseconds /*timeout*/,
              OnDone done) override {
        later([this, command = Buffer{data.begin(), data.end()}, done = std::move(done)] {
            if (gone()) return done(std::unexpected{UsbFault::Gone});
            if (const auto fault = std::exchange(device_.fail_send_, std::nullopt))
                return done(std::unexpected{*fault});
            device_.take(command);
            done(Bytes{});
        });
    }
    void receive(const UsbEndpoint& from, std::size_t most, std::chrono::milliseconds timeout,
                 OnDone done) override {
        Waiting& waiting = from.kind == UsbEndpoint::Kind::BulkIn ? bulk_ : interrupt_;
        waiting.done = std::move(done);
        waiting.most = most;
        const int number = ++waiting.number;
        if (timeout > 0ms) {
            device_.time_.after(timeout, [alive = std::weak_ptr<int>{alive_}, &waiting, number] {
                if (alive.lock() && waiting.done && waiting.number == number)
                    waiting.end(std::unexpected{UsbFault::Timeout});
            });
        }
        later([this] { gone() ? end_all(UsbFault::Gone) : device_.deliver(); });
    }
    [[nodiscard]] Result<void> clear_halt(const UsbEndpoint& /*endpoint*/) override {
        ++device_.halts_cleared;
        return {};
    }
    [[nodiscard]] Result<void> reset() override {
        ++device_.resets;
        if (device_.on_reset) device_.on_reset();
        if (device_.reset_fails) return stile::fail(*device_.reset_fails, "no way to reset it");
        device_.bulk_.clear();
        later([this] { end_all(UsbFault::Failed); });
        return {};
    }

    void end_all(UsbFault fault) {
        if (bulk_.done) bulk_.end(std::unexpected{fault});
        if (interrupt_.done) interrupt_.end(std::unexpected{fault});
    }

    struct Waiting {
        OnDone done;
        std::size_t most = 0;
        int number = 0;
        void end(const Received& received) { std::exchange(done, {})(received); }
        void take_from(std::deque<Buffer>& queue) {
            if (!done || queue.empty()) return;
            const Buffer first = std::move(queue.front());
            queue.pop_front();
            if (first.size() > most) return end(std::unexpected{UsbFault::Overflow});
            end(Bytes{first});
        }
    };
    Waiting bulk_;
    Waiting interrupt_;

private:
    [[nodiscard]] bool gone() const { return device_.plugged_ != this; }
    void later(std::function<void()> happens) {
        device_.time_.after(device_.transfer_time,
                            [alive = std::weak_ptr<int>{alive_}, happens = std::move(happens)] {
                                if (alive.lock()) happens();
                            });
    }

    FakeCcid& device_;
    UsbIdentity identity_;
    UsbInterfaceInfo info_;
    std::shared_ptr<int> alive_ = std::make_shared<int>();  // so that late events know
};

FakeCcid::FakeCcid(FakeTime& time) : FakeCcid{time, Kind{}} {}

FakeCcid::FakeCcid(FakeTime& time, const Kind& kind)
    : time_{time}, kind_{kind}, slots_(kind.slots) {}

FakeCcid::~FakeCcid() = default;

std::unique_ptr<UsbInterface> FakeCcid::plug() {
    auto interface = std::make_unique<Interface>(*this, identity_of(kind_), info_of(kind_));
    plugged_ = interface.get();
    bulk_.clear();
    interrupts_.clear();
    return interface;
}

void FakeCcid::unplug() {
    Interface* const was = std::exchange(plugged_, nullptr);
    if (was != nullptr) was->end_all(UsbFault::Gone);
}

void FakeCcid::insert(FakeCard card, std::uint8_t slot) {
    slots_[slot] = {std::move(card), CardPower::Inactive};
    if (tells) send_interrupt({0x50, static_cast<std::uint8_t>(0x03U << (2U * slot))});
}

void FakeCcid::remove(std::uint8_t slot) {
    slots_[slot] = {};
    if (tells) send_interrupt({0x50, static_cast<std::uint8_t>(0x02U << (2U * slot))});
}

void FakeCcid::send_bulk(Buffer transfer) {
    bulk_.push_back(std::move(transfer));
    deliver();
}

void FakeCcid::send_interrupt(Buffer packet) {
    if (kind_.interrupts == Kind::Interrupts::No) return;
    interrupts_.push_back(std::move(packet));
    deliver();
}

void FakeCcid::fail_interrupt(UsbFault fault) {
    if (plugged_ != nullptr && plugged_->interrupt_.done)
        plugged_->interrupt_.end(std::unexpected{fault});
}

void FakeCcid::fail_receive(UsbFault fault) {
    if (plugged_ != nullptr && plugged_->bulk_.done) plugged_->bulk_.end(std::unexpected{fault});
}

void FakeCcid::deliver() {
    if (plugged_ == nullptr) return;
    plugged_->bulk_.take_from(bulk_);
    if (plugged_ != nullptr) plugged_->interrupt_.take_from(interrupts_);
}

std::size_t FakeCcid::count(CcidRequest request) const {
    const std::string type = to_hex(std::array{static_cast<std::uint8_t>(request)});
    return static_cast<std::size_t>(std::ranges::count_if(
        sent_, [&](const std::string& one) { return one.starts_with(type); }));
}

void FakeCcid::reply(CcidReply reply, const Buffer& to, Bytes data, std::uint8_t error,
                     CcidOutcome outcome, std::uint8_t specific) {
    Buffer out(kCcidHeaderBytes);
    out[0] = static_cast<std::uint8_t>(reply);
    put(out, 1, static_cast<std::uint32_t>(data.size()));
    out[5] = to[5];
    out[6] = to[6];
    const CardPower power = to[5] < slots_.size() ? slots_[to[5]].power : CardPower::Absent;
    out[7] = static_cast<std::uint8_t>(static_cast<unsigned>(power) | static_cast<unsigned>(outcome)
                                                                          << 6U);
    out[8] = error;
    out[9] = specific;
    out.insert(out.end(), data.begin(), data.end());
    bulk_.push_back(std::move(out));
    deliver();
}

void FakeCcid::take(const Buffer& command) {
    sent_.push_back(to_hex(command));
    if (meddle && meddle(command)) return;
    const auto request = static_cast<CcidRequest>(command[0]);
    if (command[5] >= slots_.size())
        return reply(reply_to(request), command, {}, 5, CcidOutcome::Failed);
    Slot& slot = slots_[command[5]];
    switch (request) {
        case CcidRequest::PowerOn:
            return power_on(command, slot);
        case CcidRequest::Transfer:
            return transfer(command, slot);
        case CcidRequest::PowerOff:
            if (slot.card) slot.power = CardPower::Inactive;
            return reply(CcidReply::SlotStatus, command);
        case CcidRequest::SlotStatus:
        case CcidRequest::Abort:
            return reply(CcidReply::SlotStatus, command);
        case CcidRequest::SetParameters:
            return reply(CcidReply::Parameters, command, Bytes{command}.subspan(10));
        case CcidRequest::Escape:
            return reply(CcidReply::Escape, command, hex("9000"));
    }
}

void FakeCcid::power_on(const Buffer& command, Slot& slot) {
    if (!slot.card)
        return reply(CcidReply::DataBlock, command, {}, kCcidCardMute, CcidOutcome::Failed);
    slot.power = CardPower::Active;
    chained_.clear();
    answer_.clear();
    reply(CcidReply::DataBlock, command, slot.card->atr);
}

void FakeCcid::transfer(const Buffer& command, Slot& slot) {
    if (slot.power != CardPower::Active)
        return reply(CcidReply::DataBlock, command, {}, kCcidCardMute, CcidOutcome::Failed);
    const auto place = static_cast<CcidChain>(command[8]);
    chained_.insert(chained_.end(), command.begin() + kCcidHeaderBytes, command.end());
    if (place == CcidChain::First || place == CcidChain::Middle)
        return reply(CcidReply::DataBlock, command, {}, 0, CcidOutcome::Ok, 0x10);
    const bool fetching = place == CcidChain::Next;
    if (!fetching) answer_ = slot.card->answer(std::exchange(chained_, {}));
    const std::size_t room = kind_.longest_frame - kCcidHeaderBytes;
    const Buffer block{answer_.begin(), answer_.begin() + static_cast<std::ptrdiff_t>(
                                                              std::min(room, answer_.size()))};
    answer_.erase(answer_.begin(), answer_.begin() + static_cast<std::ptrdiff_t>(block.size()));
    const std::uint8_t more = fetching ? 3 : 1;
    const std::uint8_t last = fetching ? 2 : 0;
    reply(CcidReply::DataBlock, command, block, 0, CcidOutcome::Ok, answer_.empty() ? last : more);
}

}  // namespace stile::devices::testing
