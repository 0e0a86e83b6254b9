// SPDX-License-Identifier: Apache-2.0
// Makes sure that libsodium has chosen its implementations and has opened its source of random
// bytes.
#pragma once

namespace stile::crypto {

// Thread-safe, and costs one load after the first call. The process ends if the library cannot
// start.
void need_sodium();

}  // namespace stile::crypto
