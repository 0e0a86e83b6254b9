// SPDX-License-Identifier: Apache-2.0
// Options of `stile-issue keygen`.
#include "crypto/issue/keygen.hpp"

#include <limits>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "crypto/issue/cli/options.hpp"
#include "crypto/issue/time_text.hpp"
#include "crypto/issue/words.hpp"

namespace stile::crypto {
namespace {

// CLI11 itself would read -1 as the largest number.
template <class T>
CLI::Validator number() {
    const auto check = [](const std::string& text) {
        if (parse_number<T>(text)) return std::string{};
        return fmt::format("\"{}\" is no number from 0 to {}", text, std::numeric_limits<T>::max());
    };
    return CLI::Validator{check, ""};
}

Result<void> set_time(std::chrono::sys_seconds& out, const std::string& text,
                      std::string_view option, std::chrono::sys_seconds now) {
    if (text.empty()) return {};
    const auto time = parse_time(text, now);
    if (!time) return fail(option, time.error());
    out = *time;
    return {};
}

class KeygenCommand final : public AppSubcommand {
public:
    explicit KeygenCommand(CLI::App& program)
        : AppSubcommand{program, "keygen", "Make an issuer key and its public record"} {
        add_file(app(), "--out", out_, "Writes FILE.key (private) and FILE.toml (public)")
            ->required();
        add_scope();
        auto* file = add_file(app(), "--passphrase-file", passphrase_file_,
                              "Pass phrase in the first line; default: asks");
        app()
            .add_flag("--no-passphrase", no_passphrase_, "Leave the private key unsealed")
            ->excludes(file);
        app().add_flag("--json", json_, "Print JSON");
    }

    [[nodiscard]] Result<Work> prepare(std::chrono::sys_seconds now) const override {
        KeygenOptions options = options_;
        KeyRecord& record = options.record;
        if (auto set = set_time(record.not_before, not_before_, "--not-before", now); !set)
            return std::unexpected{set.error()};
        if (auto set = set_time(record.not_after, not_after_, "--not-after", now); !set)
            return std::unexpected{set.error()};
        if (!dense_.empty()) {
            const auto range = parse_serial_range(dense_, "--dense-serials");
            if (!range) return std::unexpected{range.error()};
            record.dense = *range;
        }
        options.out = out_;
        options.protection = no_passphrase_ ? Protection::None : Protection::Passphrase;
        if (!passphrase_file_.empty()) options.passphrase.file = passphrase_file_;
        options.print = json_ ? Print::Json : Print::Text;
        return work_of(std::move(options), run_keygen);
    }

private:
    void add_scope() {
        KeyRecord& record = options_.record;
        app()
            .add_option("--issuer", record.issuer, "Name of the issuer: a-z, 0-9 and -")
            ->type_name("NAME")
            ->required();
        app()
            .add_option("--event", record.events, "Event that it may sign for; repeatable")
            ->type_name("N")
            ->check(number<std::uint32_t>())
            ->required();
        app()
            .add_option("--product", record.products,
                        "Product that it may sign for; repeatable; default: all")
            ->type_name("N")
            ->check(number<std::uint16_t>());
        app()
            .add_option("--dense-serials", dense_,
                        "Serials counted without gaps; each costs a gate one bit")
            ->type_name("FIRST-LAST");
        app()
            .add_option("--not-before", not_before_, "From when the key is good; default: always")
            ->type_name("TIME");
        app()
            .add_option("--not-after", not_after_, "Until when the key is good; default: always")
            ->type_name("TIME");
    }

    KeygenOptions options_;
    std::string out_, not_before_, not_after_, dense_, passphrase_file_;
    bool no_passphrase_ = false, json_ = false;
};

}  // namespace

std::unique_ptr<Subcommand> make_keygen(CLI::App& program) {
    return std::make_unique<KeygenCommand>(program);
}

}  // namespace stile::crypto
