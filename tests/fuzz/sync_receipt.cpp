// SPDX-License-Identifier: Apache-2.0
// Fuzzes the reader of receipts: whatever it takes for genuine was signed, and only so.
#include <cstdlib>

#include "sync/collector/receipt.hpp"
#include "tests/fuzz/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto key = stile::crypto::SigningKey::from_seed(std::array<std::uint8_t, 32>{1});
    const std::string_view text = stile::as_text({data, size});
    const auto receipt = stile::sync::verify_receipt(text, key.public_key());
    if (!receipt) return 0;
    const std::string again = stile::sync::sign_receipt(*receipt, key);
    if (again != text && again != std::string{text} + '\n') std::abort();
    return 0;
}
