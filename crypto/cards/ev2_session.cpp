// SPDX-License-Identifier: Apache-2.0
// MACs over counter, transaction and data; encryption with an IV of the same.
#include "crypto/cards/ev2_session.hpp"

#include <algorithm>

namespace stile::crypto {
namespace {

AesKey key_of(const LockedBytes& bytes) {
    return bytes.bytes().first<16>();
}

// Data, then 80, then zeros. Nothing if it ends otherwise.
std::optional<Buffer> unpadded(Buffer bytes) {
    const auto zero = [](std::uint8_t byte) { return byte == 0; };
    const auto mark = std::find_if_not(bytes.rbegin(), bytes.rend(), zero);
    if (mark == bytes.rend() || *mark != 0x80) return std::nullopt;
    bytes.erase(mark.base() - 1, bytes.end());
    return bytes;
}

}  // namespace

std::array<std::uint8_t, 2> Ev2Session::counter_bytes() const {
    const auto [high, low] = big_endian(counter_);
    return {low, high};
}

std::optional<CardSend> Ev2Session::protect(std::uint8_t command, Bytes header) const {
    const std::array<std::uint8_t, 1> name{command};
    const auto mac = aes_cmac(key_of(mac_), {name, counter_bytes(), id_, header});
    if (!mac) return std::nullopt;
    Buffer data;
    data.reserve(header.size() + 8);
    ByteWriter out{data};
    out.raw(header);
    out.raw(mac_tag(*mac));
    return native(command, data);
}

std::optional<Buffer> Ev2Session::open(Bytes answer, std::size_t size) {
    if (counter_ == 0xFFFF || answer.size() < 8) return std::nullopt;
    ++counter_;
    const Bytes data = answer.first(answer.size() - 8);
    constexpr std::array<std::uint8_t, 1> kStatus{0x00};
    const auto mac = aes_cmac(key_of(mac_), {kStatus, counter_bytes(), id_, data});
    if (!mac || !same_bytes(mac_tag(*mac), answer.last(8))) return std::nullopt;
    if (data.size() == size) return Buffer{data.begin(), data.end()};
    auto plain = decrypt(data);
    if (!plain || plain->size() != size) return std::nullopt;
    return plain;
}

std::optional<Buffer> Ev2Session::decrypt(Bytes data) const {
    AesBlock iv{0x5A, 0xA5};
    std::ranges::copy(id_, iv.begin() + 2);
    std::ranges::copy(counter_bytes(), iv.begin() + 6);
    AesBlock none{};
    Buffer plain{data.begin(), data.end()};
    if (!aes_cbc_encrypt(key_of(encryption_), none, iv) ||
        !aes_cbc_decrypt(key_of(encryption_), iv, plain))
        return std::nullopt;
    return unpadded(std::move(plain));
}

}  // namespace stile::crypto
