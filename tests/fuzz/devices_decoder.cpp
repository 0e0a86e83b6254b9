// SPDX-License-Identifier: Apache-2.0
// Fuzzes the code reader: the input is a small frame, each byte drawn as four by four pixels.
#include <cstdlib>

#include "devices/camera/zxing/zxing_decoder.hpp"
#include "tests/fuzz/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace stile;
    constexpr int kModule = 4;
    if (size < 2) return 0;
    const int width = 1 + data[0] % 64;
    const int height = static_cast<int>(size - 1) / width;
    devices::Frame frame{width * kModule, height * kModule};
    for (int y = 0; y < frame.height; ++y) {
        for (int x = 0; x < frame.width; ++x) {
            frame.luma[static_cast<std::size_t>(y * frame.width + x)] =
                data[1 + y / kModule * width + x / kModule];
        }
    }
    const auto codes = devices::ZxingDecoder{}.decode(frame);
    if (codes && codes->size() > devices::kMaxCodesPerFrame) std::abort();
    return 0;
}
