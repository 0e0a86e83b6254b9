// SPDX-License-Identifier: Apache-2.0
// What the subcommands of stile-issue have in common: how they are chosen, and options of one kind.
#pragma once

#include <chrono>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "crypto/base/result.hpp"
#include "crypto/issue/columns.hpp"
#include "crypto/issue/desk.hpp"
#include "crypto/issue/ticket_output.hpp"

// NOLINTNEXTLINE(readability-identifier-naming): the library gives the name.
namespace CLI {
class App;
}

namespace stile::crypto {

inline constexpr std::string_view kTimes =
    "TIME is 2026-01-31T18:00:00Z (UTC), now, or a distance from now like "
    "+2h, -30m, +7d.\n";

enum class Outcome { Done, SomeRefused };
using Work = std::function<Result<Outcome>()>;

// One subcommand: its options are added to the program when it is made, and filled when the program
// reads its command line.
class Subcommand {
public:
    virtual ~Subcommand() = default;
    [[nodiscard]] virtual bool is_chosen() const = 0;
    [[nodiscard]] virtual std::string name() const = 0;
    // What was typed becomes work; a failure to do so is wrong use.
    [[nodiscard]] virtual Result<Work> prepare(std::chrono::sys_seconds now) const = 0;
};

[[nodiscard]] std::unique_ptr<Subcommand> make_keygen(CLI::App& program);
[[nodiscard]] std::unique_ptr<Subcommand> make_ticket(CLI::App& program);
[[nodiscard]] std::unique_ptr<Subcommand> make_batch(CLI::App& program);
[[nodiscard]] std::unique_ptr<Subcommand> make_reissue(CLI::App& program);
[[nodiscard]] std::unique_ptr<Subcommand> make_exchange(CLI::App& program);
[[nodiscard]] std::unique_ptr<Subcommand> make_revoke(CLI::App& program);
[[nodiscard]] std::unique_ptr<Subcommand> make_log_verify(CLI::App& program);
[[nodiscard]] std::unique_ptr<Subcommand> make_device_show(CLI::App& program);
[[nodiscard]] std::unique_ptr<Subcommand> make_device_enrol(CLI::App& program);

template <class Options>
[[nodiscard]] Work work_of(Options options, Result<void> (*run)(const Options&)) {
    return [options = std::move(options), run]() -> Result<Outcome> {
        if (auto done = run(options); !done) return std::unexpected{std::move(done.error())};
        return Outcome::Done;
    };
}

// --key, --log and --passphrase-file.
struct TypedDesk {
    std::string key, log, passphrase_file;

    void add_to(CLI::App& command);
    [[nodiscard]] DeskOptions finish(std::chrono::sys_seconds now) const;
};

// --png and its like, --module-pixels, --text, --json.
struct TypedOutput {
    std::map<Form, std::string> files;
    std::size_t module_pixels = 8;
    bool text = false, json = false;

    void add_to(CLI::App& command);
    [[nodiscard]] OutputOptions finish() const;
};

// An option for each column of the table that has one of the uses.
void add_columns(CLI::App& command, Cells& cells, std::initializer_list<ColumnUse> uses);

// Errors: Invalid, with the option's name.
[[nodiscard]] Result<TicketPlan> plan_of_options(const Cells& cells, std::chrono::sys_seconds now,
                                                 Demand demand);
[[nodiscard]] Result<SerialRange> parse_serial_range(std::string_view text,
                                                     std::string_view option);

}  // namespace stile::crypto
