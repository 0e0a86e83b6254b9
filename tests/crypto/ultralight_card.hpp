// SPDX-License-Identifier: Apache-2.0
// A MIFARE Ultralight AES in the field of a reader of either kind, as AN13452 describes it.
#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include "crypto/aes.hpp"
#include "tests/crypto/card_bytes.hpp"

namespace stile::tests {

class UltralightCard {
public:
    enum class Reader : std::uint8_t { Direct, Pn532, None };

    std::array<std::uint8_t, 7> uid{0x04, 0xA1, 0xB2, 0xC3, 0xD4, 0xE5, 0xF6};
    crypto::AesBlock uid_key{}, chip_key{};
    bool macs = true;
    Reader reader = Reader::Direct;
    std::size_t commands = 0, authentications = 0;
    std::vector<Buffer> seen_random;  // RndA of each authentication that succeeded

    void set_id(std::uint32_t id) {
        const auto bytes = big_endian(id);
        set_.assign(bytes.begin(), bytes.end());
    }

    // It comes into the field, fresh.
    void activate() {
        session_ = false;
        commands = 0;
    }

    Buffer answer(const Buffer& command) {
        ++commands;
        Buffer tag{command.begin() + 5, command.end()};
        const bool through = tag.size() > 2 && tag[0] == 0xD4 && tag[1] == 0x42;
        if (through != (reader == Reader::Pn532) || reader == Reader::None) return bytes_of("6300");
        if (!through) return wrapped(say(tag), "");
        tag.erase(tag.begin(), tag.begin() + 2);
        return wrapped(say(tag), "D54300");
    }

private:
    static Buffer wrapped(const Buffer& word, std::string_view front) {
        if (word.empty()) return bytes_of("6300");
        return bytes_of(front) + word + bytes_of("9000");
    }

    // Nothing for a NAK.
    Buffer say(const Buffer& command) {
        if (command == bytes_of("60")) return bytes_of("0004030104000F03");
        if (command[0] == 0x1A) return challenge(command[1]);
        if (command[0] == 0xAF) return prove(command);
        if (command[0] != 0x30) return {};
        if (!session_) return page(command[1]);
        return with_mac(command);
    }

    [[nodiscard]] Buffer page(std::uint8_t number) const {
        if (number == 0x29)
            return Buffer{static_cast<std::uint8_t>(macs ? 0x02 : 0x00)} + Buffer(15, 0);
        if (number == 0x04) return set_ + Buffer(12, 0);
        if (number != 0x00) return {};
        Buffer out{uid.begin(), uid.begin() + 3};
        out.push_back(static_cast<std::uint8_t>(0x88 ^ uid[0] ^ uid[1] ^ uid[2]));
        out.insert(out.end(), uid.begin() + 3, uid.end());
        out.push_back(static_cast<std::uint8_t>(uid[3] ^ uid[4] ^ uid[5] ^ uid[6]));
        return out + Buffer(7, 0x48);
    }

    Buffer challenge(std::uint8_t number) {
        ++authentications;
        session_ = false;
        key_ = number == 0x00 ? chip_key : uid_key;
        crypto::AesBlock word = random_, iv{};
        must(crypto::aes_cbc_encrypt(key_, iv, word));
        return Buffer{0xAF} + Buffer{word.begin(), word.end()};
    }

    Buffer prove(const Buffer& command) {
        Buffer word{command.begin() + 1, command.end()};
        crypto::AesBlock iv{};
        if (word.size() != 32 || !crypto::aes_cbc_decrypt(key_, iv, word)) return {};
        Buffer theirs{word.begin(), word.begin() + 16}, ours{word.begin() + 16, word.end()};
        std::rotate(ours.begin(), ours.end() - 1, ours.end());
        if (!std::ranges::equal(ours, random_)) return {};
        seen_random.push_back(theirs);
        begin_session(theirs);
        std::rotate(theirs.begin(), theirs.begin() + 1, theirs.end());
        iv = {};
        must(crypto::aes_cbc_encrypt(key_, iv, theirs));
        return Buffer{0x00} + theirs;
    }

    void begin_session(const Buffer& theirs) {
        Buffer vector = bytes_of("5AA500010080") + Buffer{theirs.begin(), theirs.begin() + 2};
        for (std::size_t i = 0; i < 6; ++i)
            vector.push_back(theirs[2 + i] ^ random_[i]);
        vector.insert(vector.end(), random_.begin() + 6, random_.end());
        vector.insert(vector.end(), theirs.begin() + 8, theirs.end());
        mac_key_ = crypto::aes_cmac(key_, {vector}).value();
        session_ = macs;
        counter_ = 0;
    }

    [[nodiscard]] Buffer tag_of(Bytes message) const {
        const Buffer count{counter_, 0};
        const auto mac = crypto::aes_cmac(mac_key_, {count, message}).value();
        Buffer odd;
        for (std::size_t i = 1; i < mac.size(); i += 2)
            odd.push_back(mac[i]);
        return odd;
    }

    Buffer with_mac(const Buffer& command) {
        if (command.size() != 10) return {};
        if (tag_of(Bytes{command}.first(2)) != Buffer{command.begin() + 2, command.end()})
            return {};
        ++counter_;
        const Buffer pages = page(command[1]);
        const Buffer out = pages + tag_of(pages);
        ++counter_;
        return out;
    }

    Buffer set_ = Buffer(4, 0);
    crypto::AesBlock random_{0x0D, 0x2B, 0xBA, 0x17, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    crypto::AesBlock key_{}, mac_key_{};
    bool session_ = false;
    std::uint8_t counter_ = 0;
};

}  // namespace stile::tests
