// SPDX-License-Identifier: Apache-2.0
// The table of the platform's own texts about an event, one JSON object a row.
#pragma once

#include <array>
#include <cstdint>
#include <tuple>

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"

namespace stile {

enum class DocumentKind : std::uint8_t {
    Event = 1,  // id 0, as has Settings
    Settings,
    Item,
    List,
    Question,
    Subevent,
    Last = Subevent,
};

struct DocumentName {
    std::uint32_t event = 0;
    DocumentKind kind = DocumentKind::Event;
    std::uint64_t id = 0;
    friend auto operator<=>(const DocumentName&, const DocumentName&) = default;
};

using DocumentKey = std::array<std::uint8_t, 13>;
[[nodiscard]] DocumentKey document_key(const DocumentName& name);
// Errors: Corrupt.
[[nodiscard]] Result<DocumentName> document_name(Bytes key);

}  // namespace stile
