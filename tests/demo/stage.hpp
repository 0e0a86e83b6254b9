// SPDX-License-Identifier: Apache-2.0
// What a gate camera would see: a hall, and tickets that people hold into the picture.
#pragma once

#include <random>
#include <vector>

#include <opencv2/core.hpp>

namespace stile::demo {

inline constexpr int kWidth = 1280;
inline constexpr int kHeight = 720;
inline constexpr int kFramesPerSecond = 25;

// A QR code on a sheet of paper, and how many pixels one of its modules has there.
struct Paper {
    cv::Mat picture;
    double module_pixels = 1;
};

// Puts the picture of a QR code on slightly grey paper with a margin.
[[nodiscard]] Paper paper_of(const cv::Mat& code);

// Renders frames that look like a camera's. The same seed gives the same frames.
class Stage {
public:
    explicit Stage(unsigned seed);

    // The hall with nobody in it.
    [[nodiscard]] cv::Mat empty_frame();
    // `paper` on its way: 0 enters the picture, 1 has left it. In between it is held still, as
    // still as a hand can.
    [[nodiscard]] cv::Mat frame_with(const Paper& paper, double progress);
    // A new person: another angle, distance and light.
    void next_person();

private:
    struct Person {
        double yaw, pitch, roll;  // radians
        double module_pixels;     // in the frame
        double centre_x, centre_y;
        double light;
        double rhythm;  // of the hand's tremor
    };
    [[nodiscard]] cv::Matx33d view_of(const Paper& paper, double progress) const;
    void expose(cv::Mat& frame);
    double uniform(double low, double high);

    std::mt19937 random_;
    cv::Mat hall_;
    std::vector<cv::Mat> noise_;  // larger than a frame; each frame takes another corner
    Person person_{};
    int frame_number_ = 0;
};

}  // namespace stile::demo
