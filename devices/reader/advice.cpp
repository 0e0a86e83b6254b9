// SPDX-License-Identifier: Apache-2.0
// The sentences of stilectl doctor camera.
#include <fmt/format.h>

#include "devices/camera/sharpness.hpp"
#include "devices/camera/source_name.hpp"
#include "devices/reader/examination.hpp"

namespace stile::devices {
namespace {

using Sentences = std::vector<std::string>;

constexpr int kMuchNoise = 600;   // hundredths of a shade
constexpr int kSlow = 10;         // pictures a second
constexpr int kSmallWidth = 640;  // a ticket's code needs 160 pixels, and people hold it far away
constexpr int kDamagedPercent = 2;

std::string about_failure(const Findings& found) {
    const bool stream = is_address(found.source);
    switch (found.failure->code) {
        case Errc::NotFound:
            return "There is nothing at that name. Plug the camera in, and see what is there with: "
                   "/usr/libexec/stile/stile-reader --list";
        case Errc::Denied:
            return "You may not use this camera. Join the group video, or run this as root, who "
                   "looks with the rights of the gate's readers.";
        case Errc::Timeout:
            return stream ? "The camera accepts the connection and sends no picture. Look at the "
                            "path in its address, and switch it off and on."
                          : "The camera sends nothing. Unplug it and plug it in again.";
        case Errc::Io:
        case Errc::Closed:
            return stream ? "The camera cannot be reached, or shows no video there. Look at its "
                            "address, user and password, and at the cable."
                          : "Perhaps another program uses the camera. If it is a reader, stop it "
                            "first: systemctl stop stile-reader@NAME";
        case Errc::Invalid:
        case Errc::Full:
        case Errc::Corrupt:
        case Errc::Config:
        case Errc::Unsupported:
            return "stile cannot use this source. Choose another camera, or another address.";
    }
    return {};
}

std::string about_condition(Condition condition) {
    switch (condition) {
        case Condition::Starting:
            return "No picture came. Unplug the camera and plug it in again.";
        case Condition::Ok:
        case Condition::Unplugged:
            return {};
        case Condition::Wedged:
            return "The camera is open and sends no pictures. Unplug it and plug it in again; if "
                   "that does not help, ask for a smaller width and height.";
        case Condition::Dark:
            return "The picture is too dark: put light where tickets are held, take the cap off "
                   "the "
                   "lens, or set a longer exposure_us.";
        case Condition::Overexposed:
            return "The picture is too bright: turn the camera away from lamps and windows, or set "
                   "a shorter exposure_us.";
        case Condition::Covered:
            return "The picture has only one shade: clean the lens, and see whether something is "
                   "before it. A plain wall looks the same; then all is well.";
        case Condition::Frozen:
            return "The picture does not change, not even by noise: unplug the camera and plug it "
                   "in again. A drawing that is played as a camera looks the same.";
    }
    return {};
}

void about_rate(const Findings& found, Sentences& out) {
    const double rate = found.pictures_a_second;
    if (rate <= 0) return;
    if (rate < kSlow) {
        out.push_back(fmt::format(
            "Only {:.1f} pictures a second: codes are read late. Light helps, since automatic "
            "exposure slows a camera down; so do pixel_format = \"mjpg\" and a smaller size.",
            rate));
    } else if (found.given.rate > 0 && rate < 0.7 * found.given.rate) {
        out.push_back(fmt::format(
            "The camera promises {:.0f} pictures a second and sends {:.1f}: put light on the scene "
            "or set exposure_us, and use a port of its own, without a hub.",
            found.given.rate, rate));
    }
}

void about_picture(const Findings& found, Sentences& out) {
    const bool good = found.condition == Condition::Ok;
    if (good && found.sharpness && *found.sharpness < kBlurred) {
        out.emplace_back(
            "The picture is not sharp: wipe the lens, and turn it until print at the distance of a "
            "ticket is crisp.");
    }
    if (good && found.look.noise && *found.look.noise > kMuchNoise)
        out.emplace_back("The picture is noisy: more light helps more than any setting.");
    if (found.width > 0 && found.width < kSmallWidth) {
        out.push_back(fmt::format("{} x {} pixels are few: tickets must be held very close.",
                                  found.width, found.height));
    }
    const std::uint64_t all = found.pictures + found.damaged;
    if (found.damaged * 100 > all * kDamagedPercent) {
        out.push_back(
            fmt::format("{} pictures arrived damaged: try another cable, and a port without a hub.",
                        found.damaged));
    }
}

}  // namespace

std::vector<std::string> advice(const Findings& found) {
    Sentences out;
    if (found.failure) out.push_back(about_failure(found));
    if (auto sentence = about_condition(found.condition); !sentence.empty() && !found.failure)
        out.push_back(std::move(sentence));
    about_picture(found, out);
    about_rate(found, out);
    if (const auto other = differences(found.asked, found.given); !other.empty()) {
        out.push_back(
            fmt::format("The camera gives {}: write into the site file what it can do.", other));
    }
    if (found.pictures > 0 && found.pictures_with_code == 0 && found.condition == Condition::Ok)
        out.emplace_back("No code was read: hold a ticket before the camera and run this again.");
    return out;
}

}  // namespace stile::devices
