// SPDX-License-Identifier: Apache-2.0
// The memory map of NTAG21x and the two files of a Type 4 tag.
#include "tests/emulator/model/tags.hpp"

#include <algorithm>
#include <iterator>

namespace stile::emulator {
namespace {

constexpr Type2Kind kType2Kinds[] = {
    {"ultralight", 48, 16, 0},
    {"ntag213", 144, 45, 0x0F},
    {"ntag215", 496, 135, 0x11},
    {"ntag216", 872, 231, 0x13},
};

constexpr std::uint8_t kNdefApplication[] = {0xD2, 0x76, 0x00, 0x00, 0x85, 0x01, 0x01};
constexpr std::size_t kMostRead = 0xF0;  // MLe

}  // namespace

const Type2Kind* find_type2(std::string_view name) {
    const auto* found = std::ranges::find(kType2Kinds, name, &Type2Kind::name);
    return found == std::end(kType2Kinds) ? nullptr : found;
}

Type2Tag::Type2Tag(const Type2Kind& kind, Buffer uid, Bytes area)
    : Card{std::move(uid)}, kind_{kind}, memory_(std::size_t{kind.pages} * 4) {
    const Buffer& id = this->uid();
    for (std::size_t i = 0; i < 7 && i < id.size(); ++i)
        memory_[i < 3 ? i : i + 1] = id[i];
    memory_[3] = static_cast<std::uint8_t>(0x88U ^ memory_[0] ^ memory_[1] ^ memory_[2]);
    memory_[8] = static_cast<std::uint8_t>(memory_[4] ^ memory_[5] ^ memory_[6] ^ memory_[7]);
    memory_[9] = 0x48;
    set_container(Buffer{0xE1, 0x10, static_cast<std::uint8_t>(kind.area_bytes / 8), 0x00});
    const auto room = std::min<std::size_t>(area.size(), memory_.size() - 16);
    std::ranges::copy(area.first(room), memory_.begin() + 16);
}

void Type2Tag::set_container(Bytes container) {
    std::ranges::copy(container.first(std::min<std::size_t>(container.size(), 4)),
                      memory_.begin() + 12);
}

Buffer Type2Tag::atr() const {
    return {0x3B, 0x8F, 0x80, 0x01, 0x80, 0x4F, 0x0C, 0xA0, 0x00, 0x00,
            0x03, 0x06, 0x03, 0x00, 0x03, 0x00, 0x00, 0x00, 0x00, 0x68};
}

// READ gives four pages, and begins anew behind the last one.
std::optional<Buffer> Type2Tag::raw(Bytes frame) {
    if (frame.size() == 2 && frame[0] == 0x30) {
        if (frame[1] >= kind_.pages) return std::nullopt;
        Buffer out;
        for (std::size_t i = 0; i < 16; ++i)
            out.push_back(memory_[((frame[1] * std::size_t{4}) + i) % memory_.size()]);
        return out;
    }
    if (kind_.storage == 0) return std::nullopt;
    if (frame.size() == 1 && frame[0] == 0x60)
        return Buffer{0x00, 0x04, 0x04, 0x02, 0x01, 0x00, kind_.storage, 0x03};
    if (frame.size() == 2 && frame[0] == 0x3C && frame[1] == 0)
        return Buffer(32, 0x5A);  // no signature of the maker
    return std::nullopt;
}

Buffer type2_area_of(Bytes message) {
    Buffer out{0x03};
    ByteWriter writer{out};
    if (message.size() < 0xFF) {
        writer.number(static_cast<std::uint8_t>(message.size()));
    } else {
        writer.number(std::uint8_t{0xFF});
        writer.number(static_cast<std::uint16_t>(message.size()));
    }
    writer.raw(message);
    writer.number(std::uint8_t{0xFE});
    return out;
}

Type4Tag::Type4Tag(Buffer uid, Bytes message) : Card{std::move(uid)} {
    ByteWriter file{file_};
    file.number(static_cast<std::uint16_t>(message.size()));
    file.raw(message);
    const auto size = static_cast<std::uint16_t>(std::max<std::size_t>(file_.size(), 256));
    file_.resize(size);
    container_ = {0x00, 0x0F, 0x20, 0x00, kMostRead, 0x00, 0x34, 0x04, 0x06, 0xE1, 0x04};
    ByteWriter container{container_};
    container.number(size);
    container.number(std::uint16_t{0x00FF});  // anybody may read, nobody may write
}

void Type4Tag::set_length(std::uint16_t length) {
    std::ranges::copy(big_endian(length), file_.begin());
}

std::optional<Buffer> Type4Tag::ats() const {
    return Buffer{0x06, 0x77, 0x77, 0x71, 0x02, 0x80};
}

void Type4Tag::power_on() {
    selected_ = false;
    open_ = nullptr;
}

std::optional<Buffer> Type4Tag::transmit(Bytes apdu) {
    const auto command = command_of(apdu);
    if (!command) return status(0x6700);
    if (command->cla != 0x00) return status(0x6E00);
    if (command->ins == 0xA4) return select(*command);
    return command->ins == 0xB0 ? read(*command) : status(0x6D00);
}

Buffer Type4Tag::select(const Command& command) {
    if (command.p1 == 0x04) {
        power_on();
        selected_ = std::ranges::equal(command.data, kNdefApplication);
        return status(selected_ ? 0x9000 : 0x6A82);
    }
    open_ = nullptr;
    if (!selected_ || command.data.size() != 2 || command.data[0] != 0xE1) return status(0x6A82);
    if (command.data[1] == 0x03) open_ = &container_;
    if (command.data[1] == 0x04) open_ = &file_;
    return status(open_ != nullptr ? 0x9000 : 0x6A82);
}

Buffer Type4Tag::read(const Command& command) const {
    if (open_ == nullptr) return status(0x6986);
    const std::size_t offset = (std::size_t{command.p1} << 8) | command.p2;
    if (offset >= open_->size()) return status(0x6B00);
    const std::size_t left = open_->size() - offset;
    const auto begin = open_->begin() + static_cast<std::ptrdiff_t>(offset);
    const std::size_t count = std::min({left, command.expected, kMostRead});
    return with_status({begin, begin + static_cast<std::ptrdiff_t>(count)}, 0x9000);
}

}  // namespace stile::emulator
