// SPDX-License-Identifier: Apache-2.0
// CLI11 and the rules between the options.
#include "devices/reader/cli.hpp"

#include <array>

#include <CLI/CLI.hpp>

#include "daemon/runtime/exit_code.hpp"

namespace stile::devices {
namespace {

using Action = Options::Action;

struct Switches {
    bool once = false;
    bool check_config = false;
    bool files = false;
    bool list = false;
    bool doctor = false;
    bool doctor_usb = false;
};

constexpr std::array kOfDoctor{"--picture", "--seconds", "--pixel-format", "--width",
                               "--height",  "--rate",    "--exposure-us"};

// The same limits as in the site file.
void declare_doctor(CLI::App& app, Options& options) {
    const std::string group = "Of --doctor";
    Wishes& wishes = options.wishes;
    app.add_option("--doctor", options.source,
                   "Examine a camera, stream, video file or folder of pictures, and give advice; "
                   "without SOURCE that of the reader")
        ->type_name("SOURCE")
        ->expected(0, 1);
    app.add_option("--picture", options.picture,
                   "Write the last picture to this .png file, or into an open one: /dev/fd/N")
        ->group(group);
    app.add_option("--seconds", options.seconds, "How long to look")
        ->check(CLI::Range(1, 600))
        ->capture_default_str()
        ->group(group);
    app.add_flag("--json", options.json, "Print JSON for machines")->group(group);
    app.add_option("--pixel-format", wishes.pixel_format, "auto, mjpg, yuyv or grey")
        ->check(CLI::IsMember({"auto", "mjpg", "yuyv", "grey"}))
        ->group(group);
    app.add_option("--width", wishes.width, "Pixels")->check(CLI::Range(64, 8192))->group(group);
    app.add_option("--height", wishes.height, "Pixels")->check(CLI::Range(64, 8192))->group(group);
    app.add_option("--rate", wishes.rate, "Pictures a second")
        ->check(CLI::Range(1, 240))
        ->group(group);
    app.add_option("--exposure-us", wishes.exposure_us, "Microseconds; 0: automatic")
        ->check(CLI::Range(0, 1'000'000))
        ->group(group);
}

void declare(CLI::App& app, Options& options, Switches& on) {
    app.set_version_flag("--version", "stile-reader " STILE_VERSION);
    app.add_option("-c,--config", options.config, "The site file");
    app.add_option("--name", options.name, "Which reader of the site file this is");
    app.add_flag("--once", on.once, "End when the file or folder that is played is at its end");
    app.add_flag("--check-config", on.check_config, "Only check the site file");
    app.add_flag("--files", on.files, "Decode the picture files; one JSON line each");
    app.add_option("--sequence", options.folder, "Play a folder of pictures; one JSON line a scan");
    app.add_flag("--list", on.list, "Show cameras and USB devices");
    app.add_flag("--doctor-usb", on.doctor_usb,
                 "Show what is on USB, and what stile does with it and why; with --config for the "
                 "readers of that site file");
    app.add_option("FILE", options.files, "Picture files for --files");
    declare_doctor(app, options);
}

// Sets the one action that is asked for; returns what is wrong, or nothing.
std::string choose(Options& options, const Switches& on) {
    const int actions = int{on.check_config} + int{on.files} + int{on.list} +
                        int{!options.folder.empty()} + int{on.doctor} + int{on.doctor_usb};
    if (actions > 1) {
        return "only one of --check-config, --files, --sequence, --list, --doctor and --doctor-usb";
    }
    if (options.json && !on.doctor && !on.doctor_usb)
        return "--json is for --doctor and --doctor-usb only";
    if (on.files) options.action = Action::Files;
    if (on.list) options.action = Action::List;
    if (on.check_config) options.action = Action::CheckConfig;
    if (!options.folder.empty()) options.action = Action::Sequence;
    if (on.doctor) options.action = Action::Doctor;
    if (on.doctor_usb) options.action = Action::DoctorUsb;
    options.run = on.once ? Options::Run::Once : Options::Run::ForEver;

    const bool of_reader = options.action == Action::Read || (on.doctor && options.source.empty());
    if ((of_reader || on.check_config) && options.config.empty()) return "--config FILE is needed";
    if (of_reader && options.name.empty()) return "--name NAME is needed";
    if (on.doctor && options.config.empty() && !options.name.empty())
        return "--name needs --config FILE";
    if (on.files == options.files.empty())
        return on.files ? "--files needs at least one FILE" : "FILE is for --files only";
    return {};
}

}  // namespace

config::Reader with_wishes(config::Reader settings, const Wishes& wishes) {
    settings.pixel_format = wishes.pixel_format.value_or(settings.pixel_format);
    settings.width = wishes.width.value_or(settings.width);
    settings.height = wishes.height.value_or(settings.height);
    settings.rate = wishes.rate.value_or(settings.rate);
    settings.exposure_us = wishes.exposure_us.value_or(settings.exposure_us);
    return settings;
}

std::expected<Options, int> parse_command_line(int argc, char** argv) {
    Options options;
    Switches on;
    CLI::App app{
        "stile-reader reads tickets with a camera, a card reader or a scanner for stiled."};
    declare(app, options, on);
    try {
        app.parse(argc, argv);
        on.doctor = app.count("--doctor") > 0;
        for (const char* option : kOfDoctor) {
            if (!on.doctor && app.count(option) > 0)
                throw CLI::ValidationError{std::string{option} + " is for --doctor only"};
        }
        if (const std::string wrong = choose(options, on); !wrong.empty())
            throw CLI::ValidationError{wrong};
    } catch (const CLI::ParseError& error) {
        return std::unexpected{app.exit(error) == 0 ? kExitDone : kExitUsage};
    }
    return options;
}

}  // namespace stile::devices
