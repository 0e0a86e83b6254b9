// SPDX-License-Identifier: Apache-2.0
// One message on its way to the broker.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace stile::sync {

enum class Qos : std::uint8_t { AtMostOnce = 0, AtLeastOnce = 1 };
enum class Retain : std::uint8_t { No, Yes };

// Names one publish in this process, so that an acknowledgement that comes late cannot be taken for
// another's. 0: nobody waits for one.
using Token = std::uint32_t;

struct Outgoing {
    std::string topic;
    std::string payload;
    Qos qos = Qos::AtLeastOnce;
    Retain retain = Retain::No;
    std::chrono::seconds expiry{0};  // 0: the broker keeps it for ever
    Token token = 0;
};

}  // namespace stile::sync
