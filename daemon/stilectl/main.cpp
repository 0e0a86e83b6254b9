// SPDX-License-Identifier: Apache-2.0
// stilectl: looks at a gate and tells it what to do.
#include <cerrno>
#include <cstdio>
#include <exception>
#include <functional>
#include <iostream>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/config/site.hpp"
#include "daemon/runtime/exit_code.hpp"
#include "daemon/runtime/unique_fd.hpp"
#include "daemon/stilectl/answers.hpp"
#include "daemon/stilectl/client.hpp"
#include "daemon/stilectl/inspect.hpp"
#include "daemon/stilectl/instant.hpp"
#include "daemon/stilectl/status_text.hpp"

namespace {

using namespace stile;  // NOLINT(google-build-using-namespace)

struct Options {
    std::string config = "/etc/stile/stile.toml";
    std::string socket;
    bool json = false;
    std::string file;
    std::string sequence;
    std::vector<std::string> names;
    bool secret = false;
    bool watch = false;
    unsigned every_seconds = 2;
    std::string at;
    std::string source;
    std::string reader;
    std::string picture;
    int seconds = 5;
};

int failed(const Error& error) {
    fmt::print(stderr, "stilectl: {}\n", error.context);
    switch (error.code) {
        case Errc::Config:
            return kExitConfig;
        case Errc::Closed:
        case Errc::Timeout:
            return kExitUnreachable;
        case Errc::Invalid:
        case Errc::NotFound:
        case Errc::Io:
        case Errc::Denied:
        case Errc::Full:
        case Errc::Corrupt:
        case Errc::Unsupported:
            return kExitFailed;
    }
    return kExitFailed;
}

int unreachable(const Error& error) {
    fmt::print(stderr, "stilectl: the daemon cannot be reached: {}\n", error.context);
    if (error.code == Errc::NotFound)
        fmt::print(stderr, "Is stiled running? Try: systemctl status stiled\n");
    if (error.code == Errc::Denied)
        fmt::print(stderr, "Join the group of the socket, or use sudo.\n");
    return kExitUnreachable;
}

Result<std::string> socket_path(const Options& options) {
    if (!options.socket.empty()) return options.socket;
    const auto site = config::load_site(options.config);
    if (!site)
        return fail(Errc::Config, site.error().context + " (or name the socket with --socket)");
    return site->socket("control.sock").native();
}

int with_daemon(const Options& options, const std::function<int(ControlClient&)>& use) {
    const auto path = socket_path(options);
    if (!path) return failed(path.error());
    auto client = ControlClient::connect(*path);
    if (!client) return unreachable(client.error());
    return use(*client);
}

using Text = std::string (*)(std::string_view json);

int ask(const Options& options, const std::string& verb, const std::vector<std::string>& arguments,
        Text text) {
    return with_daemon(options, [&](ControlClient& client) {
        const auto answer = client.command(verb, arguments);
        if (!answer) return failed(answer.error());
        fmt::print("{}", options.json ? *answer + "\n" : text(*answer));
        if (verb == "revocation-check" && says_revoked(*answer)) return int{kExitFailed};
        return int{kExitDone};
    });
}

// One page, or one line of JSON. Errors: as ControlClient.
Result<std::string> status_page(const Options& options, Colour colour) {
    const auto path = socket_path(options);
    if (!path) return std::unexpected{path.error()};
    auto client = ControlClient::connect(*path);
    if (!client) return std::unexpected{std::move(client.error())};
    auto answer = client->command("status", {});
    if (!answer) return answer;
    return options.json ? *answer + "\n" : status_text(*answer, colour);
}

// Until somebody ends it. A daemon that is away for a while is waited for.
[[noreturn]] void watch_status(const Options& options) {
    const bool screen = ::isatty(STDOUT_FILENO) == 1 && !options.json;
    const auto pause_ms = static_cast<int>(options.every_seconds * 1000);
    for (;; ::poll(nullptr, 0, pause_ms)) {
        const auto page = status_page(options, screen ? Colour::On : Colour::Off);
        if (screen) fmt::print("\033[H\033[2J");  // home, clear
        if (page) {
            fmt::print("{}{}", *page, screen || options.json ? "" : "\n");
        } else {
            fmt::print(stderr, "stilectl: {}; trying again\n", page.error().context);
        }
        std::fflush(stdout);
    }
}

int status(const Options& options) {
    if (options.watch) watch_status(options);
    return with_daemon(options, [&](ControlClient& client) {
        const auto answer = client.command("status", {});
        if (!answer) return failed(answer.error());
        const bool terminal = ::isatty(STDOUT_FILENO) == 1;
        fmt::print("{}", options.json ? *answer + "\n"
                                      : status_text(*answer, terminal ? Colour::On : Colour::Off));
        return int{kExitDone};
    });
}

int import(const Options& options) {
    const UniqueFd file{::open(options.file.c_str(), O_RDONLY | O_CLOEXEC)};
    struct stat about{};
    if (!file || ::fstat(file.get(), &about) != 0) {
        return failed({Errc::Io, options.file + ": " + std::system_category().message(errno)});
    }
    if (!S_ISREG(about.st_mode))
        return failed({Errc::Invalid, options.file + ": not a regular file"});
    return with_daemon(options, [&](ControlClient& client) {
        const bool watched = ::isatty(STDERR_FILENO) == 1;
        const auto progress = [watched](std::uint64_t done, std::uint64_t total) {
            if (watched && total > 0) fmt::print(stderr, "\rimporting {} %", 100 * done / total);
        };
        const auto result = client.import_revocations(
            file.get(), static_cast<std::uint64_t>(about.st_size), progress);
        if (watched) fmt::print(stderr, "\r\033[K");
        if (!result) return failed(result.error());
        fmt::print("{}", options.json ? *result + "\n" : revocation_stat_text(*result));
        return int{kExitDone};
    });
}

int check(const Options& options) {
    std::string line = options.secret ? "secret" : "";
    for (const std::string& word : options.names)
        line += (line.empty() ? "" : " ") + word;
    return ask(options, "revocation-check", {line}, revocation_check_text);
}

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

constexpr std::string_view kInspectHelp =
    R"(Reads one ticket text a line from standard input and writes one JSON object a line:
{"format","valid","reason",...}, with "detail" for people, everything that the ticket
says, and once its signature holds the name of the key, the identity and the assurance.
A line that is no ticket is answered too ("format":"unknown"). Lines stand alone: nothing
is remembered, and no list is asked; re-use, revocation and re-issue are the gate's.

--keys FILE is a JSON object: names to raw public keys in hexadecimal,
  {"main": "9b0b...", "demo": ["ec00...", "60c2..."]}
or to objects that limit a key like the key file of a gate (crypto/FORMAT.md):
  {"main": {"public_key": "9b0b...", "issuer": "fest", "events": [7], "products": [1],
            "formats": ["gt1"], "not_before": "2026-01-01T00:00:00Z", "not_after": 1800000000,
            "status": "revoked", "totp_master": "eba8..."}}
A plain key is good for every event and format; its name is its issuer, and the identity of a
pretix ticket is that of event 0. The name "totp_master" stands for the secret of wallet
codes (GW1) of all keys that have none of their own. A FILE that ends in .toml is read as
the key file of a gate.
)";

