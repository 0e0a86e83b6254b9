// SPDX-License-Identifier: Apache-2.0
// Who of the staff asks for something, and what comes of it.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "daemon/ledger/head.hpp"

namespace stile {

// The name is written into the ledger beside everything that they do.
struct Actor {
    std::string person;
    std::string role;
};

// Somebody's word that a guest may pass, and why.
struct StaffWord {
    Actor actor;
    std::string reason;
};

// An admission by its nonce, or by its entry.
using AdmissionName = std::variant<std::string, Watermark>;

enum class Overridden : std::uint8_t {
    Admitted,  // the scan that was refused last
    Armed,     // the next one that is refused will be admitted
};

}  // namespace stile
