// SPDX-License-Identifier: Apache-2.0
// The files of a block of tickets, made by all processors.
#pragma once

#include <span>
#include <string>

#include "crypto/base/result.hpp"
#include "crypto/issue/batch.hpp"

namespace stile::crypto {

// A ticket of a batch that is in the log already.
struct BatchTicket {
    std::size_t line = 0;
    std::string ref;
    IssuedTicket ticket;
    PrintText print;
};

// The name of its files, without the ending: EVENT-SERIAL, and -rN for a re-issued one.
[[nodiscard]] std::string file_stem(const Gt1Fields& fields);

// Writes all files of the tickets, and their sheet with that number. Does not wait for the disk.
// Errors: the first one of any ticket.
[[nodiscard]] Result<void> write_block(std::span<const BatchTicket> tickets, std::size_t number,
                                       const BatchOptions& options);

}  // namespace stile::crypto
