// SPDX-License-Identifier: Apache-2.0
// Plays a card reader through a whole session: the input is what it answers, tells and breaks.
#include "tests/devices/ccid_session.hpp"

#include <cstdlib>

#include "tests/fuzz/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    stile::devices::testing::CcidSession session{{data, size}};
    session.run();
    if (!session.kept_its_promises()) std::abort();
    return 0;
}
