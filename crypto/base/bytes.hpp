// SPDX-License-Identifier: Apache-2.0
// Bytes: views, hexadecimal text, and big-endian readers and writers that cannot run over their
// end.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stile {

using Bytes = std::span<const std::uint8_t>;
using Buffer = std::vector<std::uint8_t>;

[[nodiscard]] inline Bytes as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

[[nodiscard]] inline std::string_view as_text(Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Lower-case hexadecimal, two characters a byte.
[[nodiscard]] std::string to_hex(Bytes bytes);
// Nothing unless `text` is an even number of hexadecimal digits of either case.
[[nodiscard]] std::optional<Buffer> from_hex(std::string_view text);

// Well-formed UTF-8 (no surrogates, no overlong forms, nothing above U+10FFFF).
[[nodiscard]] bool is_utf8(Bytes bytes);
// The longest head of well-formed `text` that has at most `limit` bytes and cuts no character in
// two.
[[nodiscard]] std::string_view utf8_head(std::string_view text, std::size_t limit);

// Reads big-endian fields in order. A read past the end yields zeros and marks the reader failed,
// so a parser reads everything first and asks ok() once. Holds a view: the bytes must outlive it.
class ByteReader {
public:
    explicit ByteReader(Bytes bytes) : rest_{bytes} {}

    template <std::unsigned_integral T>
    T number() {
        const Bytes raw = take(sizeof(T));
        T value = 0;
        for (const std::uint8_t byte : raw)
            value = static_cast<T>((std::uint64_t{value} << 8) | byte);
        return value;
    }
    Bytes take(std::size_t count) {
        if (count > rest_.size()) {
            failed_ = true;
            rest_ = {};
            return {};
        }
        const Bytes head = rest_.first(count);
        rest_ = rest_.subspan(count);
        return head;
    }
    // Fills the whole of `out`; leaves it as it is when there are too few bytes.
    void copy(std::span<std::uint8_t> out) {
        const Bytes raw = take(out.size());
        for (std::size_t i = 0; i < raw.size(); ++i)
            out[i] = raw[i];
    }
    void fail() { failed_ = true; }

    [[nodiscard]] std::size_t left() const { return rest_.size(); }
    [[nodiscard]] bool ok() const { return !failed_; }
    // Everything was read, and nothing was missing.
    [[nodiscard]] bool complete() const { return !failed_ && rest_.empty(); }

private:
    Bytes rest_;
    bool failed_ = false;
};

// A big-endian integer as the fixed bytes of a key.
template <std::unsigned_integral T>
[[nodiscard]] constexpr std::array<std::uint8_t, sizeof(T)> big_endian(T value) {
    std::array<std::uint8_t, sizeof(T)> out{};
    for (std::size_t i = 0; i < sizeof(T); ++i)
        out[sizeof(T) - 1 - i] = static_cast<std::uint8_t>(std::uint64_t{value} >> (8 * i));
    return out;
}

// Several of them, one after the other: a key of several fields.
template <std::unsigned_integral... Numbers>
[[nodiscard]] constexpr auto big_endian_key(Numbers... numbers) {
    std::array<std::uint8_t, (sizeof(Numbers) + ...)> out{};
    auto at = out.begin();
    ((at = std::ranges::copy(big_endian(numbers), at).out), ...);
    return out;
}

// Appends big-endian fields to a buffer that the caller owns.
class ByteWriter {
public:
    explicit ByteWriter(Buffer& out) : out_{out} {}

    template <std::unsigned_integral T>
    void number(T value) {
        raw(big_endian(value));
    }
    void raw(Bytes bytes);

private:
    Buffer& out_;
};

}  // namespace stile
