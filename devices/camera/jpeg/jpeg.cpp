// SPDX-License-Identifier: Apache-2.0
// libjpeg-turbo's own interface: unlike libjpeg's it prints no warnings, and says that there were
// some.
#include "devices/camera/jpeg/jpeg.hpp"

#include <memory>

#include <fmt/format.h>
#include <turbojpeg.h>

namespace stile::devices {
namespace {

struct Destroy {
    void operator()(void* handle) const { (void)::tjDestroy(handle); }  // fails for null only
};

// A progressive picture may have scans without end, each of which costs as much as a picture.
constexpr int kFlags = TJFLAG_LIMITSCANS;

std::unexpected<Error> damaged(tjhandle handle) {
    return fail(Errc::Invalid, std::string{"a damaged JPEG: "} + ::tjGetErrorStr2(handle));
}

}  // namespace

Result<Frame> decode_jpeg(Bytes jpeg) {
    const std::unique_ptr<void, Destroy> owner{::tjInitDecompress()};
    tjhandle handle = owner.get();
    if (handle == nullptr) return fail(Errc::Io, "no memory for a JPEG");
    int width = 0;
    int height = 0;
    int sampling = 0;
    int colours = 0;
    if (::tjDecompressHeader3(handle, jpeg.data(), jpeg.size(), &width, &height, &sampling,
                              &colours) != 0 &&
        ::tjGetErrorCode(handle) == TJERR_FATAL) {
        return damaged(handle);
    }
    if (width <= 0 || height <= 0 || std::int64_t{width} * height > kMaxFramePixels)
        return fail(Errc::Invalid, fmt::format("a JPEG of {} x {} pixels", width, height));
    if (colours == TJCS_CMYK || colours == TJCS_YCCK)
        return fail(Errc::Unsupported, "a JPEG in the colours of a printer");
    Frame frame{width, height};
    if (::tjDecompress2(handle, jpeg.data(), jpeg.size(), frame.luma.data(), width, frame.stride,
                        height, TJPF_GRAY, kFlags) != 0) {
        if (::tjGetErrorCode(handle) == TJERR_FATAL) return damaged(handle);
        frame.damaged = true;
    }
    return frame;
}

}  // namespace stile::devices
