// SPDX-License-Identifier: Apache-2.0
// stilectl decode and doctor: pictures and devices are looked at by the reader's own program.
#include <cerrno>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include "daemon/config/site.hpp"
#include "daemon/stilectl/cli.hpp"

namespace stile {
namespace {

struct Pictures {
    std::vector<std::string> files;
    std::string sequence;
};

struct Examination {
    std::string source;
    std::string reader;
    std::string picture;
    int seconds = 5;
};

// The reader program beside this one, or where packages put it.
std::string reader_program() {
    std::error_code error;
    const auto here = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
    for (const auto& folder : {here, here / "../libexec/stile"}) {
        if (std::filesystem::exists(folder / "stile-reader", error))
            return (folder / "stile-reader").native();
    }
    return "stile-reader";
}

// Becomes the reader program: pictures are parsed by its code alone. Returns when that fails.
int become_reader(std::vector<std::string> words) {
    const std::string program = reader_program();
    words.insert(words.begin(), program);
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (std::string& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    ::execvp(program.c_str(), arguments.data());
    return failed({Errc::Io, program + ": " + std::system_category().message(errno)});
}

int decode(const Pictures& pictures) {
    std::vector<std::string> words;
    if (!pictures.sequence.empty()) {
        words.insert(words.end(), {"--sequence", pictures.sequence});
    } else {
        words.emplace_back("--files");
        words.insert(words.end(), pictures.files.begin(), pictures.files.end());
    }
    return become_reader(std::move(words));
}

std::string first_camera_of(const config::Site& site) {
    for (const config::Reader& reader : site.readers) {
        if (config::kind_of(reader) == config::ReaderKind::Camera) return reader.name;
    }
    return {};
}

// Without a camera's name it is the first of the site file, or else the first that is plugged in.
int examine_camera(const Session& session, const Examination& wishes) {
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
    if (!wishes.picture.empty()) words.insert(words.end(), {"--picture", wishes.picture});
    if (session.json) words.emplace_back("--json");
    words.insert(words.end(), {"--seconds", std::to_string(wishes.seconds)});
    return become_reader(std::move(words));
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

void add_decode(CLI::App& app, Session& session) {
    const auto pictures = std::make_shared<Pictures>();  // lives as long as the parser's callbacks
    auto* images = app.add_subcommand(
        "decode", "Read the codes in image files, with the code of the camera path");
    images->add_option("files", pictures->files, "Image files");
    images->add_option("--sequence", pictures->sequence, "Play a folder as a camera");
    images->callback([&session, pictures] {
        if (pictures->files.empty() == pictures->sequence.empty())
            throw CLI::RequiredError("FILE... or --sequence DIR");
        session.code = decode(*pictures);
    });
}

void add_doctor(CLI::App& app, Session& session) {
    const auto wishes = std::make_shared<Examination>();  // as above
    auto* doctor = app.add_subcommand("doctor", "Examine a part of the gate, and give advice");
    doctor->require_subcommand(1);
    auto* camera = doctor->add_subcommand(
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
    auto* usb = doctor->add_subcommand(
        "usb",
        "Show what is on USB, and what stile does with it and why. Exit code 1: a reader of "
        "the site file has no device");
    usb->callback([&session] { session.code = examine_usb(session); });
}

}  // namespace

void add_reader_commands(CLI::App& app, Session& session) {
    add_decode(app, session);
    add_doctor(app, session);
}

}  // namespace stile
