// SPDX-License-Identifier: Apache-2.0
// The simulated person is a timer.
#include "devices/turnstile/simulated_turnstile.hpp"

namespace stile::devices {

Result<void> SimulatedTurnstile::release(const Grant& /*grant*/) {
    if (passage_time_.count() > 0) {
        person_ = loop_.after(passage_time_, [this] { report_passage(); });
    }
    return {};
}

}  // namespace stile::devices
