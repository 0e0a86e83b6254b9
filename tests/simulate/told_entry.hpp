// SPDX-License-Identifier: Apache-2.0
// Whether a message about an entry says what stands in the ledger: read by sync/TOPICS.md, without
// the code that stile-sync writes it with.
#pragma once

#include <string>
#include <string_view>

#include "daemon/entry/entry.hpp"

namespace stile::simulate {

// The first field that is missing or says something else; empty: it says what is so. Of decisions,
// passages and events at lanes what happened to whom and where; of all others the key and the kind.
[[nodiscard]] std::string wrong_field(std::string_view json, std::string_view gate,
                                      const Entry& entry);

}  // namespace stile::simulate
