// SPDX-License-Identifier: Apache-2.0
// From the way to a broker to findings, by the table of daemon/doctor/DOCTOR.md. Pure.
#pragma once

#include <optional>

#include "daemon/doctor/finding.hpp"
#include "sync/doctor/broker_facts.hpp"
#include "sync/uplink/settings.hpp"

namespace stile::sync {

[[nodiscard]] doctor::Findings check_broker(const BrokerFact& fact, const Settings& settings,
                                            Moment now);
// Of the gate's own certificate.
[[nodiscard]] doctor::Findings check_certificate(const Result<std::optional<Moment>>& end,
                                                 Moment now);
[[nodiscard]] doctor::Finding check_settings(const Settings& settings);
[[nodiscard]] doctor::Finding wrong_settings(const Error& error);
// Of read_credentials(), of closed_to(), and of leave_root().
[[nodiscard]] doctor::Finding missing_secret(const Error& error);
[[nodiscard]] doctor::Finding closed_file(const std::string& file, const std::string& user);
[[nodiscard]] doctor::Finding not_tried(const Error& error);

}  // namespace stile::sync
