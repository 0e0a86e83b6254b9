// SPDX-License-Identifier: Apache-2.0
// stilectl decode: pictures are looked at by the reader's own program.
#include <cerrno>
#include <memory>
#include <system_error>
#include <utility>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include "daemon/doctor/run.hpp"
#include "daemon/stilectl/cli.hpp"

namespace stile {
namespace {

struct Pictures {
    std::vector<std::string> files;
    std::string sequence;
};

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

}  // namespace

int become_reader(std::vector<std::string> words, Rights rights) {
    words.insert(words.begin(), doctor::program_of_ours("stile-reader"));
    if (rights == Rights::Reader) words = doctor::as_reader(std::move(words));
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (std::string& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    ::execvp(arguments.front(), arguments.data());
    return failed({Errc::Io, words.front() + ": " + std::system_category().message(errno)});
}

void add_reader_commands(CLI::App& app, Session& session) {
    add_decode(app, session);
}

}  // namespace stile
