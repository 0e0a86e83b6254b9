// SPDX-License-Identifier: Apache-2.0
// The exit codes of all programs (a contract: scripts and systemd units use them).
#pragma once

namespace stile {

enum ExitCode : int {
    kExitDone = 0,
    kExitFailed = 1,  // refused or failed
    kExitUsage = 2,
    kExitUnreachable = 3,  // the daemon does not answer
    kExitConfig = 78,      // a restart cannot help; systemd does not restart
};

}  // namespace stile
