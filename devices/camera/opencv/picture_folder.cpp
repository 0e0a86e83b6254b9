// SPDX-License-Identifier: Apache-2.0
// One file after the other, at its beat.
#include "devices/camera/opencv/picture_folder.hpp"

#include <chrono>
#include <utility>

#include "daemon/runtime/event_loop.hpp"
#include "devices/camera/opencv/picture.hpp"
#include "devices/camera/picture_files.hpp"

namespace stile::devices {

PictureFolder::PictureFolder(std::vector<std::filesystem::path> files, int rate)
    : files_{std::move(files)}, pace_{std::chrono::nanoseconds{std::chrono::seconds{1}} / rate} {}

Result<std::unique_ptr<FrameSource>> PictureFolder::open(const std::filesystem::path& folder,
                                                         int rate) {
    auto files = picture_files(folder);
    if (!files) return std::unexpected{std::move(files.error())};
    return std::unique_ptr<FrameSource>{new PictureFolder{std::move(*files), rate}};
}

Result<Frame> PictureFolder::next(const std::stop_token& stop) {
    if (position_ == files_.size()) return fail(Errc::Closed, "the last picture was shown");
    if (!pace_.wait(stop)) return fail(Errc::Closed, "asked to stop");
    auto frame = read_picture(files_[position_++]);
    if (!frame) return fail(Errc::Invalid, std::move(frame.error().context));
    frame->captured_ns = EventLoop::monotonic_ns();
    return frame;
}

}  // namespace stile::devices
