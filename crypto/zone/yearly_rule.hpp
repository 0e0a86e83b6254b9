// SPDX-License-Identifier: Apache-2.0
// The rule behind changes of the clocks that come every year: "the last Sunday of March, 02:00".
#pragma once

#include <span>
#include <vector>

#include "crypto/base/zone_table.hpp"

namespace stile::crypto {

// The changes of the years after `last_year` up to and with `until`, by the rule that all `known`
// changes of the eight years up to `last_year` follow. Nothing if there is no such rule, or no
// change in `last_year`. `first`: the offset before `known`.
[[nodiscard]] std::vector<ZoneChange> continued(std::chrono::seconds first,
                                                std::span<const ZoneChange> known,
                                                std::chrono::year last_year,
                                                std::chrono::year until);

}  // namespace stile::crypto
