// SPDX-License-Identifier: Apache-2.0
// Makes GT1 tickets: fields to signed bytes, bytes to the text of a code.
#pragma once

#include <string>

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"
#include "crypto/formats/gt1.hpp"
#include "crypto/signing_key.hpp"

namespace stile::crypto {

// The signed bytes. `fields.key` is ignored: the id is that of `key`. Errors: Invalid if the strict
// parser would refuse the fields, so nothing that a gate refuses for its form is ever made.
[[nodiscard]] Result<Buffer> make_gt1(const Gt1Fields& fields, const SigningKey& key);

[[nodiscard]] std::string gt1_text(Bytes ticket);

}  // namespace stile::crypto
