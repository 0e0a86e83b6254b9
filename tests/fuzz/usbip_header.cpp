// SPDX-License-Identifier: Apache-2.0
// Fuzzes headers of USB/IP: what is taken has bounds, and its answer the size that it says.
#include <cstdlib>

#include "tests/emulator/usbip/wire.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace stile::emulator::usbip;
    const stile::Bytes input{data, size};
    const auto request = parse_request(input.first(std::min(size, kHeaderBytes)));
    if (!request) return 0;
    if (const auto* unlink = std::get_if<Unlink>(&*request)) {
        if (answer_to(*unlink, 0).size() != kHeaderBytes) std::abort();
        return 0;
    }
    const auto& submit = std::get<Submit>(*request);
    if (submit.length > kMostBytes || submit.bytes_that_follow() > submit.length) std::abort();
    if ((submit.address() & 0x7FU) > 15) std::abort();
    const stile::Bytes rest = input.subspan(kHeaderBytes);
    if (answer_to(submit, 0, rest.size(), rest).size() != size) std::abort();
    return 0;
}
