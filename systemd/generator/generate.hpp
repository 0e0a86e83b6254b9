// SPDX-License-Identifier: Apache-2.0
// What systemd is told at boot beyond the units of the packages: which readers this gate has, and
// which of its secrets are encrypted.
#pragma once

#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "crypto/base/result.hpp"

namespace stile {

// The secrets that a unit asks for with LoadCredential=.
struct UnitSecrets {
    std::string_view unit;
    std::span<const std::string_view> names;
};
[[nodiscard]] std::span<const UnitSecrets> unit_secrets();

struct Generation {
    std::filesystem::path site;       // /etc/stile/stile.toml
    std::filesystem::path encrypted;  // /etc/credstore.encrypted
    std::filesystem::path out;        // where systemd looks; nothing else is written
};

// stile.target wants the unit of each reader. Returns the mistakes, each for one line of a log. A
// site without a file has none; a wrong one has no readers.
[[nodiscard]] std::vector<Error> generate(const Generation& wish);

}  // namespace stile
