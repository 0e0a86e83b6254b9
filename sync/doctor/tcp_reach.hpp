// SPDX-License-Identifier: Apache-2.0
// From the address of a broker to a connected socket, step by step.
#pragma once

#include <chrono>
#include <string>

#include "daemon/runtime/unique_fd.hpp"

namespace stile::sync {

struct HostPort {
    std::string host;  // without brackets
    std::string port;
};
// Of "ssl://host:port", "tcp://[::1]:1883"; the settings are checked before.
[[nodiscard]] HostPort host_port_of(const std::string& broker);

struct Reached {
    std::string resolve_trouble;
    std::string connect_trouble;
    UniqueFd socket;  // with timeouts for reading and writing; when there was no trouble
};
// Tries every address of the name, each for `limit`. Blocks.
[[nodiscard]] Reached reach(const HostPort& to, std::chrono::seconds limit);

}  // namespace stile::sync
