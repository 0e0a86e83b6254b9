// SPDX-License-Identifier: Apache-2.0
// Reads four pages at a time until the message is there.
#include "crypto/cards/type2.hpp"

#include <algorithm>
#include <utility>

#include "crypto/cards/apdu.hpp"
#include "crypto/cards/ndef.hpp"

namespace stile::crypto {
namespace {

constexpr std::uint8_t kNothing = 0x00, kLock = 0x01, kMemory = 0x02, kMessage = 0x03;
constexpr std::uint8_t kProprietary = 0xFD, kEnd = 0xFE;
constexpr std::uint8_t kLongLength = 0xFF;

bool is_known(std::uint8_t tag, std::size_t length) {
    const bool control = tag == kLock || tag == kMemory;
    return tag == kMessage || tag == kProprietary || (control && length == 3);
}

// How many bytes of data the capability container announces, as far as they are read.
std::expected<std::size_t, CardFault> area_size(Bytes container) {
    constexpr std::uint8_t kMagic = 0xE1;
    if (container[0] != kMagic) return std::unexpected{CardFault::Empty};
    const bool version_1 = (container[1] & 0xF0U) == 0x10;
    const bool readable = (container[3] & 0xF0U) == 0;
    if (!version_1 || !readable) return std::unexpected{CardFault::Unsupported};
    return std::min(std::size_t{container[2]} * 8, kType2Most);
}

class Type2 final : public CardDialogue {
public:
    CardStep begin() override { return read_pages(page_); }

    CardStep take(Bytes answer) override {
        const CardReply reply = read_reply(answer);
        if (reply.status != kCardOk || reply.data.size() != kStep)
            return first_ ? CardFault::NotThis : CardFault::Malformed;
        return std::exchange(first_, false) ? open(reply.data) : add(reply.data);
    }

private:
    static constexpr std::size_t kStep = 16;
    static constexpr std::uint8_t kPages = 4;

    CardStep open(Bytes pages) {
        const auto size = area_size(pages.first(4));
        if (!size) return size.error();
        size_ = *size;
        area_.reserve(std::min(size_, std::size_t{160}));
        return add(pages.subspan(4));
    }

    CardStep add(Bytes pages) {
        const Bytes inside = pages.first(std::min(pages.size(), size_ - area_.size()));
        area_.insert(area_.end(), inside.begin(), inside.end());
        const auto message = message_in_area(area_, size_);
        if (!message) return message.error();
        if (*message) return copy_in(**message);
        page_ = static_cast<std::uint8_t>(page_ + kPages);  // 3 + 4 * 54 at most
        return read_pages(page_);
    }

    std::uint8_t page_ = 3;
    bool first_ = true;
    std::size_t size_ = 0;
    Buffer area_;
};

}  // namespace

std::expected<std::optional<Bytes>, CardFault> message_in_area(Bytes have, std::size_t size) {
    for (std::size_t at = 0; at < size;) {
        ByteReader in{have.subspan(std::min(at, have.size()))};
        const auto tag = in.number<std::uint8_t>();
        if (!in.ok()) return std::nullopt;
        if (tag == kEnd) break;
        if (tag == kNothing) {
            ++at;
            continue;
        }
        std::size_t length = in.number<std::uint8_t>();
        const bool is_long = length == kLongLength;
        if (is_long) length = in.number<std::uint16_t>();
        const std::size_t start = at + (is_long ? 4 : 2);
        if (!in.ok() && start <= size) return std::nullopt;
        if (!in.ok() || !is_known(tag, length) || start + length > size)
            return std::unexpected{CardFault::Malformed};
        const Bytes value = in.take(length);
        if (!in.ok()) return std::nullopt;
        if (tag == kMessage) return value;
        at = start + length;
    }
    return std::unexpected{CardFault::Empty};
}

std::unique_ptr<CardDialogue> make_type2() {
    return std::make_unique<Type2>();
}

}  // namespace stile::crypto
