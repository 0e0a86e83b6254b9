// SPDX-License-Identifier: Apache-2.0
// stilectl setup: what an installer types first.
#include <chrono>
#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "daemon/doctor/run.hpp"
#include "daemon/runtime/exit_code.hpp"
#include "daemon/setup/device_keys.hpp"
#include "daemon/setup/dialogue.hpp"
#include "daemon/setup/setup.hpp"
#include "daemon/stilectl/cli.hpp"

namespace stile {
namespace {

struct SetupWishes {
    std::string answers, root;
    bool print_answers = false, dry_run = false, force = false, enrolment = false;
};

std::chrono::sys_seconds wall_seconds() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

int say(const std::string& text, int code = kExitDone) {
    const bool said = std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0;
    return said ? code : failed({Errc::Io, "the output cannot be written"});
}

GateRoot place_of(const Session& session, const SetupWishes& wishes) {
    GateRoot place{.root = {}, .site = std::filesystem::absolute(session.config)};
    if (wishes.root.empty()) return place;
    place.root = std::filesystem::absolute(wishes.root).lexically_normal();
    if (place.root.filename().empty()) place.root = place.root.parent_path();
    return place;
}

SealCredential seal_for(const GateRoot& place, const SetupWishes& wishes) {
    // The key of another machine is not here; and this one's is made where there is none yet.
    if (!place.root.empty() || wishes.dry_run) {
        return [](const std::string&, Bytes) -> Result<crypto::LockedBytes> {
            return fail(Errc::Unsupported, "sealed on the machine itself, when it is written");
        };
    }
    return seal_by_systemd;
}

int print_enrolment(const GateRoot& place) {
    const auto site = load_site_at(place);
    if (!site) return failed(site.error());
    const auto request = enrolment_of(*site, place, wall_seconds());
    if (!request) return failed(request.error());
    const int code = say(crypto::enrolment_text(*request));  // as a file: all of it, and no more
    fmt::print(stderr, "Fingerprint, to be read by phone to whoever enrols this gate:\n  {}\n",
               crypto::fingerprint_of(request->enrolment));
    return code;
}

std::string next_steps(const SetupDone& done, const config::Site& site, const GateRoot& place) {
    std::string text = fmt::format("\n{} is written.\n", place.site_on_disk().native());
    if (!done.kept.empty()) text += fmt::format("The one before is {}\n", done.kept.native());
    text += fmt::format(
        "\nThe enrolment request is in {}: send it to the organiser, and read the fingerprint to "
        "him by phone:\n  {}\n",
        done.request_file.native(), crypto::fingerprint_of(done.request.enrolment));
    if (!place.root.empty()) return text;
    // What runs already would go on with the file before.
    return text + fmt::format(
                      "\nNow:\n  systemctl daemon-reload && systemctl enable {}stile.target\n"
                      "  stilectl doctor\n  stilectl test-lane {}\n",
                      done.kept.empty() ? "--now " : "stile.target && systemctl restart ",
                      site.lanes.front().name);
}

int write_it(SetupAnswers answers, const GateRoot& place, const SetupWishes& wishes,
             Console* console) {
    auto plan = make_plan(std::move(answers), place, wall_seconds(), seal_for(place, wishes));
    if (!plan) return failed(plan.error());
    const std::string summary = summary_of(*plan);
    if (wishes.dry_run) return say(summary + "\n" + contents_of(*plan));
    if (console != nullptr) {
        console->say("\n" + summary);
        Dialogue dialogue{*console};
        const std::string question =
            is_there(place.site_on_disk())
                ? "Write this, and keep the site file that is there under another name?"
                : "Write this?";
        if (!dialogue.agrees(question, Dialogue::Yes::Usual))
            return say("Nothing was written.\n", kExitFailed);
    } else if (say(summary) != kExitDone) {
        return kExitFailed;
    }
    const auto done = carry_out(*plan, place, wall_seconds());
    if (!done) return failed(done.error());
    return say(next_steps(*done, plan->site, place));
}

int set_up_by_file(const GateRoot& place, const SetupWishes& wishes) {
    auto answers = read_answers(wishes.answers);
    if (!answers) return failed(answers.error());
    if (!wishes.force && !wishes.dry_run && is_there(place.site_on_disk())) {
        return failed({Errc::Invalid, place.site_on_disk().native() +
                                          ": is there already; --force replaces it and keeps it "
                                          "under another name"});
    }
    if (auto kept = keep_what_is_there(*answers, place); !kept) return failed(kept.error());
    return write_it(std::move(*answers), place, wishes, nullptr);
}

int set_up(const Session& session, const SetupWishes& wishes) {
    if (wishes.print_answers) return say(answers_template());
    const GateRoot place = place_of(session, wishes);
    if (wishes.enrolment) return print_enrolment(place);
    if (!wishes.answers.empty()) return set_up_by_file(place, wishes);
    const auto console = open_console();
    if (!console) {
        fmt::print(stderr,
                   "stilectl: setup asks questions, and this is no terminal; give --answers FILE "
                   "(--print-answers writes one to fill in)\n");
        return kExitUsage;
    }
    auto answers = ask_everything(*console, place, doctor::program_of_ours("stile-reader"));
    if (!answers) return failed(answers.error());
    if (!*answers) return say("\nNothing was written.\n", kExitFailed);
    return write_it(std::move(**answers), place, wishes, console.get());
}

}  // namespace

void add_setup_command(CLI::App& app, Session& session) {
    const auto wishes = std::make_shared<SetupWishes>();  // lives as long as the callback
    auto* setup = app.add_subcommand(
        "setup", "Ask what this gate is, and write its site file, keys and credentials");
    setup->add_option("--answers", wishes->answers, "Take the answers from this file; ask nothing")
        ->type_name("FILE");
    setup->add_flag("--print-answers", wishes->print_answers,
                    "Print such a file, with every key and its default");
    setup->add_flag("--dry-run", wishes->dry_run, "Show what would be written; write nothing");
    setup->add_flag("--force", wishes->force,
                    "With --answers: replace the site file that is there");
    setup->add_option("--root", wishes->root, "Put everything below this folder: for images")
        ->type_name("DIR");
    setup->add_flag(
        "--enrolment", wishes->enrolment,
        "Print this gate's enrolment request again, and its fingerprint on standard error");
    setup->callback([&session, wishes] { session.code = set_up(session, *wishes); });
}

}  // namespace stile
