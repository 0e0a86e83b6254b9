// SPDX-License-Identifier: Apache-2.0
// Select, container, file, length, pieces.
#include "crypto/cards/type4.hpp"

#include <algorithm>
#include <array>

#include "crypto/cards/apdu.hpp"
#include "crypto/cards/ndef.hpp"

namespace stile::crypto {
namespace {

constexpr std::uint16_t kContainer = 0xE103;
constexpr std::size_t kContainerBytes = 15;
constexpr std::size_t kMostPiece = 240;  // what every reader's own frames still hold

bool may_be_a_file(std::uint16_t id) {
    constexpr std::array<std::uint16_t, 6> kReserved{0x0000, 0xE102, 0xE103,
                                                     0x3F00, 0x3FFF, 0xFFFF};
    return std::ranges::find(kReserved, id) == kReserved.end();
}

class Type4 final : public CardDialogue {
public:
    CardStep begin() override { return select_name(kNdefApplication, SelectAnswer::Full); }

    CardStep take(Bytes answer) override {
        const CardReply reply = read_reply(answer);
        if (reply.status != kCardOk)
            return wait_ == Wait::Application ? CardFault::NotThis : CardFault::Malformed;
        switch (wait_) {
            case Wait::Application:
                return next(Wait::ContainerFile, select_file(kContainer));
            case Wait::ContainerFile:
                return next(Wait::Container, read_binary(0, kContainerBytes));
            case Wait::Container:
                return open(reply.data);
            case Wait::File:
                return next(Wait::Length, read_binary(0, 2));
            case Wait::Length:
                return measure(reply.data);
            case Wait::Piece:
                return add(reply.data);
        }
        return CardFault::Malformed;
    }

private:
    enum class Wait : std::uint8_t { Application, ContainerFile, Container, File, Length, Piece };

    CardStep next(Wait wait, CardSend send) {
        wait_ = wait;
        return send;
    }

    CardStep open(Bytes container) {
        const auto file = read_container(container);
        if (!file) return file.error();
        file_ = *file;
        return next(Wait::File, select_file(file_.id));
    }

    CardStep measure(Bytes first) {
        const auto length = message_length(first, file_.size);
        if (!length) return length.error();
        length_ = *length;
        message_.reserve(length_);
        return read_on();
    }

    CardStep add(Bytes piece) {
        if (piece.size() != piece_) return CardFault::Malformed;
        message_.insert(message_.end(), piece.begin(), piece.end());
        return message_.size() == length_ ? copy_in(message_) : read_on();
    }

    CardStep read_on() {
        piece_ = std::min({length_ - message_.size(), std::size_t{file_.most}, kMostPiece});
        const auto offset = static_cast<std::uint16_t>(2 + message_.size());
        return next(Wait::Piece, read_binary(offset, piece_));
    }

    Wait wait_ = Wait::Application;
    NdefFile file_;
    std::size_t length_ = 0, piece_ = 0;
    Buffer message_;
};

}  // namespace

std::expected<NdefFile, CardFault> read_container(Bytes container) {
    if (container.size() != kContainerBytes) return std::unexpected{CardFault::Malformed};
    ByteReader in{container};
    const auto length = in.number<std::uint16_t>();
    const auto version = in.number<std::uint8_t>() >> 4U;
    NdefFile file;
    file.most = in.number<std::uint16_t>();
    (void)in.number<std::uint16_t>();  // what may be written at once
    const auto tag = in.number<std::uint8_t>();
    const auto tag_length = in.number<std::uint8_t>();
    file.id = in.number<std::uint16_t>();
    file.size = in.number<std::uint16_t>();
    const auto read_access = in.number<std::uint8_t>();
    if (tag == 0x06) return std::unexpected{CardFault::Unsupported};
    if (length < kContainerBytes || length == 0xFFFF || (version != 2 && version != 3) ||
        file.most < kContainerBytes || tag != 0x04 || tag_length != 6 || !may_be_a_file(file.id) ||
        file.size < 5 || file.size == 0xFFFF)
        return std::unexpected{CardFault::Malformed};
    if (read_access != 0) return std::unexpected{CardFault::Unsupported};
    return file;
}

std::expected<std::uint16_t, CardFault> message_length(Bytes first, std::size_t file) {
    if (first.size() != 2) return std::unexpected{CardFault::Malformed};
    const auto length = ByteReader{first}.number<std::uint16_t>();
    if (length == 0) return std::unexpected{CardFault::Empty};
    if (std::size_t{length} + 2 > file) return std::unexpected{CardFault::Malformed};
    if (length > kNdefMost) return std::unexpected{CardFault::Unsupported};
    return length;
}

std::unique_ptr<CardDialogue> make_type4() {
    return std::make_unique<Type4>();
}

}  // namespace stile::crypto
