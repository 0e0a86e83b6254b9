// SPDX-License-Identifier: Apache-2.0
// Options of `stile-issue revoke` and `stile-issue log verify`.
#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "crypto/issue/cli/options.hpp"
#include "crypto/issue/log_command.hpp"
#include "crypto/issue/revoke_command.hpp"
#include "crypto/issue/words.hpp"

namespace stile::crypto {
namespace {

constexpr std::uint64_t kMaxSerials = 100'000'000;  // in one range; a typing mistake has more

class RevokeCommand final : public AppSubcommand {
public:
    explicit RevokeCommand(CLI::App& program)
        : AppSubcommand{program, "revoke", "Make the lines that end tickets for ever"} {
        desk_.add_to(app());
        app()
            .add_option("--ticket", options_.tickets, "Text of a ticket (GT1:...); repeatable")
            ->type_name("TEXT");
        auto* event = app().add_option("--event", event_, "Event of the serials")->type_name("N");
        auto* serial = app()
                           .add_option("--serial", serials_, "Serial, or FIRST-LAST; repeatable")
                           ->type_name("N");
        event->needs(serial);
        serial->needs(event);
        add_file(app(), "--rows", rows_, "CSV with columns event and serial, like tickets.csv");
        add_file(app(), "--out", out_, "Append the lines here; default: print them");
        app().add_flag("--json", json_, "Print JSON; needs --out");
    }

    [[nodiscard]] Result<Work> prepare(std::chrono::sys_seconds now) const override {
        RevokeOptions options = options_;
        options.desk = desk_.finish(now);
        if (!event_.empty()) {
            options.event = parse_number<std::uint32_t>(event_);
            if (!options.event)
                return fail(Errc::Invalid, fmt::format("--event: \"{}\" is no event", event_));
        }
        for (const std::string& text : serials_) {
            const bool one = text.find('-') == std::string::npos;
            const auto range =
                parse_serial_range(one ? fmt::format("{0}-{0}", text) : text, "--serial");
            if (!range) return std::unexpected{range.error()};
            if (range->last < range->first || range->last - range->first >= kMaxSerials)
                return fail(Errc::Invalid, fmt::format("--serial: {} is no range", text));
            options.serials.push_back(*range);
        }
        if (options.tickets.empty() && serials_.empty() && rows_.empty())
            return fail(Errc::Invalid, "which tickets? Give --ticket, --serial or --rows");
        options.rows = rows_;
        options.out = out_;
        options.print = json_ ? Print::Json : Print::Text;
        return work_of(std::move(options), run_revoke);
    }

private:
    TypedDesk desk_;
    RevokeOptions options_;
    std::vector<std::string> serials_;
    std::string event_, rows_, out_;
    bool json_ = false;
};

class LogVerifyCommand final : public AppSubcommand {
public:
    explicit LogVerifyCommand(CLI::App& program)
        : AppSubcommand{log_of(program), "verify", "Read all of it; name the first bad line"} {
        add_file(app(), "--log", log_, "The issue log (FILE.issued)")->required();
        app()
            .add_option("--head", head_,
                        "A head that was printed before: the log must still hold it")
            ->type_name("HEX");
        app().add_flag("--json", json_, "Print JSON");
        app().footer("");
    }

    [[nodiscard]] Result<Work> prepare(std::chrono::sys_seconds) const override {
        LogVerifyOptions options{
            .log = log_, .head = {}, .print = json_ ? Print::Json : Print::Text};
        if (!head_.empty()) {
            const auto bytes = from_hex(head_);
            if (!bytes || bytes->size() != options.head.emplace().size())
                return fail(Errc::Invalid, "--head: not 64 hexadecimal digits");
            std::ranges::copy(*bytes, options.head->begin());
        }
        return work_of(std::move(options), run_log_verify);
    }

private:
    static CLI::App& log_of(CLI::App& program) {
        auto* const log = program.add_subcommand("log", "Audit the issue log");
        log->require_subcommand(1);
        return *log;
    }

    std::string log_, head_;
    bool json_ = false;
};

}  // namespace

std::unique_ptr<Subcommand> make_revoke(CLI::App& program) {
    return std::make_unique<RevokeCommand>(program);
}

std::unique_ptr<Subcommand> make_log_verify(CLI::App& program) {
    return std::make_unique<LogVerifyCommand>(program);
}

}  // namespace stile::crypto
