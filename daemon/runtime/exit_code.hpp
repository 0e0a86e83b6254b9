// SPDX-License-Identifier: Apache-2.0
// The exit codes of all programs (a contract: scripts and systemd units use them).
#pragma once

namespace stile {

inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;  // refused or failed
inline constexpr int kExitUsage = 2;
inline constexpr int kExitUnreachable = 3;  // the daemon does not answer
inline constexpr int kExitConfig = 78;      // a restart cannot help; systemd does not restart

}  // namespace stile
