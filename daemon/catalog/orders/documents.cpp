// SPDX-License-Identifier: Apache-2.0
// Names of documents as keys.
#include "daemon/catalog/orders/documents.hpp"

#include <algorithm>
#include <utility>

namespace stile {

DocumentKey document_key(const DocumentName& name) {
    DocumentKey key{};
    auto at = std::ranges::copy(big_endian(name.event), key.begin()).out;
    *at++ = std::to_underlying(name.kind);
    std::ranges::copy(big_endian(name.id), at);
    return key;
}

Result<DocumentName> document_name(Bytes key) {
    ByteReader in{key};
    DocumentName name;
    name.event = in.number<std::uint32_t>();
    const auto kind = in.number<std::uint8_t>();
    name.id = in.number<std::uint64_t>();
    if (!in.complete() || kind < 1 || kind > std::to_underlying(DocumentKind::Last))
        return fail(Errc::Corrupt, "the name of a document is damaged");
    name.kind = static_cast<DocumentKind>(kind);
    return name;
}

}  // namespace stile
