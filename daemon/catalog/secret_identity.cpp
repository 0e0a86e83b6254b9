// SPDX-License-Identifier: Apache-2.0
// The one name of a code without a serial, for whoever has a list of them.
#include "crypto/formats/pretix_sig1.hpp"
#include "crypto/hash.hpp"
#include "daemon/catalog/revocation_list.hpp"

namespace stile {
namespace {

using namespace std::string_view_literals;
constexpr std::string_view kSecretLabel = "stile-secret\0"sv;

}  // namespace

crypto::Identity secret_identity(std::uint32_t event, std::string_view text) {
    if (const auto ticket = crypto::pretix_identity(event, text)) return *ticket;
    return {crypto::blake2b_128({as_bytes(kSecretLabel), big_endian(event), as_bytes(text)})};
}

}  // namespace stile
