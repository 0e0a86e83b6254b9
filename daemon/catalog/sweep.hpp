// SPDX-License-Identifier: Apache-2.0
// Takes generations out of a table, in steps that leave others room to work.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <vector>

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"
#include "daemon/catalog/catalog.hpp"
#include "daemon/lmdb/environment.hpp"

namespace stile {

// The first field of every key in a table of generations.
[[nodiscard]] std::uint32_t generation_of(Bytes key);

// Which generations are in use, ascending; asked anew in each transaction.
using GenerationsInUse =
    std::function<Result<std::vector<std::uint32_t>>(const lmdb::Reader& reader)>;

// Removes every key of a generation that is not in use, at most `step_keys` of them a transaction.
// Errors: those of `in_use`, Closed (stopped), Full, Io.
[[nodiscard]] Result<void> sweep(lmdb::Environment& catalog, CatalogTable table,
                                 const GenerationsInUse& in_use, std::size_t step_keys,
                                 const std::stop_token& stop);

}  // namespace stile
