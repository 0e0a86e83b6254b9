// SPDX-License-Identifier: Apache-2.0
// `stile-issue device show` and `device enrol`: who asks to be known, and who is.
#pragma once

#include <chrono>
#include <filesystem>

#include "crypto/base/result.hpp"
#include "crypto/issue/device_list.hpp"
#include "crypto/issue/keygen.hpp"

namespace stile::crypto {

struct DeviceShowOptions {
    std::filesystem::path request;
    Print print = Print::Text;
};

struct DeviceEnrolOptions {
    std::filesystem::path request;
    std::filesystem::path out;  // the list; a new one where there is none
    KnownGate known = KnownGate::Keep;
    std::chrono::sys_seconds now;
    Print print = Print::Text;
};

// Proves a request and prints it with its fingerprint. Errors: Invalid, Denied, Unsupported, Io.
[[nodiscard]] Result<void> run_device_show(const DeviceShowOptions& options);
// The same, and puts the gate into the list, or leaves the list as it was. Errors: as above.
[[nodiscard]] Result<void> run_device_enrol(const DeviceEnrolOptions& options);

}  // namespace stile::crypto
