// SPDX-License-Identifier: Apache-2.0
// What the rows of an answer stand for, and places for many rows in a statement.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.hpp"
#include "sync/collector/store.hpp"
#include "sync/postgresql/connection.hpp"

namespace stile::sync {

// "($1::bigint,$2::text),($3::bigint,$4::text)"
[[nodiscard]] std::string places(std::size_t rows, std::initializer_list<std::string_view> types);

// Of position, gate, payload. Errors: that of the answer, Corrupt.
[[nodiscard]] Result<std::vector<StoredEntry>> entries_of(const Result<PgRows>& rows);
// Of ticket, event, product, channel, people.
[[nodiscard]] Result<std::vector<SoldTicket>> sold_of(const Result<PgRows>& rows);

// What is stored, read anew.
[[nodiscard]] Result<void> load_coverage(PgConnection& server, Coverage& coverage);

}  // namespace stile::sync
