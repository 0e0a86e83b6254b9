// SPDX-License-Identifier: Apache-2.0
// stilectl setup: from answers to a gate that can be started.
#pragma once

#include <chrono>
#include <string>

#include "crypto/base/result.hpp"
#include "crypto/enrolment.hpp"
#include "daemon/setup/answers.hpp"
#include "daemon/setup/console.hpp"
#include "daemon/setup/place.hpp"
#include "daemon/setup/plan.hpp"

namespace stile {

// Asks a person for everything; what is on the disk is the default. Nothing: the input ended.
// Errors: Config, Denied (what is on the disk cannot be read, or not written), NotFound (no user).
[[nodiscard]] Result<std::optional<SetupAnswers>> ask_everything(Console& console,
                                                                 const GateRoot& place,
                                                                 const std::string& reader_program);

// What it will be, in some lines for people.
[[nodiscard]] std::string summary_of(const Plan& plan);
// The files themselves; of secrets only that they are there.
[[nodiscard]] std::string contents_of(const Plan& plan);

struct SetupDone {
    crypto::SignedEnrolment request;
    std::filesystem::path request_file;
    std::filesystem::path kept;  // the site file that was there; empty: none
};
// Checks as the daemon would, and writes. Errors: Config and the like, Closed (somebody else
// changes these files, or has since the plan was made): nothing was written; Io,
// Full (each file is as it was or as it is meant).
[[nodiscard]] Result<SetupDone> carry_out(const Plan& plan, const GateRoot& place,
                                          std::chrono::sys_seconds now);

}  // namespace stile
