// SPDX-License-Identifier: Apache-2.0
// Words to the service manager. All of them do nothing when no manager listens.
#pragma once

#include <chrono>
#include <string_view>

namespace stile::notify {

// The program does its job from now on.
void ready();
// The program reads its configuration anew; ready() ends that.
void reloading();
// One sentence for `systemctl status`.
void status(std::string_view sentence);
void stopping();
// The start, or whatever else has a time limit, takes at most so much longer from now.
void extend(std::chrono::microseconds more);

}  // namespace stile::notify
