// SPDX-License-Identifier: Apache-2.0
// The exit codes of all programs (a contract: scripts and systemd units use them).
#pragma once

#include "crypto/base/result.hpp"

namespace stile {

inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;  // refused or failed
inline constexpr int kExitUsage = 2;
inline constexpr int kExitUnreachable = 3;  // the daemon does not answer
inline constexpr int kExitConfig = 78;      // a restart cannot help; systemd does not restart

// Of a tool that failed so.
constexpr int exit_code_of(Errc code) {
    switch (code) {
        case Errc::Config:
            return kExitConfig;
        case Errc::Closed:
        case Errc::Timeout:
            return kExitUnreachable;
        case Errc::Invalid:
        case Errc::NotFound:
        case Errc::Io:
        case Errc::Denied:
        case Errc::Full:
        case Errc::Corrupt:
        case Errc::Unsupported:
            return kExitFailed;
    }
    return kExitFailed;
}

}  // namespace stile
