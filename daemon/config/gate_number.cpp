// SPDX-License-Identifier: Apache-2.0
// The number of a gate that has been given none comes from its name.
#include "daemon/config/gate_number.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/hash.hpp"

namespace stile::config {

std::uint64_t gate_number(const Gate& gate) {
    if (gate.number != 0) return static_cast<std::uint64_t>(gate.number);
    const std::string name = gate.venue + "/" + gate.gate;
    return ByteReader{crypto::sha256({as_bytes(name)})}.number<std::uint64_t>();
}

}  // namespace stile::config
