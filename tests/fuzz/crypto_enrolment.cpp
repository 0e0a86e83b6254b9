// SPDX-License-Identifier: Apache-2.0
// Fuzzes enrolment requests and the list of devices: what is accepted is spelled the same again.
#include <cstdlib>

#include "crypto/enrolment.hpp"
#include "crypto/issue/device_list.hpp"
#include "tests/fuzz/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace stile::crypto;  // NOLINT(google-build-using-namespace)
    const std::string_view text = stile::as_text({data, size});
    const auto request = parse_enrolment(text);
    if (request && enrolment_text(*request) != text) std::abort();
    if (!request && request.error().context.empty()) std::abort();
    const auto list = DeviceList::parse(text);
    if (list && list->text() != text) std::abort();
    return 0;
}
