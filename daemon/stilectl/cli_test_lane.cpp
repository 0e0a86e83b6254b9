// SPDX-License-Identifier: Apache-2.0
// stilectl test-lane: leads an installer through a lane with test tickets that never count.
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include "crypto/issue/png/png.hpp"
#include "daemon/runtime/exit_code.hpp"
#include "daemon/stilectl/answers.hpp"
#include "daemon/stilectl/cli.hpp"
#include "daemon/stilectl/code_art.hpp"
#include "daemon/stilectl/lane_dialogue.hpp"

namespace stile {
namespace {

namespace fs = std::filesystem;

struct Wishes {
    std::string lane;
    std::string reason = "test of the lane";
    std::string pictures;  // a folder; empty: none
    unsigned wait_seconds = 60;
    bool by_itself = false;
};

constexpr int kMomentMs = 200;
constexpr std::size_t kModulePixels = 12;

volatile std::sig_atomic_t test_interrupted = 0;

// Without SA_RESTART, so that whoever waits for a key or for the gate notices at once.
void notice_interrupts() {
    struct sigaction action{};
    action.sa_handler = [](int) { test_interrupted = 1; };
    (void)::sigaction(SIGINT, &action, nullptr);  // both are valid numbers
    (void)::sigaction(SIGTERM, &action, nullptr);
}

// Only at a terminal: what a script has written is for the questions.
bool key_pressed() {
    if (::isatty(STDIN_FILENO) != 1) return false;
    pollfd wait{STDIN_FILENO, POLLIN, 0};
    if (::poll(&wait, 1, 0) <= 0) return false;
    std::string line;
    return static_cast<bool>(std::getline(std::cin, line));
}

// The pictures of all codes, for printing and for phones; their names tell them apart.
Result<void> write_pictures(const LaneOffer& offer, const fs::path& folder) {
    std::error_code failure;
    fs::create_directories(folder, failure);
    for (const LaneOffer::Ticket& ticket : offer.tickets) {
        const auto code = crypto::make_qr(ticket.code);
        const auto picture = code ? crypto::to_png(*code, kModulePixels)
                                  : Result<Buffer>{std::unexpected{code.error()}};
        if (!picture) return std::unexpected{picture.error()};
        const fs::path path = folder / (ticket.name + ".png");
        std::ofstream out{path, std::ios::binary};
        out << as_text(*picture);
        if (!out.flush()) return fail(Errc::Io, path.native() + " cannot be written");
    }
    return {};
}

// One run of the command, between its begin and its report.
class LaneTestRun {
public:
    LaneTestRun(const Session& session, const Wishes& wishes, ControlClient& watcher)
        : wishes_{wishes}, out_{session.json ? stderr : stdout}, watcher_{watcher} {}

    [[nodiscard]] LaneTalk talk(const LaneOffer& offer) {
        return {.say = [this](std::string_view text) { say(text); },
                .show = [this](const LaneOffer::Ticket& ticket) { show(ticket); },
                .ask = [this](std::string_view question) { return ask(question); },
                .listen = [this](LaneSights& sights) { return listen(sights); },
                .take_away = [this, &offer] { take_away(offer); },
                .now = [] { return std::chrono::steady_clock::now(); }};
    }
    void say(std::string_view text) {
        fmt::print(out_, "{}\n", text);
        std::fflush(out_);
    }

private:
    // Where nobody does it by hand.
    void take_away(const LaneOffer& offer) {
        if (!wishes_.by_itself) return;
        std::error_code ignored;  // whoever took them before was faster
        for (const LaneOffer::Ticket& ticket : offer.tickets)
            fs::remove(fs::path{wishes_.pictures} / (ticket.name + ".png"), ignored);
    }
    void show(const LaneOffer::Ticket& ticket) {
        if (wishes_.by_itself) return;
        if (const auto code = crypto::make_qr(ticket.code)) say(code_art(*code));
        say(fmt::format("{}: {}", ticket.name, ticket.code));
    }
    std::optional<std::string> ask(std::string_view question) {
        fmt::print(out_, "{}", question);
        std::fflush(out_);
        std::string line;
        if (test_interrupted != 0 || !std::getline(std::cin, line)) return std::nullopt;
        return line;
    }
    LaneTalk::Heard listen(LaneSights& sights) {
        using Heard = LaneTalk::Heard;
        if (test_interrupted != 0) return Heard::Interrupted;
        if (!wishes_.by_itself && key_pressed()) return Heard::Skip;
        const auto some = watcher_.more(kMomentMs);
        if (!some) return test_interrupted != 0 ? Heard::Interrupted : Heard::Gone;
        if (!*some) return Heard::Nothing;
        for (const Buffer& bytes : (*some)->entries) {
            if (const auto entry = decode_entry(bytes)) sights.take(*entry);
        }
        return Heard::Entries;
    }

