// SPDX-License-Identifier: Apache-2.0
// stilectl doctor: the whole gate, or a part of it; cameras and USB by the reader's own program.
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "daemon/config/site.hpp"
#include "daemon/doctor/examine.hpp"
#include "daemon/doctor/json.hpp"
#include "daemon/doctor/text.hpp"
#include "daemon/runtime/exit_code.hpp"
#include "daemon/stilectl/cli.hpp"

namespace stile {
namespace {

using doctor::Part;

constexpr std::string_view kHelp =
    "Examine the whole gate in about ten seconds: a sentence and a way out for each thing. Exit "
    "code 0: all is good or to look at; 1: something is bad; 78: the site file is wrong";

struct CameraWishes {
    std::string source;
    std::string reader;
    std::string picture;
    int seconds = 5;
};

std::string first_camera_of(const config::Site& site) {
    for (const config::Reader& reader : site.readers) {
        if (config::kind_of(reader) == config::ReaderKind::Camera) return reader.name;
    }
    return {};
}

// The reader's user may not write where root may, so root opens the file for it. It stays open in
// the program that this one becomes.
Result<std::string> opened_for_reader(const std::string& picture) {
    if (::geteuid() != 0 || !picture.ends_with(".png")) return picture;
    const int fd = ::open(picture.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW, 0600);
    if (fd >= 0) return fmt::format("/dev/fd/{}", fd);
    return fail(Errc::Io, picture + ": " + std::system_category().message(errno));
}

// Without a camera's name it is the first of the site file, or else the first that is plugged in.
int examine_camera(const Session& session, const CameraWishes& wishes) {
    std::vector<std::string> words;
    std::string reader = wishes.reader;
    if (wishes.source.empty() && reader.empty()) {
        const auto site = config::load_site(session.config);
        if (!site && site.error().code != Errc::NotFound) return failed(site.error());
        if (site) reader = first_camera_of(*site);
        if (reader.empty()) words.emplace_back("--doctor=/dev/video0");
    }
    if (!wishes.source.empty()) words.push_back("--doctor=" + wishes.source);
    if (words.empty()) words.emplace_back("--doctor");
    if (!reader.empty()) words.insert(words.end(), {"--config", session.config, "--name", reader});
    if (session.json) words.emplace_back("--json");
    words.insert(words.end(), {"--seconds", std::to_string(wishes.seconds)});
    if (!wishes.picture.empty()) {
        auto picture = opened_for_reader(wishes.picture);
        if (!picture) return failed(picture.error());
        words.insert(words.end(), {"--picture", std::move(*picture)});
    }
    return become_reader(std::move(words), Rights::Reader);
}

// Without a site file: what is there, for no reader at all.
int examine_usb(const Session& session) {
    std::vector<std::string> words{"--doctor-usb"};
    std::error_code error;
    if (std::filesystem::exists(session.config, error))
        words.insert(words.end(), {"--config", session.config});
    if (session.json) words.emplace_back("--json");
    return become_reader(std::move(words));
}

int examine(const Session& session, Part part) {
    const auto examined = doctor::examine(session.config, session.socket, part);
    if (session.json) {
        fmt::print("{}", doctor::findings_json(examined.findings));
        return examined.exit_code;
    }
    const auto colour = ::isatty(STDOUT_FILENO) == 1 ? Colour::On : Colour::Off;
    fmt::print("{}\n{}\n", doctor::findings_text(examined.findings, colour),
               doctor::summary(examined.findings));
    return examined.exit_code;
}

void add_camera(CLI::App& doctor, Session& session) {
    const auto wishes = std::make_shared<CameraWishes>();  // lives as long as the callbacks
    auto* camera = doctor.add_subcommand(
        "camera", "Look through a camera for some seconds. Exit code 1: it is not ok");
    camera->add_option("source", wishes->source,
                       "Device, stream address, video file or folder of pictures; default: that "
                       "of the reader");
    camera->add_option("--reader", wishes->reader,
                       "A reader of the site file; default: the first one");
    camera->add_option("--picture", wishes->picture, "Write one picture to this .png file");
    camera->add_option("--seconds", wishes->seconds, "How long to look")
        ->check(CLI::Range(1, 600))
        ->capture_default_str();
    camera->callback([&session, wishes] { session.code = examine_camera(session, *wishes); });
}

void add_usb(CLI::App& doctor, Session& session) {
    auto* usb = doctor.add_subcommand(
        "usb",
        "Show what is on USB, and what stile does with it and why. Exit code 1: a reader of "
        "the site file has no device");
    usb->callback([&session] { session.code = examine_usb(session); });
}

void add_part(CLI::App& doctor, Session& session, Part part, const char* name, const char* help) {
    doctor.add_subcommand(name, help)->callback([&session, part] {
        session.code = examine(session, part);
    });
}

}  // namespace

void add_doctor_command(CLI::App& app, Session& session) {
    auto* doctor = app.add_subcommand("doctor", std::string{kHelp});
    doctor->require_subcommand(0, 1);
    add_camera(*doctor, session);
    add_usb(*doctor, session);
    add_part(*doctor, session, Part::Broker, "broker",
             "Examine the way to each broker: name, connection, TLS, login, rights");
    add_part(*doctor, session, Part::Disk, "disk",
             "Examine the disk of the state folder, and measure its writes for a second");
    add_part(*doctor, session, Part::Clock, "clock", "Examine the clocks and the time zone");
    doctor->callback([doctor, &session] {
        if (doctor->get_subcommands().empty()) session.code = examine(session, Part::All);
    });
}

}  // namespace stile
