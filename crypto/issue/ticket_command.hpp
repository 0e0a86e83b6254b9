// SPDX-License-Identifier: Apache-2.0
// `stile-issue ticket`, `reissue` and `exchange`: one signed ticket, in the forms that were asked
// for.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "crypto/base/result.hpp"
#include "crypto/issue/desk.hpp"
#include "crypto/issue/ticket_output.hpp"

namespace stile::crypto {

struct TicketOptions {
    DeskOptions desk;
    TicketPlan plan;
    OutputOptions output;
};

// Refuses what the key may not sign, because every gate would, and a serial that is taken.
[[nodiscard]] Result<void> run_ticket(const TicketOptions& options);

// Whom the newer copy belongs to.
enum class Bind : std::uint8_t { AsBefore, ToHolder, ToNobody };

struct RenewOptions {
    DeskOptions desk;
    std::string ticket;  // the old copy; empty: `changes` say event and serial, the log the rest
    Cells changes;       // what the newer copy says instead
    Bind bind = Bind::AsBefore;
    std::filesystem::path revocations;  // the line is appended here; empty: it is printed
    OutputOptions output;
};

// A newer copy, and the line for the revocation list that leaves only it valid. Errors: Invalid for
// a ticket that is not the key's or is revoked.
[[nodiscard]] Result<void> run_renew(const RenewOptions& options);

}  // namespace stile::crypto
