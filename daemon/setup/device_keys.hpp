// SPDX-License-Identifier: Apache-2.0
// The keys by which a gate is known, and the request with which it asks to be.
#pragma once

#include <chrono>
#include <string>

#include "crypto/base/result.hpp"
#include "crypto/enrolment.hpp"
#include "daemon/config/site.hpp"
#include "daemon/setup/place.hpp"

namespace stile {

// Makes the state folder, device.key and device.signing.key as far as they are missing, with the
// daemon's own rights, and signs a request. Errors: Config (a key is damaged), Denied, Io.
[[nodiscard]] Result<crypto::SignedEnrolment> enrolment_of(const config::Site& site,
                                                           const GateRoot& place,
                                                           std::chrono::sys_seconds now);

}  // namespace stile
