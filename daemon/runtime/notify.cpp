// SPDX-License-Identifier: Apache-2.0
// sd_notify.
#include "daemon/runtime/notify.hpp"

#include <string>

#include <systemd/sd-daemon.h>

namespace stile::notify {

void ready() {
    (void)sd_notify(0, "READY=1");
}

void status(std::string_view sentence) {
    (void)sd_notify(0, ("STATUS=" + std::string{sentence}).c_str());
}

void stopping() {
    (void)sd_notify(0, "STOPPING=1");
}

}  // namespace stile::notify
