// SPDX-License-Identifier: Apache-2.0
// The organiser's list of gates: each with the request by which it asked to be known.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.hpp"
#include "crypto/enrolment.hpp"

namespace stile::crypto {

struct Device {
    SignedEnrolment request;
    std::chrono::sys_seconds enrolled;
};

enum class KnownGate { Keep, Replace };  // what happens to a gate that has changed
enum class Enrolled { New, Replaced, Known };

// devices.toml (daemon/setup/SETUP.md). Comments and empty lines before a device stay with it.
class DeviceList {
public:
    // Errors: Invalid, Denied, Unsupported, with the number of the device: every request in the
    // list is proven again.
    [[nodiscard]] static Result<DeviceList> parse(std::string_view text);

    // Known: it stands there with the same keys, and stays as it is. Errors: Invalid (the gate is
    // known with other keys or another number; the keys or the number are those of another gate).
    [[nodiscard]] Result<Enrolled> add(const Device& device, KnownGate known);

    [[nodiscard]] std::string text() const;
    [[nodiscard]] std::vector<Device> devices() const;

private:
    struct Row {
        std::string before;  // comments and empty lines
        Device device;
    };
    std::vector<Row> rows_;
    std::string end_;  // comments behind the last one
};

}  // namespace stile::crypto
