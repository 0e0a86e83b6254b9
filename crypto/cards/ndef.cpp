// SPDX-License-Identifier: Apache-2.0
// Walks through the records of a message and looks at each for a ticket.
#include "crypto/cards/ndef.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "crypto/base45.hpp"
#include "crypto/formats/gt1.hpp"
#include "crypto/verifier.hpp"

namespace stile::crypto {
namespace {

constexpr std::uint8_t kFirst = 0x80, kLast = 0x40, kChunk = 0x20, kShort = 0x10, kHasId = 0x08;
constexpr std::size_t kMostText = 512;

struct Header {
    std::uint8_t flags = 0;
    std::size_t type = 0, payload = 0, id = 0;

    [[nodiscard]] bool has(std::uint8_t flag) const { return (flags & flag) != 0; }
    [[nodiscard]] std::uint8_t name() const { return flags & 0x07U; }
};

Header read_header(ByteReader& in) {
    Header header;
    header.flags = in.number<std::uint8_t>();
    header.type = in.number<std::uint8_t>();
    header.payload = header.has(kShort) ? in.number<std::uint8_t>() : in.number<std::uint32_t>();
    header.id = header.has(kHasId) ? in.number<std::uint8_t>() : 0;
    return header;
}

bool lengths_fit(const Header& header) {
    switch (header.name()) {
        case 0:
            return header.type == 0 && header.payload == 0 && header.id == 0;
        case 1:
        case 2:
        case 3:
        case 4:
            return header.type > 0;
        case 5:
            return header.type == 0;
        default:
            return false;
    }
}

using Text = std::expected<std::optional<Buffer>, CardFault>;  // nothing: no ticket

Buffer copy_of(std::string_view text) {
    return {text.begin(), text.end()};
}

Text gt1_text_of(Bytes ticket) {
    if (ticket.empty() || ticket.size() > kGt1MaxBytes)
        return std::unexpected{CardFault::Malformed};
    return copy_of(std::string{kGt1Prefix} + base45_encode(ticket));
}

bool is_plain(Bytes text) {
    const auto control = [](std::uint8_t byte) { return byte < 0x20 || byte == 0x7F; };
    return !text.empty() && text.size() <= kMostText && std::ranges::none_of(text, control) &&
           is_utf8(text);
}

// A text stands behind its language, whose length is in the first byte; bit 7 of it means UTF-16.
std::optional<Bytes> text_of(Bytes payload) {
    ByteReader in{payload};
    const auto state = in.number<std::uint8_t>();
    (void)in.take(state & 0x3FU);
    const Bytes text = in.take(in.left());
    if (!in.ok() || (state & 0xC0U) != 0 || !is_plain(text)) return std::nullopt;
    return text;
}

Text ticket_of(const NdefRecord& record, std::size_t records) {
    const std::string_view type = as_text(record.type);
    const bool external = record.name == NdefName::External && type == "gate.example:gt1";
    const bool mime = record.name == NdefName::Mime && type == "application/vnd.gate.gt1";
    if (external || mime) return gt1_text_of(record.payload);
    if (record.name != NdefName::WellKnown) return std::nullopt;
    if (type == "Sp") return std::unexpected{CardFault::Unsupported};
    if (type != "T") return std::nullopt;
    const std::optional<Bytes> text = text_of(record.payload);
    const bool alone = records == 1;
    if (!text && alone) return std::unexpected{CardFault::Malformed};
    if (!text || (!alone && format_of(*text) == nullptr)) return std::nullopt;
    return copy_of(as_text(*text));
}

}  // namespace

std::expected<NdefMessage, CardFault> NdefMessage::read(Bytes bytes) {
    if (bytes.size() > kNdefMost) return std::unexpected{CardFault::Unsupported};
    NdefMessage message;
    ByteReader in{bytes};
    for (bool last = false; !last;) {
        const bool first = message.count_ == 0;
        const Header header = read_header(in);
        last = header.has(kLast);
        if (!in.ok() || header.has(kFirst) != first) return std::unexpected{CardFault::Malformed};
        if (header.has(kChunk) || message.count_ == kNdefMostRecords)
            return std::unexpected{CardFault::Unsupported};
        if (!lengths_fit(header)) return std::unexpected{CardFault::Malformed};
        NdefRecord& record = message.records_[message.count_++];
        record.name = NdefName{header.name()};
        record.type = in.take(header.type);
        (void)in.take(header.id);
        record.payload = in.take(header.payload);
        if (!in.ok()) return std::unexpected{CardFault::Malformed};
    }
    if (!in.complete()) return std::unexpected{CardFault::Malformed};
    return message;
}

std::expected<Buffer, CardFault> ticket_in(Bytes bytes) {
    if (bytes.empty()) return std::unexpected{CardFault::Empty};
    const auto message = NdefMessage::read(bytes);
    if (!message) return std::unexpected{message.error()};
    std::optional<Buffer> ticket;
    for (const NdefRecord& record : message->records()) {
        Text found = ticket_of(record, message->records().size());
        if (!found) return std::unexpected{found.error()};
        if (!*found) continue;
        if (ticket) return std::unexpected{CardFault::Malformed};
        ticket = std::move(*found);
    }
    if (!ticket) return std::unexpected{CardFault::Empty};
    return *std::move(ticket);
}

CardStep copy_in(Bytes message) {
    auto ticket = ticket_in(message);
    if (!ticket) return ticket.error();
    return CardFinding{CardCopy{*std::move(ticket)}};
}

}  // namespace stile::crypto
