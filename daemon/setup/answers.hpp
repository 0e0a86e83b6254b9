// SPDX-License-Identifier: Apache-2.0
// What an installer says of a gate: the values of its site file, and the files that he brings.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.hpp"
#include "crypto/locked_bytes.hpp"
#include "daemon/config/site.hpp"
#include "daemon/setup/place.hpp"

namespace stile {

struct SetupAnswers {
    config::Site site;
    std::string site_stamp;  // of the site file that they begin with; empty: there is none
    // Files on this machine whose content is taken over; empty: what is there stays.
    std::vector<std::string> issuer_keys;               // keygen's NAME.toml
    std::string event_secret;                           // 64 hexadecimal digits
    std::string broker_password;                        // its first line
    std::string broker_ca;                              // PEM
    std::string policy;                                 // daemon/POLICY.md
    std::optional<crypto::LockedBytes> typed_password;  // instead of broker_password
};

// A site file with a section [setup] for the files. Errors: Config with file, line and key;
// NotFound, Denied.
[[nodiscard]] Result<SetupAnswers> read_answers(const std::filesystem::path& file);

// Takes over from the site file that is there, if there is one, what the answers leave out and must
// not be lost: the event secret, the password for the broker, the policy. Errors: Config, Denied.
[[nodiscard]] Result<void> keep_what_is_there(SetupAnswers& answers, const GateRoot& place);

// Such a file with every key, its comment and its default.
[[nodiscard]] std::string answers_template();

// systemd/stile.toml, which is a part of the program.
[[nodiscard]] std::string_view sample_site();

}  // namespace stile
