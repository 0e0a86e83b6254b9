// SPDX-License-Identifier: Apache-2.0
// Folders and video files played as cameras.
#include <chrono>

#include <gtest/gtest.h>

#include "devices/camera/opencv/open_source.hpp"
#include "devices/camera/zxing/zxing_decoder.hpp"
#include "tests/devices/film.hpp"
#include "tests/devices/fixtures.hpp"

namespace stile::devices {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using Clock = std::chrono::steady_clock;

// What is seen from the beginning to the end; "-" for a frame without a code, "!" for a damaged
// one.
std::string play(FrameSource& source) {
    const ZxingDecoder decoder;
    std::string seen;
    while (true) {
        const auto frame = source.next({});
        if (!frame && frame.error().code == Errc::Closed) return seen;
        if (!frame) {
            seen += frame.error().code == Errc::Invalid ? "!" : "?";
            continue;
        }
        const auto codes = decoder.decode(*frame).value();
        seen += codes.empty() ? "-" : codes[0].text;
    }
}

std::unique_ptr<FrameSource> open(const std::filesystem::path& path, int rate = 100) {
    auto source = open_source(path.native(), {.rate = rate});
    EXPECT_TRUE(source.has_value()) << (source ? "" : source.error().context);
    return source ? std::move(*source) : nullptr;
}

Errc open_error(const std::string& source) {
    const auto opened = open_source(source, {});
    return opened ? Errc::Unsupported : opened.error().code;
}

TEST(PictureFolder, PlaysInNaturalOrderAndEnds) {
    const TempFolder folder;
    write_picture(folder / "f10.pgm", frame_with_code("B"));
    write_picture(folder / "f9.pgm", frame_with_code("A"));
    write_picture(folder / "f11.pgm", empty_frame());
    EXPECT_EQ(play(*open(folder.path())), "AB-");
}

TEST(PictureFolder, GoesOnAfterADamagedPicture) {
    const TempFolder folder;
    write_picture(folder / "1.pgm", frame_with_code("A"));
    write_file(folder / "2.png", "not a picture");
    write_file(folder / "3.jpg", "");
    write_picture(folder / "4.pgm", frame_with_code("B"));
    EXPECT_EQ(play(*open(folder.path())), "A!!B");
}

TEST(PictureFolder, KeepsTheRate) {
    const TempFolder folder;
    for (int i = 0; i < 6; ++i)
        write_picture(folder / std::to_string(i).append(".pgm"), Frame{8, 8});
    const auto source = open(folder.path(), 20);
    const auto begin = Clock::now();
    (void)play(*source);
    EXPECT_GE(Clock::now() - begin, 250ms);
}

TEST(PictureFolder, StampsFramesInOrder) {
    const TempFolder folder;
    write_picture(folder / "1.pgm", Frame{8, 8});
    write_picture(folder / "2.pgm", Frame{8, 8});
    const auto source = open(folder.path());
    const auto first = source->next({}).value().captured_ns;
    EXPECT_LT(first, source->next({}).value().captured_ns);
}

TEST(PictureFolder, EndsTheWaitWhenAskedToStop) {
    const TempFolder folder;
    write_picture(folder / "1.pgm", Frame{8, 8});
    write_picture(folder / "2.pgm", Frame{8, 8});
    const auto source = open(folder.path(), 1);
    std::stop_source stop;
    ASSERT_TRUE(source->next(stop.get_token()).has_value());
    stop.request_stop();
    EXPECT_EQ(source->next(stop.get_token()).error().code, Errc::Closed);
}

TEST(VideoFile, PlaysMotionJpegAtItsOwnRateAndEnds) {
    const TempFolder folder;
    write_film(folder / "film.avi", "MJPG", 25,
               {empty_frame(), frame_with_code("A"), frame_with_code("A"), frame_with_code("B")});
    const auto source = open(folder / "film.avi", 1);
    const auto begin = Clock::now();
    EXPECT_EQ(play(*source), "-AAB");
    EXPECT_GE(Clock::now() - begin, 120ms);
    EXPECT_LT(Clock::now() - begin, 3s);  // not at the rate of the site file
}

TEST(VideoFile, PlaysOtherCodecsThroughColour) {
    const TempFolder folder;
    write_film(folder / "film.avi", "FFV1", 100, {frame_with_code("A"), empty_frame()});
    EXPECT_EQ(play(*open(folder / "film.avi")), "A-");
}

TEST(VideoFile, GivesTheSizeOfTheFilm) {
    const TempFolder folder;
    write_film(folder / "film.avi", "MJPG", 100, {Frame{320, 240}});
    const auto frame = open(folder / "film.avi")->next({});
    ASSERT_TRUE(frame.has_value());
    EXPECT_EQ(frame->width, 320);
    EXPECT_EQ(frame->height, 240);
    EXPECT_EQ(frame->luma.size(), 320U * 240U);
}

TEST(VideoFile, SurvivesAFilmThatIsCutOff) {
    const TempFolder folder;
    const auto film = folder / "film.avi";
    write_film(film, "MJPG", 100, std::vector<Frame>(20, frame_with_code("A")));
    std::filesystem::resize_file(film, std::filesystem::file_size(film) / 2);
    if (const auto source = open_source(film.native(), {})) {
        EXPECT_TRUE(play(**source).starts_with("AAA"));
    }
}

TEST(VideoFile, RefusesWhatIsNoVideo) {
    const TempFolder folder;
    write_file(folder / "text.avi", "this is no video at all");
    EXPECT_EQ(open_error((folder / "text.avi").native()), Errc::Unsupported);
    write_file(folder / "empty.avi", "");
    EXPECT_EQ(open_error((folder / "empty.avi").native()), Errc::Unsupported);
}

TEST(OpenSource, RefusesAFileThatIsNotThere) {
    EXPECT_EQ(open_error("/nowhere/at/all.avi"), Errc::NotFound);
}

TEST(OpenSource, RefusesACameraThatIsNotThere) {
    EXPECT_EQ(open_error("/dev/video987"), Errc::NotFound);
}

TEST(OpenSource, RefusesADeviceThatIsNoCamera) {
    EXPECT_EQ(open_error("/dev/null"), Errc::Io);
}

}  // namespace
}  // namespace stile::devices
