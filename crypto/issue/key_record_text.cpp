// SPDX-License-Identifier: Apache-2.0
// A key record as TOML. Issuer names need no escape: a ring takes only a-z, 0-9 and -.
#include "crypto/issue/key_record_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "crypto/base/bytes.hpp"
#include "crypto/issue/time_text.hpp"

namespace stile::crypto {
namespace {

std::string_view status_text(KeyStatus status) {
    switch (status) {
        case KeyStatus::Active:
            return "active";
        case KeyStatus::Revoked:
            return "revoked";
    }
    return "revoked";
}

}  // namespace

std::string key_record_toml(const KeyRecord& record) {
    const KeyRecord defaults;
    std::string text =
        fmt::format("# key id {}\n[[key]]\nissuer = \"{}\"\nalgorithm = \"ed25519\"\n",
                    to_hex(key_id(record.algorithm, record.public_key)), record.issuer);
    text += fmt::format("public_key = \"{}\"\n", to_hex(record.public_key));
    text += fmt::format("events = [{}]\n", fmt::join(record.events, ", "));
    text += fmt::format("products = [{}]\n", fmt::join(record.products, ", "));
    if (record.dense)
        text += fmt::format("dense_serials = [{}, {}]\n", record.dense->first, record.dense->last);
    if (record.not_before != defaults.not_before)
        text += fmt::format("not_before = {}\n", to_rfc3339(record.not_before));
    if (record.not_after != defaults.not_after)
        text += fmt::format("not_after = {}\n", to_rfc3339(record.not_after));
    return text + fmt::format("status = \"{}\"\n", status_text(record.status));
}

}  // namespace stile::crypto