int inspect(const Options& options) {
    const auto keys = load_named_keys(options.file);
    if (!keys) return failed(keys.error());
    std::optional<std::chrono::sys_seconds> at;
    if (!options.at.empty()) at = parse_instant(options.at).value();  // checked when it was typed
    for (std::string line; std::getline(std::cin, line);) {
        const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        fmt::print("{}\n", inspect_ticket(line, *keys, at.value_or(now)));
        std::fflush(stdout);  // whoever writes line by line may read line by line
    }
    return kExitDone;
}

void add_ticket_commands(CLI::App& app, Options& options, int& code) {
    auto* ticket = app.add_subcommand("ticket", "Look at tickets, without a daemon");
    ticket->require_subcommand(1);
    auto* look = ticket->add_subcommand("inspect", "Say what codes are and why they are (in)valid");
    look->footer(std::string{kInspectHelp});
    look->add_option("--keys", options.file, "Public keys to believe")
        ->required()
        ->type_name("FILE");
    look->add_option("--at", options.at,
                     "Judge times by this clock: RFC 3339 or Unix seconds; default: now")
        ->type_name("TIME")
        ->check([](const std::string& text) {
            const auto time = parse_instant(text);
            return time ? std::string{} : time.error().context;
        });
    look->callback([&] { code = inspect(options); });
}

int decode(const Options& options) {
    std::vector<std::string> words;
    if (!options.sequence.empty()) {
        words.insert(words.end(), {"--sequence", options.sequence});
    } else {
        words.emplace_back("--files");
        words.insert(words.end(), options.names.begin(), options.names.end());
    }
    return become_reader(std::move(words));
}

