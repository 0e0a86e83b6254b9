// SPDX-License-Identifier: Apache-2.0
// stilectl tail: the ledger as it is written, one line an entry.
#include <csignal>
#include <cstdio>
#include <deque>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "daemon/entry/entry_json.hpp"
#include "daemon/runtime/exit_code.hpp"
#include "daemon/stilectl/answers.hpp"
#include "daemon/stilectl/cli.hpp"
#include "daemon/stilectl/entry_text.hpp"

namespace stile {
namespace {

struct TailWishes {
    std::string lane;
    std::uint64_t since = 0;  // 0: not given
    std::size_t lines = 10;
    bool no_follow = false;
};

// So far back the last lines of one lane are looked for.
constexpr std::uint64_t kFarBack = 10'000;

// Turns entries into lines. Until the end of what was there already it keeps the last few only.
class Printer {
public:
    Printer(const Session& session, const TailWishes& wishes, LedgerEnd end)
        : session_{session}, wishes_{wishes}, end_{std::move(end)} {}

    // Where to begin.
    [[nodiscard]] std::uint64_t first() const {
        if (wishes_.since != 0) return wishes_.since;
        const std::uint64_t back = wishes_.lane.empty() ? wishes_.lines : kFarBack;
        return end_.seq > back ? end_.seq - back + 1 : 1;
    }
    // Whether there is anything to print without waiting.
    [[nodiscard]] bool has_past() const { return first() <= end_.seq; }
    ControlClient::Tailing take(const protocol::Entries& entries) {
        std::uint64_t seq = entries.first;
        for (const Buffer& bytes : entries.entries) {
            const bool past = wishes_.since == 0 && seq < end_.seq;
            if (auto line = line_of({entries.epoch, seq}, bytes)) kept_.push_back(std::move(*line));
            if (seq <= end_.seq && wishes_.since == 0 && kept_.size() > wishes_.lines)
                kept_.pop_front();
            if (!past) print();
            ++seq;
        }
        return wishes_.no_follow && seq > end_.seq ? ControlClient::Tailing::Enough
                                                   : ControlClient::Tailing::GoOn;
    }

private:
    std::optional<std::string> line_of(const EntryKey& key, const Buffer& bytes) const {
        const auto entry = decode_entry(bytes);
        if (!wishes_.lane.empty() && (!entry || lane_of(*entry) != wishes_.lane))
            return std::nullopt;
        if (session_.json) return entry_payload(end_.gate, key, bytes).json + "\n";
        if (!entry) return unreadable_line(key.seq, entry.error().context);
        return entry_line(*entry, ::isatty(STDOUT_FILENO) == 1 ? Colour::On : Colour::Off);
    }
    void print() {
        for (const std::string& line : kept_)
            fmt::print("{}", line);
        kept_.clear();
        std::fflush(stdout);
    }

    const Session& session_;
    const TailWishes& wishes_;
    LedgerEnd end_;  // as it was at the beginning
    std::deque<std::string> kept_;
};

// Lines are whole, since each is flushed: nothing is lost by ending at once.
void end_quietly() {
    const auto end = [](int) { ::_exit(kExitDone); };
    (void)std::signal(SIGINT, end);  // a valid number
    (void)std::signal(SIGTERM, end);
}

int tail(const Session& session, const TailWishes& wishes) {
    end_quietly();
    return with_daemon(session, [&](ControlClient& client) {
        const auto status = client.command("status", {});
        if (!status) return failed(status.error());
        auto end = ledger_end(*status);
        if (!end) return failed(end.error());
        Printer printer{session, wishes, std::move(*end)};
        if (wishes.no_follow && !printer.has_past()) return int{kExitDone};
        const auto done = client.tail(printer.first(), [&printer](const protocol::Entries& some) {
            return printer.take(some);
        });
        return done ? int{kExitDone} : failed(done.error());
    });
}

}  // namespace

void add_tail_command(CLI::App& app, Session& session) {
    const auto wishes = std::make_shared<TailWishes>();  // lives as long as the parser's callbacks
    auto* tail_command = app.add_subcommand(
        "tail", "What happens at the gate, as it is written into the ledger, until Ctrl-C");
    tail_command->add_option("-l,--lane", wishes->lane, "Of this lane only");
    tail_command->add_option("-n,--lines", wishes->lines, "Begin with the last N lines")
        ->check(CLI::Range(0U, 10'000U))
        ->capture_default_str();
    tail_command
        ->add_option("--since", wishes->since, "Begin with the entry of this number instead")
        ->check(CLI::PositiveNumber);
    tail_command->add_flag("--no-follow", wishes->no_follow, "End when what is there is printed");
    tail_command->callback([&session, wishes] { session.code = tail(session, *wishes); });
}

}  // namespace stile
