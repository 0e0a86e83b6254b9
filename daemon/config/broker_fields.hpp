// SPDX-License-Identifier: Apache-2.0
// What every program of stile that speaks to a broker is told of it in the same words.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "crypto/base/result.hpp"
#include "daemon/config/document.hpp"
#include "daemon/config/site.hpp"

namespace stile::config {

// Addresses, user, files, patience: of [mqtt] in the site file and in the collector's.
[[nodiscard]] Fields broker_fields(Mqtt& s);

// A relative name begins at `folder`; a credential (is_credential()) stays as it is.
void make_broker_files_absolute(Mqtt& s, const std::filesystem::path& folder);

// What is wrong with the section, for whoever reads it: "mqtt.brokers: ..."; empty: nothing.
[[nodiscard]] std::string mistake_in_mqtt(const Mqtt& mqtt);

// What else the table cannot check, for whoever speaks to a broker or writes such a section.
// Errors: Config, with the key that is wrong.
[[nodiscard]] Result<void> check_mqtt(const Mqtt& mqtt);

// What is wrong with these addresses; empty: nothing.
[[nodiscard]] std::string mistake_in_brokers(const std::vector<std::string>& brokers);
// Whether one of the brokers is spoken to in private.
[[nodiscard]] bool uses_tls(const Mqtt& mqtt);

}  // namespace stile::config
