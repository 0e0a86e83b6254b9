// SPDX-License-Identifier: Apache-2.0
// stile-demo-video: renders a list of tickets into the video of a gate camera.
#include <cmath>
#include <exception>
#include <filesystem>
#include <iostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/videoio.hpp>

#include "daemon/runtime/exit_code.hpp"
#include "tests/demo/scenes.hpp"
#include "tests/demo/stage.hpp"

namespace stile::demo {
namespace {

struct Options {
    std::string scenes;
    std::string out;
    std::string stills;  // folder; empty: none
    double lead_seconds = 1;
    unsigned seed = 1;
};

int frames_in(double seconds) {
    return static_cast<int>(std::lround(seconds * kFramesPerSecond));
}

// Writes frames, and now and then one of them as a picture to look at.
class Film {
public:
    explicit Film(const Options& options) : stills_{options.stills} {
        writer_.open(options.out, cv::CAP_FFMPEG, cv::VideoWriter::fourcc('M', 'J', 'P', 'G'),
                     kFramesPerSecond, {kWidth, kHeight});
    }
    [[nodiscard]] bool opened() const { return writer_.isOpened(); }
    void add(const cv::Mat& frame) {
        writer_.write(frame);
        if (!stills_.empty() && count_ % 10 == 0)
            cv::imwrite(fmt::format("{}/frame{:05}.png", stills_, count_), frame);
        ++count_;
    }
    [[nodiscard]] int count() const { return count_; }

private:
    cv::VideoWriter writer_;
    std::string stills_;
    int count_ = 0;
};

void shoot_empty(Stage& stage, Film& film, double seconds) {
    for (int i = 0; i < frames_in(seconds); ++i)
        film.add(stage.empty_frame());
}

int shoot(const Options& options, const std::vector<Scene>& scenes) {
    Film film{options};
    if (!film.opened()) {
        std::cerr << options.out << ": cannot be written\n";
        return kExitFailed;
    }
    Stage stage{options.seed};
    shoot_empty(stage, film, options.lead_seconds);
    for (const Scene& scene : scenes) {
        const cv::Mat code = cv::imread(scene.picture.native(), cv::IMREAD_COLOR);
        if (code.empty()) {
            std::cerr << scene.picture.native() << ": not a picture\n";
            return kExitFailed;
        }
        const Paper paper = paper_of(code);
        const int frames = frames_in(scene.seconds);
        for (int i = 0; i < frames; ++i)
            film.add(stage.frame_with(paper, (i + 0.5) / frames));
        stage.next_person();
        shoot_empty(stage, film, scene.empty_seconds);
    }
    std::cout << fmt::format("{}: {} scenes, {:.1f} s\n", options.out, scenes.size(),
                             static_cast<double>(film.count()) / kFramesPerSecond);
    return kExitDone;
}

int run(int argc, char** argv) {
    Options options;
    CLI::App app{"Renders tickets into the video of a gate camera (Motion JPEG, 1280x720, 25/s)."};
    app.add_option("--scenes", options.scenes, "Lines of: PICTURE SECONDS EMPTY_SECONDS")
        ->required();
    app.add_option("--out", options.out, "The AVI file to write")->required();
    app.add_option("--stills", options.stills, "Also write every tenth frame as PNG there");
    app.add_option("--lead", options.lead_seconds, "Empty seconds before the first scene");
    app.add_option("--seed", options.seed, "Another seed gives other people and other noise");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? kExitDone : kExitUsage;
    }
    const auto scenes = read_scenes(options.scenes);
    if (!scenes) {
        std::cerr << scenes.error().context << '\n';
        return kExitFailed;
    }
    return shoot(options, *scenes);
}

}  // namespace
}  // namespace stile::demo

int main(int argc, char** argv) {
    try {
        return stile::demo::run(argc, argv);
    } catch (const std::exception& thrown) {
        std::cerr << "stile-demo-video: " << thrown.what() << '\n';
        return stile::kExitFailed;
    }
}
