// SPDX-License-Identifier: Apache-2.0
// Other programs, asked for what they know: started, read, and never waited for too long.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "daemon/doctor/facts.hpp"

namespace stile::doctor {

// A program of ours: beside this one, or where packages put it; its bare name if it is in neither.
[[nodiscard]] std::string program_of_ours(const std::string& name);

// Pictures are never read by root, but as the gate reads them (stile-reader@.service): `words`, run
// as `user` and the group of that name. Just `words` where this is not root, or nobody has the
// name.
[[nodiscard]] std::vector<std::string> as_reader(std::vector<std::string> words,
                                                 const std::string& user = "stile-reader");

// Runs `words` with further lines of the environment ("NAME=value") to the end; at `limit` it is
// killed. Of its output the first 256 KiB. Blocks. Thread-safe.
[[nodiscard]] ProgramFact run(std::vector<std::string> words, std::chrono::milliseconds limit,
                              const std::vector<std::string>& environment = {});

}  // namespace stile::doctor