    const Wishes& wishes_;
    std::FILE* out_;
    ControlClient& watcher_;
};

int report(const Session& session, const Wishes& wishes, const std::vector<LaneFinding>& findings) {
    fmt::print("{}", session.json ? lane_report_json(wishes.lane, findings) + "\n"
                                  : "\n" + lane_report_text(wishes.lane, findings));
    return all_passed(findings) ? kExitDone : kExitFailed;
}

// The first connection holds the test: when this program ends in any way, so does the test.
int test_lane(const Session& session, const Wishes& wishes, ControlClient& holder) {
    auto watcher = connect(session);
    if (!watcher) return failed(watcher.error());
    const auto status = holder.command("status", {});
    const auto end = status ? ledger_end(*status) : std::unexpected{status.error()};
    if (!end) return failed(end.error());
    if (auto followed = watcher->follow(end->seq + 1); !followed) return failed(followed.error());
    const auto answer = holder.command("test-begin", {wishes.lane, wishes.reason});
    const auto offer = answer ? lane_offer(*answer) : std::unexpected{answer.error()};
    if (!offer) return failed(offer.error());
    if (!wishes.pictures.empty()) {
        if (auto made = write_pictures(*offer, wishes.pictures); !made) return failed(made.error());
    }
    LaneTestRun run{session, wishes, *watcher};
    run.say(
        fmt::format("Lane {} is being tested, for {} minutes at most. No guests pass meanwhile, "
                    "and nothing counts.{}",
                    offer->lane, offer->lasts.count() / 60,
                    wishes.pictures.empty() ? "" : "\nThe codes are in " + wishes.pictures));
    if (!wishes.by_itself) run.say("Enter leaves a step out, Ctrl-C ends the test.");
    const LaneTestWishes how{.manner = wishes.by_itself ? LaneManner::Auto : LaneManner::Guided,
                             .each_step = std::chrono::seconds{wishes.wait_seconds}};
    const auto findings = run_lane_test(*offer, how, run.talk(*offer));
    (void)holder.command("test-end", {wishes.lane, "finished"});  // it may have ended by itself
    return report(session, wishes, findings);
}

}  // namespace

void add_test_lane_command(CLI::App& app, Session& session) {
    const auto wishes = std::make_shared<Wishes>();  // lives as long as the parser's callbacks
    auto* command = app.add_subcommand(
        "test-lane", "Lead through a test of a lane, with test tickets that never count");
    command->add_option("lane", wishes->lane, "Which lane")->required();
    command
        ->add_option("-r,--reason", wishes->reason,
                     "Why; it stands in the ledger. Else: test of the lane")
        ->type_name("TEXT");
    auto* pictures = command->add_option("--png", wishes->pictures,
                                         "Write the codes as pictures into this folder");
    pictures->type_name("DIR");
    command
        ->add_flag("--auto", wishes->by_itself,
                   "Ask nothing: scans of the pictures come by themselves")
        ->needs(pictures);
    command->add_option("--wait", wishes->wait_seconds, "Seconds for each step")
        ->check(CLI::Range(1U, 600U))
        ->capture_default_str();
    command->footer(
        "The lane takes no guests meanwhile and goes back to its mode at the end, also when this "
        "program is killed. Exit code 1: a step has failed.");
    command->callback([&session, wishes] {
        notice_interrupts();
        session.code = with_daemon(session, [&session, wishes](ControlClient& holder) {
            return test_lane(session, *wishes, holder);
        });
    });
}

}  // namespace stile
