// SPDX-License-Identifier: Apache-2.0
// Fuzzes the way from a camera's JPEG packet to a frame.
#include <cstdlib>

#include "devices/camera/jpeg/jpeg.hpp"
#include "tests/fuzz/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace stile;
    const auto frame = devices::decode_jpeg({data, size});
    if (frame) {
        const auto bytes =
            static_cast<std::size_t>(frame->stride) * static_cast<std::size_t>(frame->height);
        if (frame->luma.size() != bytes) std::abort();
    } else if (frame.error().context.empty()) {
        std::abort();
    }
    return 0;
}
