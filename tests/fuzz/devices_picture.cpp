// SPDX-License-Identifier: Apache-2.0
// Fuzzes what looks at a picture's bytes before any library does, and the making of printable text.
#include <cstdlib>

#include "devices/camera/frame.hpp"
#include "devices/camera/luma.hpp"
#include "devices/camera/picture_size.hpp"
#include "devices/camera/utf8.hpp"
#include "tests/fuzz/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace stile;
    const Bytes input{data, size};
    const auto picture = devices::picture_size(input);
    if (picture && std::int64_t{picture->width} * picture->height > devices::kMaxFramePixels)
        std::abort();
    if (!is_utf8(as_bytes(devices::well_formed_utf8(as_text(input))))) std::abort();
    if (size > 1) {
        const auto frame =
            devices::luma_from(devices::PixelFormat::Yuyv, input.subspan(2), data[0], data[1]);
        if (frame && frame->luma.size() * 2 > size) std::abort();
    }
    return 0;
}
