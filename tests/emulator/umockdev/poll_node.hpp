// SPDX-License-Identifier: Apache-2.0
// The file behind a device node: one that poll() finds ready when there is something to reap.
#pragma once

#include <filesystem>

#include <sys/types.h>

#include "daemon/runtime/unique_fd.hpp"

namespace stile::emulator {

// A plain file is always ready, and libusb would spin. A pseudo-terminal is not: when its output is
// stopped nobody may write, and when its other end closes there is a hang-up, as with a device that
// is pulled out. So the node is a link to one.
class PollNode {
public:
    explicit PollNode(const std::filesystem::path& node);
    ~PollNode();
    PollNode(const PollNode&) = delete;
    PollNode& operator=(const PollNode&) = delete;

    void set_ready(bool ready) const;

private:
    void start_keeper();

    UniqueFd outside_;
    UniqueFd inside_;
    // The terminal is the controlling one of this process; otherwise it would become that of a
    // service that opens it, and its hang-up would end the service.
    pid_t keeper_ = -1;
};

}  // namespace stile::emulator
