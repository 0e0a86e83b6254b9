// SPDX-License-Identifier: Apache-2.0
// Options that several subcommands share, by CLI11.
#include "crypto/issue/cli/options.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "crypto/issue/words.hpp"

namespace stile::crypto {

CLI::Option* add_file(CLI::App& command, const char* name, std::string& out, const char* what) {
    return command.add_option(name, out, what)->type_name("FILE");
}

AppSubcommand::AppSubcommand(CLI::App& parent, const char* name, const char* what)
    : app_{*parent.add_subcommand(name, what)} {
    app_.footer(std::string{kTimes});
}

bool AppSubcommand::is_chosen() const {
    return app_.parsed();
}

std::string AppSubcommand::name() const {
    return app_.get_name();
}

void TypedDesk::add_to(CLI::App& command) {
    add_file(command, "--key", key, "Private key made by keygen")->required();
    add_file(command, "--log", log, "Issue log; default: FILE.issued of FILE.key");
    add_file(command, "--passphrase-file", passphrase_file,
             "Pass phrase in the first line; default: asks if it is needed");
}

DeskOptions TypedDesk::finish(std::chrono::sys_seconds now) const {
    DeskOptions options{.key = key, .passphrase = {}, .log = log, .now = now};
    if (!passphrase_file.empty()) options.passphrase.file = passphrase_file;
    return options;
}

void TypedOutput::add_to(CLI::App& command) {
    for (const FormInfo& info : forms()) {
        command.add_option("--" + std::string{info.name}, files[info.form], std::string{info.help})
            ->type_name("FILE");
    }
    command.add_option("--module-pixels", module_pixels, "PNG, SVG: pixels a QR module; default 8")
        ->type_name("N")
        ->check(CLI::Range(1, 64));
    command.add_flag("--text", text, "Print the text even if a file is written");
    command.add_flag("--json", json, "Print all fields as JSON");
}

OutputOptions TypedOutput::finish() const {
    OutputOptions options{.files = {},
                          .module_pixels = module_pixels,
                          .show = text ? ShowText::Always : ShowText::WhenNoFile,
                          .print = json ? Print::Json : Print::Text};
    for (const auto& [form, path] : files)
        if (!path.empty()) options.files[form] = path;
    return options;
}

void add_columns(CLI::App& command, Cells& cells, std::initializer_list<ColumnUse> uses) {
    for (const ColumnInfo& info : columns()) {
        if (std::ranges::find(uses, info.use) == uses.end()) continue;
        command
            .add_option("--" + std::string{info.name}, cells[info.column], std::string{info.help})
            ->type_name(std::string{info.value});
    }
}

Result<TicketPlan> plan_of_options(const Cells& cells, std::chrono::sys_seconds now,
                                   Demand demand) {
    auto plan = make_plan(cells, now, demand);
    if (plan) return std::move(*plan);
    return fail(Errc::Invalid,
                fmt::format("--{}: {}", column_name(plan.error().column), plan.error().text));
}

Result<SerialRange> parse_serial_range(std::string_view text, std::string_view option) {
    constexpr std::uint64_t kMaxTomlNumber = std::numeric_limits<std::int64_t>::max();
    const auto dash = std::min(text.find('-'), text.size());
    const std::string_view last_text = text.substr(std::min(dash + 1, text.size()));
    const auto first = parse_number<std::uint64_t>(text.substr(0, dash));
    const auto last = parse_number<std::uint64_t>(last_text);
    if (first && last && *last <= kMaxTomlNumber)
        return SerialRange{.first = *first, .last = *last};
    return fail(Errc::Invalid, fmt::format("{}: write FIRST-LAST, like 0-99999", option));
}

}  // namespace stile::crypto
