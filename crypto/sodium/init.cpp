// SPDX-License-Identifier: Apache-2.0
// Starts libsodium once.
#include "crypto/sodium/init.hpp"

#include <cstdlib>

#include <sodium.h>

namespace stile::crypto {

void need_sodium() {
    static const bool ready = sodium_init() >= 0;
    if (!ready) std::abort();
}

}  // namespace stile::crypto
