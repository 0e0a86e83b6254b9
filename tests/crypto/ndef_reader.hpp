// SPDX-License-Identifier: Apache-2.0
// Reads NDEF and Type 2 tags as the NFC Forum wrote them down, without a look at our writer.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crypto/base/bytes.hpp"

namespace stile::tests {

struct NdefRecord {
    unsigned tnf = 0;
    std::string type;
    Buffer payload;
};

namespace ndef {

struct Header {
    bool begin, end, chunk, is_short, has_id;
    unsigned tnf;
};

[[nodiscard]] inline Header header_of(std::uint8_t byte) {
    return {(byte & 0x80) != 0, (byte & 0x40) != 0, (byte & 0x20) != 0,
            (byte & 0x10) != 0, (byte & 0x08) != 0, byte & 0x07U};
}

[[nodiscard]] inline bool is_legal(const Header& header, std::size_t type, std::size_t payload,
                                   std::size_t id) {
    if (header.tnf == 7 || header.tnf == 6 || header.chunk) return false;  // chunks are not for us
    if (header.tnf == 0) return type == 0 && payload == 0 && id == 0;
    return header.tnf == 5 ? type == 0 : type > 0;
}

}  // namespace ndef

// The records of a message; nothing if a rule is broken.
[[nodiscard]] inline std::optional<std::vector<NdefRecord>> read_ndef(Bytes message) {
    std::vector<NdefRecord> records;
    ByteReader in{message};
    for (bool first = true;; first = false) {
        const auto header = ndef::header_of(in.number<std::uint8_t>());
        const std::size_t type = in.number<std::uint8_t>();
        const std::size_t payload =
            header.is_short ? in.number<std::uint8_t>() : in.number<std::uint32_t>();
        const std::size_t id = header.has_id ? in.number<std::uint8_t>() : 0;
        if (!in.ok() || header.begin != first || !ndef::is_legal(header, type, payload, id))
            return std::nullopt;
        NdefRecord record{.tnf = header.tnf, .type = std::string{as_text(in.take(type))}};
        (void)in.take(id);
        const Bytes content = in.take(payload);
        record.payload.assign(content.begin(), content.end());
        records.push_back(std::move(record));
        if (!in.ok()) return std::nullopt;
        if (header.end) return in.left() == 0 ? std::optional{std::move(records)} : std::nullopt;
    }
}

// The NDEF message in the data area of a Type 2 tag; nothing if there is none.
[[nodiscard]] inline std::optional<Buffer> read_type2(Bytes area) {
    ByteReader in{area};
    while (in.left() > 0) {
        const auto tag = in.number<std::uint8_t>();
        if (tag == 0x00) continue;
        if (tag == 0xFE) return std::nullopt;
        std::size_t size = in.number<std::uint8_t>();
        if (size == 0xFF) size = in.number<std::uint16_t>();
        if ((tag == 0x01 || tag == 0x02) && size != 3) return std::nullopt;
        const Bytes value = in.take(size);
        if (!in.ok()) return std::nullopt;
        if (tag == 0x03) return Buffer{value.begin(), value.end()};
    }
    return std::nullopt;
}

}  // namespace stile::tests
