// SPDX-License-Identifier: Apache-2.0
// The options of stile-issue by CLI11: texts first, then typed values, so that a mistake is
// explained.
#include "crypto/issue/command_line.hpp"

#include <limits>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "crypto/issue/time_text.hpp"
#include "crypto/issue/words.hpp"

namespace stile::crypto {
namespace {

constexpr int kUsage = 2;
constexpr std::uint64_t kMaxTomlNumber = std::numeric_limits<std::int64_t>::max();
constexpr const char* kTimes =
    "TIME is 2026-01-31T18:00:00Z (UTC), now, or a distance from now like "
    "+2h, -30m, +7d.\n";

// CLI11 itself would read -1 as the largest number.
template <class T>
CLI::Validator number(T lowest = 0, T highest = std::numeric_limits<T>::max()) {
    const auto check = [lowest, highest](const std::string& text) {
        const auto value = parse_number<T>(text);
        if (value && *value >= lowest && *value <= highest) return std::string{};
        return fmt::format("\"{}\" is no number from {} to {}", text, lowest, highest);
    };
    return CLI::Validator{check, ""};
}

// What the person typed, before times and numbers have their types.
struct Typed {
    KeygenOptions keygen;
    TicketOptions ticket;
    std::string out, not_before, not_after, dense;
    std::string key, from = "now", until, seat, png, svg, passphrase_file;
    bool no_passphrase = false, text = false, json = false;
    unsigned reissue = 0, admissions = 1;  // CLI11 takes an 8-bit number for a character
};

CLI::Option* add_file(CLI::App* command, const char* name, std::string& out, const char* what) {
    return command->add_option(name, out, what)->type_name("FILE");
}

CLI::Option* add_time(CLI::App* command, const char* name, std::string& out, const char* what) {
    return command->add_option(name, out, what)->type_name("TIME");
}

// A number option of type `Limit`, or a list of them; `Limit` also where the value is kept in a
// wider one.
template <class Limit, class Value>
CLI::Option* add_number(CLI::App* command, const char* name, Value& out, const char* what,
                        Limit lowest = 0) {
    return command->add_option(name, out, what)->type_name("N")->check(number<Limit>(lowest));
}

const CLI::App* add_keygen(CLI::App& app, Typed& typed) {
    auto* command = app.add_subcommand("keygen", "Make an issuer key and its public record");
    KeyRecord& record = typed.keygen.record;
    add_file(command, "--out", typed.out, "Writes FILE.key (private) and FILE.toml (public)")
        ->required();
    command->add_option("--issuer", record.issuer, "Name of the issuer: a-z, 0-9 and -")
        ->type_name("NAME")
        ->required();
    add_number<std::uint32_t>(command, "--event", record.events,
                              "Event that it may sign for; repeatable")
        ->required();
    add_number<std::uint16_t>(command, "--product", record.products,
                              "Product that it may sign for; repeatable; default: all");
    command
        ->add_option("--dense-serials", typed.dense,
                     "Serials counted without gaps; each costs a gate one bit")
        ->type_name("FIRST-LAST");
    add_time(command, "--not-before", typed.not_before,
             "From when the key is good; default: always");
    add_time(command, "--not-after", typed.not_after,
             "Until when the key is good; default: always");
    auto* file = add_file(command, "--passphrase-file", typed.passphrase_file,
                          "Pass phrase in the first line; default: asks");
    command->add_flag("--no-passphrase", typed.no_passphrase, "Leave the private key unsealed")
        ->excludes(file);
    command->add_flag("--json", typed.json, "Print JSON");
    command->footer(kTimes);
    return command;
}

void add_ticket(CLI::App& app, Typed& typed) {
    auto* command = app.add_subcommand("ticket", "Sign one ticket and make its QR code");
    Gt1Fields& fields = typed.ticket.fields;
    add_file(command, "--key", typed.key, "Private key made by keygen")->required();
    add_number<std::uint32_t>(command, "--event", fields.event, "Event number")->required();
    add_number<std::uint64_t>(command, "--serial", fields.serial, "Unique in the event")
        ->required();
    add_number<std::uint16_t>(command, "--product", fields.product, "Product number; default 0");
    add_number<std::uint16_t>(command, "--profile", fields.profile, "Access profile; default 0");
    add_time(command, "--from", typed.from, "Valid from; default now");
    add_time(command, "--until", typed.until, "Valid until")->required();
    add_number<std::uint8_t>(command, "--reissue", typed.reissue,
                             "Re-issue counter: the highest copy is the valid one; default 0");
    add_number<std::uint8_t>(command, "--admissions", typed.admissions,
                             "People it admits, 255: no limit; default 1", 1);
    command->add_option("--seat", typed.seat, "At most 24 bytes of UTF-8")->type_name("TEXT");
    add_file(command, "--png", typed.png, "Write the QR code as PNG");
    add_file(command, "--svg", typed.svg, "Write the QR code as SVG");
    command
        ->add_option("--module-pixels", typed.ticket.module_pixels, "Pixels a QR module; default 8")
        ->type_name("N")
        ->check(number<std::uint8_t>(1, 64));
    add_file(command, "--passphrase-file", typed.passphrase_file,
             "Pass phrase in the first line; default: asks if it is needed");
    command->add_flag("--text", typed.text, "Print the text even if a picture is written");
    command->add_flag("--json", typed.json, "Print all fields as JSON");
    command->footer(kTimes);
}

Result<void> set_time(std::chrono::sys_seconds& out, const std::string& text,
                      std::string_view option, std::chrono::sys_seconds now) {
    if (text.empty()) return {};
    const auto time = parse_time(text, now);
    if (!time) return fail(option, time.error());
    out = *time;
    return {};
}

Result<SerialRange> parse_range(std::string_view text) {
    const auto dash = text.find('-');
    const auto first = parse_number<std::uint64_t>(text.substr(0, dash));
    const auto last = dash == std::string_view::npos
                          ? std::nullopt
                          : parse_number<std::uint64_t>(text.substr(dash + 1));
    if (!first || !last || *last > kMaxTomlNumber)
        return fail(Errc::Invalid, "--dense-serials: write FIRST-LAST, like 0-99999");
    return SerialRange{.first = *first, .last = *last};
}

PassphraseSource source(const Typed& typed) {
    if (typed.passphrase_file.empty()) return {};
    return {.file = typed.passphrase_file};
}

Result<KeygenOptions> finish_keygen(Typed& typed, std::chrono::sys_seconds now) {
    KeygenOptions& options = typed.keygen;
    KeyRecord& record = options.record;
    if (auto set = set_time(record.not_before, typed.not_before, "--not-before", now); !set)
        return std::unexpected{set.error()};
    if (auto set = set_time(record.not_after, typed.not_after, "--not-after", now); !set)
        return std::unexpected{set.error()};
    if (!typed.dense.empty()) {
        const auto range = parse_range(typed.dense);
        if (!range) return std::unexpected{range.error()};
        record.dense = *range;
    }
    options.out = typed.out;
    options.protection = typed.no_passphrase ? Protection::None : Protection::Passphrase;
    options.passphrase = source(typed);
    options.print = typed.json ? Print::Json : Print::Text;
    return options;
}

// Tickets keep 32-bit Unix seconds: 1970 to February 2106.
Result<std::uint32_t> ticket_time(const std::string& text, std::string_view option,
                                  std::chrono::sys_seconds now) {
    std::chrono::sys_seconds time;
    if (auto set = set_time(time, text, option, now); !set) return std::unexpected{set.error()};
    const auto seconds = time.time_since_epoch().count();
    if (seconds < 0 || seconds > std::numeric_limits<std::uint32_t>::max())
        return fail(Errc::Invalid, fmt::format("{}: a ticket can only hold 1970 to 2106", option));
    return static_cast<std::uint32_t>(seconds);
}

Result<TicketOptions> finish_ticket(Typed& typed, std::chrono::sys_seconds now) {
    TicketOptions& options = typed.ticket;
    const auto from = ticket_time(typed.from, "--from", now);
    if (!from) return std::unexpected{from.error()};
    const auto until = ticket_time(typed.until, "--until", now);
    if (!until) return std::unexpected{until.error()};
    if (*from > *until) return fail(Errc::Invalid, "--until lies before --from");
    if (typed.seat.size() > kGt1MaxSeat)
        return fail(Errc::Invalid, fmt::format("--seat: {} bytes, at most {} fit in the code",
                                               typed.seat.size(), kGt1MaxSeat));
    options.key = typed.key;
    options.fields.not_before = *from;
    options.fields.not_after = *until;
    options.fields.reissue = static_cast<std::uint8_t>(typed.reissue);
    options.fields.admissions = static_cast<std::uint8_t>(typed.admissions);
    options.fields.seat = InlineText<kGt1MaxSeat>{typed.seat};
    if (!typed.png.empty()) options.png = typed.png;
    if (!typed.svg.empty()) options.svg = typed.svg;
    options.passphrase = source(typed);
    options.show = typed.text ? ShowText::Always : ShowText::WhenNoPicture;
    options.print = typed.json ? Print::Json : Print::Text;
    return options;
}

template <class Options>
std::expected<IssueCommand, int> finish(Result<Options> options, std::string_view command) {
    if (options) return std::move(*options);
    fmt::print(stderr, "stile-issue {}: {}\n", command, options.error().context);
    return std::unexpected{kUsage};
}

}  // namespace

std::expected<IssueCommand, int> parse_command_line(int argc, const char* const* argv,
                                                    std::chrono::sys_seconds now) {
    CLI::App app{"stile-issue: the organiser's tool. Makes issuer keys and signed tickets.",
                 "stile-issue"};
    app.set_version_flag("--version", STILE_VERSION);
    app.require_subcommand(1);
    app.footer(
        "Example:\n"
        "  stile-issue keygen --out demo --issuer demo-issuer --event 7\n"
        "  stile-issue ticket --key demo.key --event 7 --serial 1 --until +7d --png ticket.png\n"
        "Exit codes: 0 done, 1 refused or failed, 2 wrong use.\n");
    Typed typed;
    const CLI::App* keygen = add_keygen(app, typed);
    add_ticket(app, typed);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return std::unexpected{app.exit(error) == 0 ? 0 : kUsage};
    }
    if (keygen->parsed()) return finish(finish_keygen(typed, now), "keygen");
    return finish(finish_ticket(typed, now), "ticket");
}

}  // namespace stile::crypto