// Without a camera's name it is that of the site file's first reader, or else the first camera.
int examine_camera(const Options& options) {
    std::vector<std::string> words;
    std::string reader = options.reader;
    if (options.source.empty() && reader.empty()) {
        const auto site = config::load_site(options.config);
        if (!site && site.error().code != Errc::NotFound) return failed(site.error());
        if (site && !site->readers.empty()) reader = site->readers.front().name;
        if (reader.empty()) words.emplace_back("--doctor=/dev/video0");
    }
    if (!options.source.empty()) words.push_back("--doctor=" + options.source);
    if (words.empty()) words.emplace_back("--doctor");
    if (!reader.empty()) words.insert(words.end(), {"--config", options.config, "--name", reader});
    if (!options.picture.empty()) words.insert(words.end(), {"--picture", options.picture});
    if (options.json) words.emplace_back("--json");
    words.insert(words.end(), {"--seconds", std::to_string(options.seconds)});
    return become_reader(std::move(words));
}

void add_doctor(CLI::App& app, Options& options, int& code) {
    auto* doctor = app.add_subcommand("doctor", "Examine a part of the gate, and give advice");
    doctor->require_subcommand(1);
    auto* camera = doctor->add_subcommand(
        "camera", "Look through a camera for some seconds. Exit code 1: it is not ok");
    camera->add_option("source", options.source,
                       "Device, stream address, video file or folder of pictures; default: that "
                       "of the reader");
    camera->add_option("--reader", options.reader,
                       "A reader of the site file; default: the first one");
    camera->add_option("--picture", options.picture, "Write one picture to this .png file");
    camera->add_option("--seconds", options.seconds, "How long to look")
        ->check(CLI::Range(1, 600))
        ->capture_default_str();
    camera->callback([&] { code = examine_camera(options); });
}

void add_commands(CLI::App& app, Options& options, int& code) {
    app.add_option("-c,--config", options.config, "The site file, for the place of the socket")
        ->capture_default_str();
    app.add_option("--socket", options.socket, "The daemon's control socket");
    app.add_flag("--json", options.json, "Print JSON for machines");
    app.set_version_flag("--version", "stilectl " STILE_VERSION);
    app.require_subcommand(1);
    app.fallthrough();
    auto* look_at_gate = app.add_subcommand("status", "How the gate is");
    look_at_gate->add_flag("-w,--watch", options.watch, "Show it again and again, until Ctrl-C");
    look_at_gate->add_option("--every", options.every_seconds, "Seconds between, with --watch")
        ->check(CLI::Range(1U, 3600U))
        ->capture_default_str();
    look_at_gate->callback([&] { code = status(options); });

    auto* images = app.add_subcommand(
        "decode", "Read the codes in image files, with the code of the camera path");
    images->add_option("files", options.names, "Image files");
    images->add_option("--sequence", options.sequence, "Play a folder as a camera");
    images->callback([&] {
        if (options.names.empty() == options.sequence.empty())
            throw CLI::RequiredError("FILE... or --sequence DIR");
        code = decode(options);
    });

    add_ticket_commands(app, options, code);
    add_doctor(app, options, code);

    auto* revocation =
        app.add_subcommand("revocation", "The list of tickets that are not valid any more");
    revocation->require_subcommand(1);
    auto* load = revocation->add_subcommand(
        "import", "Replace the list; the old one stays in use until the new one is complete");
    load->add_option("file", options.file,
                     "Lines of: issuer event serial [<n], or: secret event TEXT")
        ->required();
    load->callback([&] { code = import(options); });
    auto* look =
        revocation->add_subcommand("check", "Is this ticket on the list? Exit code 1: it is");
    look->add_option("ticket", options.names, "ISSUER EVENT SERIAL, or with --secret: EVENT TEXT")
        ->required()
        ->expected(2, 3);
    look->add_flag("--secret", options.secret, "The ticket is a code without a serial");
    look->callback([&] { code = check(options); });
    revocation->add_subcommand("stat", "What the list holds")->callback([&] {
        code = ask(options, "revocation-stat", {}, revocation_stat_text);
    });
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    int code = kExitDone;
    CLI::App app{"stilectl looks at a gate and tells it what to do."};
    add_commands(app, options, code);
    try {
        app.parse(argc, argv);
        return code;
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? kExitDone : kExitUsage;
    } catch (const std::exception& error) {
        fmt::print(stderr, "stilectl: {}\n", error.what());
        return kExitFailed;
    }
}
