// SPDX-License-Identifier: Apache-2.0
// Interprets the fuzzer's bytes.
#include "tests/devices/ccid_session.hpp"

namespace stile::devices::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::array kKinds = {
    FakeCcid::Kind{},
    FakeCcid::Kind{.features = 0x00020040, .interrupts = FakeCcid::Kind::Interrupts::No},
    FakeCcid::Kind{.vendor = 0x072F, .product = 0x2200, .features = 0x00020040},
    FakeCcid::Kind{.features = 0x000404BA, .longest_frame = 520, .slots = 3},
};

}  // namespace

void CcidSession::plug() {
    reader_.reset();
    card_ = false;
    open_ = 0;  // whoever drops the driver drops its commands
    reader_ = CcidReader::open(device_->plug(), time_,
                               {.on_card =
                                    [this](Bytes atr) {
                                        good_ = good_ && !card_ && atr.size() <= kLongestAtr;
                                        card_ = true;
                                        transmit();
                                    },
                                .on_gone =
                                    [this] {
                                        good_ = good_ && card_ && open_ == 0;
                                        card_ = false;
                                    },
                                .on_condition = {}})
                  .value();
    reader_->start();
}

void CcidSession::transmit() {
    ++open_;
    const Buffer command =
        hex(input_.number<std::uint8_t>() % 4 == 1 ? "00B0000000012C" + std::string(600, 'A')
                                                   : "FFCA000000");
    reader_->transmit(command, 1s, [this](const CcidReader::Answer& answer) {
        --open_;
        if (answer) {
            good_ = good_ && answer->size() >= 2 && answer->size() <= kLongestApdu;
            read_ = to_hex(*answer) == "041689aa5c5e809000";
            if (input_.number<std::uint8_t>() % 4 == 2) transmit();
        }
    });
}

bool CcidSession::meddle(const Buffer& command) {
    if (input_.left() < 4) return false;
    const auto how = input_.number<std::uint8_t>();
    if (how % 16 < 6) return false;
    answer_with(how % 16, command);
    return true;
}

void CcidSession::answer_with(std::uint8_t how, const Buffer& command) {
    const auto right = reply_to(static_cast<CcidRequest>(command[0]));
    const auto value = input_.number<std::uint8_t>();
    const Bytes data = input_.take(std::min<std::size_t>(input_.left(), value % 40U));
    switch (how) {
        case 6:  // silence
            return;
        case 7:  // anything at all
            return device_->send_bulk({data.begin(), data.end()});
        case 8:  // failures
            return device_->reply(right, command, {}, value, CcidOutcome::Failed);
        case 9:  // time, then another chance
            device_->reply(right, command, {}, value, CcidOutcome::MoreTime);
            return device_->reply(right, command, data);
        case 10:  // chains
            return device_->reply(right, command, data, 0, CcidOutcome::Ok, value % 5);
        case 11:
            return device_->reply(static_cast<CcidReply>(value), command, data);
        case 12:
            return device_->fail_receive(UsbFault::Stall);
        case 13:
            return device_->fail_send(UsbFault::Failed);
        case 14:  // a card that leaves or comes
            return value % 2 == 0 ? device_->remove() : device_->insert(phone());
        default:  // a stale one, then the right one
            device_->send_bulk({0x80, 0, 0, 0, 0, value, value, 0, 0, 0});
            return device_->reply(right, command, data);
    }
}

// What happens from outside between two moments.
void CcidSession::stir() {
    const auto what = input_.number<std::uint8_t>();
    const auto slot = static_cast<std::uint8_t>(what / 16U % device_->slots());
    switch (what % 12) {
        case 0:
            return device_->insert(ntag(), slot);
        case 1:
            return device_->remove(slot);
        case 2: {
            const Bytes packet = input_.take(std::min<std::size_t>(input_.left(), what / 32U));
            return device_->send_interrupt({packet.begin(), packet.end()});
        }
        case 3:
            return device_->fail_interrupt(UsbFault::Overflow);
        case 4:
            return reader_->show(Signal::Refuse);
        case 5:
            return reader_->restart_card();
        case 6:
            device_->aborts = !device_->aborts;
            return;
        case 7:
            if (!device_->reset_fails)
                device_->reset_fails = Errc::Io;
            else
                device_->reset_fails.reset();
            return;
        case 8:
            device_->unplug();
            return plug();
        default:
            if (card_ && open_ == 0) transmit();
    }
}

void CcidSession::run() {
    const auto first = input_.number<std::uint8_t>();
    device_.emplace(time_, kKinds.at(first % kKinds.size()));
    device_->meddle = [this](const Buffer& command) { return meddle(command); };
    time_.on_alarm = [this] { reader_->on_alarm(); };
    plug();
    while (input_.left() > 0) {
        time_.pass(std::chrono::milliseconds{input_.number<std::uint8_t>()});
        stir();
    }
    device_->aborts = true;
    device_->reset_fails.reset();
    for (std::uint8_t slot = 0; slot < device_->slots(); ++slot)
        device_->remove(slot);
    // The longest rest is a minute.
    for (int i = 0; i < 150 && reader_->condition() != CcidCondition::Working; ++i)
        time_.pass(1s);
    time_.pass(2s);
    read_ = false;
    device_->insert(ntag());
    time_.pass(6s);
}

}  // namespace stile::devices::testing
