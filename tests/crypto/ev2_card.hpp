// SPDX-License-Identifier: Apache-2.0
// An NTAG 424 or DESFire EV2 as AN12196 describes it, with one key and one file: the other side of
// the dialogue, written apart from it.
#pragma once

#include <algorithm>
#include <string>
#include <utility>

#include "crypto/aes.hpp"
#include "tests/crypto/card_bytes.hpp"

namespace stile::tests {

class Ev2Card {
public:
    enum class Mode : std::uint8_t { Plain, Mac, Full };

    std::string select = "00a4040c07d276000085010100";  // what its application answers to
    crypto::AesBlock key{};
    crypto::AesBlock random{0xB9, 0xE2, 0xFC};
    std::array<std::uint8_t, 4> transaction{0x9D, 0x00, 0xC4, 0xDF};
    Buffer file;
    Mode mode = Mode::Mac;
    std::size_t frame = 256;  // bytes of one answer
    std::size_t commands = 0, authentications = 0;

    // The whole answer, status behind it.
    Buffer answer(const Buffer& command) {
        ++commands;
        if (to_hex(command) == select) return bytes_of(command[0] == 0 ? "9000" : "9100");
        if (command[0] != 0x90) return bytes_of("6A82");
        if (command[1] == 0xAF && !rest_.empty()) return next();
        const Bytes data = Bytes{command}.subspan(5, command.size() > 5 ? command[4] : 0);
        if (command[1] == 0x71) return challenge();
        if (command[1] == 0xAF) return prove(data);
        if (command[1] == 0xAD) return read(data);
        return bytes_of("911C");
    }

private:
    Buffer challenge() {
        ++authentications;
        crypto::AesBlock word = random, iv{};
        must(crypto::aes_cbc_encrypt(key, iv, word));
        return Buffer{word.begin(), word.end()} + bytes_of("91AF");
    }

    Buffer prove(Bytes data) {
        Buffer word{data.begin(), data.end()};
        crypto::AesBlock iv{};
        if (word.size() != 32 || !crypto::aes_cbc_decrypt(key, iv, word)) return bytes_of("917E");
        Buffer theirs{word.begin(), word.begin() + 16};
        Buffer ours{word.begin() + 16, word.end()};
        std::rotate(ours.begin(), ours.end() - 1, ours.end());
        if (!std::ranges::equal(ours, random)) return bytes_of("91AE");
        derive(theirs);
        std::rotate(theirs.begin(), theirs.begin() + 1, theirs.end());
        Buffer last = Buffer{transaction.begin(), transaction.end()} + theirs + Buffer(12, 0);
        iv = {};
        must(crypto::aes_cbc_encrypt(key, iv, last));
        return last + bytes_of("9100");
    }

    void derive(const Buffer& theirs) {
        Buffer vector = bytes_of("5AA500010080");
        vector.insert(vector.end(), theirs.begin(), theirs.begin() + 2);
        for (std::size_t i = 0; i < 6; ++i)
            vector.push_back(theirs[2 + i] ^ random[i]);
        vector.insert(vector.end(), random.begin() + 6, random.end());
        vector.insert(vector.end(), theirs.begin() + 8, theirs.end());
        mac_key_ = crypto::aes_cmac(key, {vector}).value();
        vector[0] = 0xA5, vector[1] = 0x5A;
        encryption_key_ = crypto::aes_cmac(key, {vector}).value();
        counter_ = 0;
    }

    [[nodiscard]] Buffer session() const {
        return Buffer{counter_, 0x00} + Buffer{transaction.begin(), transaction.end()};
    }

    [[nodiscard]] Buffer tag(Bytes message) const {
        const auto mac = crypto::aes_cmac(mac_key_, {message}).value();
        Buffer odd;
        for (std::size_t i = 1; i < mac.size(); i += 2)
            odd.push_back(mac[i]);
        return odd;
    }

    Buffer read(Bytes data) {
        if (mode == Mode::Plain || data.size() != 15) return bytes_of("917E");
        const Buffer header{data.begin(), data.begin() + 7};
        if (tag(bytes_of("AD") + session() + header) != Buffer{data.begin() + 7, data.end()})
            return bytes_of("911E");
        const std::size_t offset = header[1] + header[2] * 256U,
                          count = header[4] + header[5] * 256U;
        if (offset + count > file.size()) return bytes_of("91BE");
        Buffer piece{file.begin() + static_cast<std::ptrdiff_t>(offset),
                     file.begin() + static_cast<std::ptrdiff_t>(offset + count)};
        ++counter_;
        if (mode == Mode::Full) encrypt(piece);
        rest_ = piece + tag(bytes_of("00") + session() + piece);
        return next();
    }

    void encrypt(Buffer& piece) const {
        piece.push_back(0x80);
        piece.resize((piece.size() + 15) / 16 * 16);
        const Buffer start = bytes_of("5AA5") + Buffer{transaction.begin(), transaction.end()} +
                             Buffer{counter_, 0x00} + Buffer(8, 0);
        crypto::AesBlock iv{}, none{};
        std::ranges::copy(start, iv.begin());
        must(crypto::aes_cbc_encrypt(encryption_key_, none, iv));
        must(crypto::aes_cbc_encrypt(encryption_key_, iv, piece));
    }

    Buffer next() {
        const auto size = static_cast<std::ptrdiff_t>(std::min(frame, rest_.size()));
        Buffer part{rest_.begin(), rest_.begin() + size};
        rest_.erase(rest_.begin(), rest_.begin() + size);
        return part + bytes_of(rest_.empty() ? "9100" : "91AF");
    }

    crypto::AesBlock mac_key_{}, encryption_key_{};
    std::uint8_t counter_ = 0;
    Buffer rest_;  // of an answer in several frames
};

}  // namespace stile::tests
