// SPDX-License-Identifier: Apache-2.0
// A pinhole camera, a hand that trembles, a lens that blurs and a sensor that hisses.
#include "tests/demo/stage.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include <opencv2/imgproc.hpp>

namespace stile::demo {
namespace {

constexpr double kFocalPixels = 1100;
constexpr int kNoiseMargin = 64;
constexpr double kPi = std::numbers::pi;

// The first dark run of a QR code's first dark row is the upper edge of a finder: seven modules.
double module_pixels(const cv::Mat& grey) {
    for (int y = 0; y < grey.rows; ++y) {
        const auto* row = grey.ptr<std::uint8_t>(y);
        const auto* dark = std::find_if(row, row + grey.cols, [](auto v) { return v < 128; });
        const auto* light = std::find_if(dark, row + grey.cols, [](auto v) { return v >= 128; });
        if (light - dark >= 7) return static_cast<double>(light - dark) / 7;
    }
    return 1;
}

// 0 at both ends, 1 while the ticket is held: a hand comes in, rests, and goes.
double presence(double progress) {
    constexpr double kWay = 0.2;
    const double edge = std::min(progress, 1 - progress) / kWay;
    return edge >= 1 ? 1 : 0.5 - 0.5 * std::cos(kPi * std::max(edge, 0.0));
}

cv::Mat paint_hall(std::mt19937& random) {
    cv::Mat hall(kHeight, kWidth, CV_8UC3);
    for (int y = 0; y < kHeight; ++y) {
        for (int x = 0; x < kWidth; ++x) {
            const double shade = 70 + 60.0 * x / kWidth + 30 * std::sin(y / 90.0);
            hall.at<cv::Vec3b>(y, x) = {cv::saturate_cast<std::uint8_t>(shade * 1.05),
                                        cv::saturate_cast<std::uint8_t>(shade),
                                        cv::saturate_cast<std::uint8_t>(shade * 0.9)};
        }
    }
    // People and posts far behind the ticket: shapes of all sizes, out of focus.
    std::uniform_int_distribution<int> any{0, 1 << 20};
    for (int i = 0; i < 40; ++i) {
        const int x = any(random) % kWidth;
        const int y = any(random) % kHeight;
        const double shade = 30 + any(random) % 150;
        const double warmth = 0.9 + 0.01 * (any(random) % 20);  // blue against red
        const cv::Scalar colour{shade / warmth, shade, shade * warmth};
        cv::rectangle(hall, cv::Rect{x, y, 20 + any(random) % 160, 40 + any(random) % 260}, colour,
                      cv::FILLED);
    }
    cv::GaussianBlur(hall, hall, {}, 9);
    return hall;
}

cv::Matx33d rotation(double yaw, double pitch, double roll) {
    const cv::Matx33d about_y{std::cos(yaw),  0, std::sin(yaw), 0, 1, 0,
                              -std::sin(yaw), 0, std::cos(yaw)};
    const cv::Matx33d about_x{
        1, 0, 0, 0, std::cos(pitch), -std::sin(pitch), 0, std::sin(pitch), std::cos(pitch)};
    const cv::Matx33d about_z{
        std::cos(roll), -std::sin(roll), 0, std::sin(roll), std::cos(roll), 0, 0, 0, 1};
    return about_z * about_x * about_y;
}

}  // namespace

Paper paper_of(const cv::Mat& code) {
    cv::Mat grey;
    if (code.channels() == 1) {
        grey = code;
    } else {
        cv::cvtColor(code, grey, cv::COLOR_BGR2GRAY);
    }
    const double module = module_pixels(grey);
    const int margin = static_cast<int>(std::lround(6 * module));
    cv::Mat sheet;
    cv::copyMakeBorder(grey, sheet, margin, margin, margin, margin, cv::BORDER_CONSTANT, 255);
    sheet.convertTo(sheet, CV_8U, 190.0 / 255, 35);  // ink is not black, paper is not white
    cv::cvtColor(sheet, sheet, cv::COLOR_GRAY2BGR);
    return {sheet, module};
}

Stage::Stage(unsigned seed) : random_{seed}, hall_{paint_hall(random_)} {
    cv::RNG noise_source{seed};
    for (int i = 0; i < 4; ++i) {
        cv::Mat field(kHeight + kNoiseMargin, kWidth + kNoiseMargin, CV_8UC1);
        noise_source.fill(field, cv::RNG::NORMAL, 128, 3);
        cv::cvtColor(field, field, cv::COLOR_GRAY2BGR);
        noise_.push_back(field);
    }
    next_person();
}

double Stage::uniform(double low, double high) {
    // Not std::uniform_real_distribution: its numbers differ between libraries.
    return low +
           (high - low) * static_cast<double>(random_()) / static_cast<double>(std::mt19937::max());
}

void Stage::next_person() {
    person_ = {.yaw = uniform(-0.25, 0.25),
               .pitch = uniform(-0.25, 0.25),
               .roll = uniform(-0.2, 0.2),
               .module_pixels = uniform(4.5, 6),
               .centre_x = uniform(0.42, 0.58) * kWidth,
               .centre_y = uniform(0.45, 0.55) * kHeight,
               .light = uniform(0.85, 1.15),
               .rhythm = uniform(0, 2 * kPi)};
}

// From the paper's pixels to the frame's.
cv::Matx33d Stage::view_of(const Paper& paper, double progress) const {
    const double sway = std::sin(5 * kPi * progress + person_.rhythm);
    const double tremor = std::sin(17 * kPi * progress + person_.rhythm);
    const cv::Matx33d turn = rotation(person_.yaw + 0.10 * sway, person_.pitch + 0.06 * tremor,
                                      person_.roll + 0.05 * sway);
    const double tallest = 0.85 * kHeight / std::max(paper.picture.rows, paper.picture.cols);
    const double scale = std::min(person_.module_pixels / paper.module_pixels, tallest);
    const double x = person_.centre_x + 12 * sway + 3 * tremor;
    const double below = 1.1 * kHeight;  // hands come from below
    const double y = person_.centre_y + 5 * tremor + below * (1 - presence(progress));
    // The paper lies in the plane z = 0 around its middle, one focal length from the lens.
    const cv::Matx33d lens{kFocalPixels, 0, x, 0, kFocalPixels, y, 0, 0, 1};
    const cv::Matx33d plane{scale, 0,     -scale * paper.picture.cols / 2.0,
                            0,     scale, -scale * paper.picture.rows / 2.0,
                            0,     0,     1};
    const cv::Matx33d pose{turn(0, 0), turn(0, 1), 0,          turn(1, 0),  turn(1, 1),
                           0,          turn(2, 0), turn(2, 1), kFocalPixels};
    return lens * pose * plane;
}

// Light, lens and sensor.
void Stage::expose(cv::Mat& frame) {
    ++frame_number_;
    const double flicker = 1 + 0.03 * std::sin(frame_number_ * 0.7);
    frame.convertTo(frame, CV_8U, person_.light * flicker, 0);
    cv::GaussianBlur(frame, frame, {}, 0.7);
    const cv::Mat& field = noise_[random_() % noise_.size()];
    const int x = static_cast<int>(random_() % kNoiseMargin);
    const int y = static_cast<int>(random_() % kNoiseMargin);
    cv::addWeighted(frame, 1, field({x, y, kWidth, kHeight}), 1, -128, frame);
}

cv::Mat Stage::empty_frame() {
    cv::Mat frame = hall_.clone();
    expose(frame);
    return frame;
}

cv::Mat Stage::frame_with(const Paper& paper, double progress) {
    cv::Mat frame = hall_.clone();
    const cv::Matx33d view = view_of(paper, progress);
    cv::warpPerspective(paper.picture, frame, view, frame.size(), cv::INTER_AREA,
                        cv::BORDER_TRANSPARENT);
    expose(frame);
    return frame;
}

}  // namespace stile::demo
