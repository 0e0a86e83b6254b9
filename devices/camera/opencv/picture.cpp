// SPDX-License-Identifier: Apache-2.0
// JPEG by its own library, the rest by imdecode.
#include "devices/camera/opencv/picture.hpp"

#include <cerrno>
#include <charconv>
#include <fstream>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <opencv2/imgcodecs.hpp>

#include "daemon/runtime/unique_fd.hpp"
#include "devices/camera/jpeg/jpeg.hpp"
#include "devices/camera/opencv/foreign.hpp"
#include "devices/camera/picture_size.hpp"

namespace stile::devices {
namespace {

constexpr std::uintmax_t kMaxFileBytes = 64U << 20U;

// A QR code reads the same way up or not, so the turn that a photograph's head asks for is skipped.
constexpr int kFlags = cv::IMREAD_GRAYSCALE | cv::IMREAD_IGNORE_ORIENTATION;

Result<Frame> decode_sized(Bytes file, PictureSize size) {
    Frame frame{static_cast<int>(size.width), static_cast<int>(size.height)};
    // OpenCV only reads from the buffer; its interface has no const.
    const cv::Mat input{1, static_cast<int>(file.size()), CV_8UC1,
                        const_cast<std::uint8_t*>(file.data())};
    const cv::Mat picture = cv::imdecode(input, kFlags);
    // A decoder that disagrees about the size was lied to by the head.
    if (picture.cols != frame.width || picture.rows != frame.height)
        return fail(Errc::Invalid, "a damaged picture");
    picture.copyTo(cv::Mat{frame.height, frame.width, CV_8UC1, frame.luma.data()});
    return frame;
}

std::unexpected<Error> cannot_use(const std::filesystem::path& file, int error) {
    const Errc code = error == ENOENT ? Errc::NotFound : error == EACCES ? Errc::Denied : Errc::Io;
    return fail(code, fmt::format("{}: {}", file.native(), std::system_category().message(error)));
}

Result<Buffer> read_file(const std::filesystem::path& file) {
    std::error_code error;
    const std::uintmax_t bytes = std::filesystem::file_size(file, error);
    if (error) return cannot_use(file, error.value());
    if (bytes > kMaxFileBytes) return fail(Errc::Invalid, file.native() + ": larger than 64 MiB");
    Buffer content(bytes);
    std::ifstream in{file, std::ios::binary};
    if (!in) return cannot_use(file, errno);
    in.read(reinterpret_cast<char*>(content.data()), static_cast<std::streamsize>(bytes));
    content.resize(static_cast<std::size_t>(in.gcount()));
    return content;
}

// /dev/fd/N is a file that whoever started this program has opened.
Result<UniqueFd> open_to_write(const std::filesystem::path& file) {
    const std::string_view name = file.native();
    if (constexpr std::string_view kOpen = "/dev/fd/"; name.starts_with(kOpen)) {
        int number = -1;
        std::from_chars(name.data() + kOpen.size(), name.data() + name.size(), number);
        UniqueFd out{::fcntl(number, F_DUPFD_CLOEXEC, 0)};
        if (!out || ::ftruncate(out.get(), 0) != 0) return cannot_use(file, errno);
        return out;
    }
    if (file.extension() != ".png")
        return fail(Errc::Invalid, file.native() + ": must end in .png");
    UniqueFd out{::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600)};
    if (!out) return cannot_use(file, errno);
    return out;
}

}  // namespace

Result<Frame> decode_picture(Bytes file) {
    const auto size = picture_size(file);
    if (!size) return std::unexpected{size.error()};
    if (as_text(file).starts_with("\xFF\xD8")) {
        auto frame = decode_jpeg(file);
        if (frame || frame.error().code != Errc::Unsupported) return frame;
    }
    return guarded(Errc::Invalid, "a damaged picture", [&] { return decode_sized(file, *size); });
}

Result<Frame> read_picture(const std::filesystem::path& file) {
    const auto content = read_file(file);
    if (!content) return std::unexpected{content.error()};
    auto frame = decode_picture(*content);
    if (!frame) return fail(file.native(), std::move(frame.error()));
    return frame;
}

Result<void> store_picture(const std::filesystem::path& file, const Frame& frame) {
    const auto out = open_to_write(file);
    if (!out) return std::unexpected{out.error()};
    // As above, a view that is only read.
    const cv::Mat picture{frame.height, frame.width, CV_8UC1,
                          const_cast<std::uint8_t*>(frame.luma.data()),
                          static_cast<std::size_t>(frame.stride)};
    const auto png = guarded(Errc::Io, file.native(), [&]() -> Result<Buffer> {
        Buffer bytes;
        cv::imencode(".png", picture, bytes);
        return bytes;
    });
    if (!png) return std::unexpected{png.error()};
    const auto written = ::write(out->get(), png->data(), png->size());
    if (written < 0) return cannot_use(file, errno);
    if (static_cast<std::size_t>(written) != png->size())
        return fail(Errc::Io, file.native() + ": only a part could be written");
    return {};
}

}  // namespace stile::devices
