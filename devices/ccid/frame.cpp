// SPDX-License-Identifier: Apache-2.0
// Encodes and decodes the messages of CCID.
#include "devices/ccid/frame.hpp"

namespace stile::devices {
namespace {

constexpr std::uint8_t kNotifySlotChange = 0x50;
constexpr std::uint8_t kHardwareError = 0x51;

std::uint32_t said_length(Bytes transfer) {
    return static_cast<std::uint32_t>(transfer[1]) | static_cast<std::uint32_t>(transfer[2]) << 8U |
           static_cast<std::uint32_t>(transfer[3]) << 16U |
           static_cast<std::uint32_t>(transfer[4]) << 24U;
}

}  // namespace

CcidReply reply_to(CcidRequest request) {
    switch (request) {
        case CcidRequest::PowerOn:
        case CcidRequest::Transfer:
            return CcidReply::DataBlock;
        case CcidRequest::PowerOff:
        case CcidRequest::SlotStatus:
        case CcidRequest::Abort:
            return CcidReply::SlotStatus;
        case CcidRequest::SetParameters:
            return CcidReply::Parameters;
        case CcidRequest::Escape:
            return CcidReply::Escape;
    }
    return CcidReply::SlotStatus;
}

Buffer encode(const CcidCommand& command) {
    const auto length = static_cast<std::uint32_t>(command.data.size());
    Buffer out;
    out.reserve(kCcidHeaderBytes + command.data.size());
    out.push_back(static_cast<std::uint8_t>(command.request));
    for (unsigned shift = 0; shift < 32; shift += 8)
        out.push_back(static_cast<std::uint8_t>(length >> shift));
    out.push_back(command.slot);
    out.push_back(command.sequence);
    out.insert(out.end(), command.specific.begin(), command.specific.end());
    out.insert(out.end(), command.data.begin(), command.data.end());
    return out;
}

Result<CcidAnswer> decode_ccid_answer(Bytes transfer) {
    if (transfer.size() < kCcidHeaderBytes)
        return fail(Errc::Invalid, "the reader sent less than a header");
    if (said_length(transfer) != transfer.size() - kCcidHeaderBytes)
        return fail(Errc::Invalid, "the reader sent another length than it says");
    if (transfer[0] < 0x80 || transfer[0] > 0x84)
        return fail(Errc::Invalid, "the reader sent a message of no known kind");
    const auto card = static_cast<std::uint8_t>(transfer[7] & 0x03U);
    const auto outcome = static_cast<std::uint8_t>(transfer[7] >> 6U);
    if (card > 2 || outcome > 2) return fail(Errc::Invalid, "the reader sent a reserved state");
    return CcidAnswer{.reply = static_cast<CcidReply>(transfer[0]),
                      .slot = transfer[5],
                      .sequence = transfer[6],
                      .card = static_cast<CardPower>(card),
                      .outcome = static_cast<CcidOutcome>(outcome),
                      .error = transfer[8],
                      .specific = transfer[9],
                      .data = transfer.subspan(kCcidHeaderBytes)};
}

std::optional<CcidChain> chain_of(const CcidAnswer& answer) {
    switch (answer.specific) {
        case 0x00:
        case 0x01:
        case 0x02:
        case 0x03:
        case 0x10:
            return static_cast<CcidChain>(answer.specific);
        default:
            return std::nullopt;
    }
}

SlotNews news_of(Bytes notification, std::uint8_t slot) {
    const std::size_t at = 1U + slot / 4U;
    if (at >= notification.size() || notification[0] != kNotifySlotChange)
        return SlotNews::Unchanged;
    const auto bits = static_cast<std::uint8_t>(notification[at] >> (slot % 4U * 2U));
    if ((bits & 0x02U) == 0) return SlotNews::Unchanged;
    return (bits & 0x01U) != 0 ? SlotNews::Inserted : SlotNews::Removed;
}

bool tells_hardware_fault(Bytes notification) {
    return notification.size() == 4 && notification[0] == kHardwareError;
}

}  // namespace stile::devices
