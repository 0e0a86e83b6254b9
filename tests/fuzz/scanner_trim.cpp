// SPDX-License-Identifier: Apache-2.0
// Fuzzes what is trimmed from a code: it only ever gets shorter, and a ticket of ours stays whole.
#include <cstdlib>

#include "crypto/base/bytes.hpp"
#include "devices/scanner/trim.hpp"
#include "tests/fuzz/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using stile::devices::trim;
    const std::string_view text = stile::as_text({data, size});
    const std::string plain = trim(text, {});
    if (plain.size() > text.size()) std::abort();
    if (trim(text, {.prefix = "<", .suffix = ">"}, "]Q2").size() > text.size()) std::abort();
    // One that has nothing to trim in front or behind, in the wrapping that scanners put around.
    const std::string ticket = "GT1:" + plain + "x";
    if (trim(ticket, {}) != ticket || trim("]Q1" + ticket + "\r\n", {}) != ticket) std::abort();
    return 0;
}
