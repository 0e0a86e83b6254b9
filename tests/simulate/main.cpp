// SPDX-License-Identifier: Apache-2.0
// stile-simulate: plays an evening at a venue through the real programs, and compares what
// everybody saw of it.
#include <charconv>
#include <cstdio>
#include <exception>
#include <string_view>

#include <fmt/format.h>

#include "daemon/runtime/exit_code.hpp"
#include "tests/simulate/evening.hpp"
#include "tests/simulate/out_folder.hpp"

namespace {

using namespace stile::simulate;  // NOLINT(google-build-using-namespace)

constexpr int kExitInterrupted = 130;  // as shells have it

constexpr std::string_view kUsage =
    R"(Usage: stile-simulate [--gates N] [--people M] [--speed X] [--scenario NAME] [--fire]
                      [--quick] [--seed N] [--out DIR] [--stay]

Plays an evening, from the doors at 18:00 to the last guest, X times as fast as it would be. At its
end the people, the ledgers, the broker and the collector must tell one story:
exit code 0, else 1; 130 when it is interrupted.

  --gates N        1 to 16 (4), each with two lanes for entry and one for exit
  --people M       1 to 90000 (400) who bought a ticket; some with bad ones come on top
  --speed X        1 to 3600 (60)
  --scenario NAME  what happens besides (evening)
  --fire           a fire alarm at 20:45
  --quick          2 gates, 40 people, 2400 times as fast: a few seconds
  --seed N         another evening of the same kind (1)
  --out DIR        for configurations, ledgers and logs (simulation): empty, or an earlier one
  --stay           when all are inside, keep everything running until Ctrl-C

Scenarios:
)";

int usage(std::FILE* where, int code) {
    fmt::print(where, "{}", kUsage);
    for (const Scenario& scenario : scenarios())
        fmt::print(where, "  {:<9} {}\n", scenario.name, scenario.about);
    return code;
}

template <class Number>
bool read(std::string_view text, Number low, Number high, Number& into) {
    const char* const end = text.data() + text.size();
    const auto [stop, fault] = std::from_chars(text.data(), end, into);
    return fault == std::errc{} && stop == end && into >= low && into <= high;
}

bool take(std::string_view name, std::string_view value, Options& options) {
    Wishes& wishes = options.wishes;
    if (name == "--gates") return read<std::size_t>(value, 1, 16, wishes.gates);
    if (name == "--people") return read<std::size_t>(value, 1, 90'000, wishes.people);
    if (name == "--speed") return read(value, 1, 3'600, options.speed);
    if (name == "--seed") return read<std::uint64_t>(value, 0, UINT64_MAX, wishes.seed);
    if (name == "--scenario") return (wishes.scenario = scenario_named(value)) != nullptr;
    if (name == "--out") return !(options.out = value).empty();
    return false;
}

bool take(std::string_view name, Options& options) {
    if (name == "--fire") options.fire = Fire::Yes;
    if (name == "--stay") options.afterwards = Afterwards::StayUntilInterrupted;
    if (name != "--quick") return name == "--fire" || name == "--stay";
    options.wishes.gates = 2;
    options.wishes.people = 40;
    options.speed = 2'400;
    return true;
}

int play(const Options& options) {
    Evening evening{options};
    evening.print_prospect();
    const Evening::Ending ending = evening.run();
    if (ending == Evening::Ending::Interrupted) {
        fmt::print("\nstopped, nothing was compared\n");
        return kExitInterrupted;
    }
    const Findings findings = evening.findings();
    evening.print_summary(findings);
    if (ending == Evening::Ending::Stuck)
        fmt::print("The evening came to a stop before its end.\n");
    const bool good = ending == Evening::Ending::Over && findings.differences.empty();
    return good ? stile::kExitDone : stile::kExitFailed;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    options.wishes.scenario = scenario_named("evening");
    options.out = "simulation";
    for (int i = 1; i < argc; ++i) {
        const std::string_view name = argv[i];
        if (name == "--help") return usage(stdout, stile::kExitDone);
        if (take(name, options)) continue;
        if (i + 1 == argc || !take(name, argv[++i], options)) {
            fmt::print(stderr, "stile-simulate: {} is wrong\n\n", name);
            return usage(stderr, stile::kExitUsage);
        }
    }
    try {
        options.out = std::filesystem::absolute(options.out);
        if (const auto taken = take_folder(options.out); !taken) {
            fmt::print(stderr, "stile-simulate: {}\n", taken.error().context);
            return stile::kExitFailed;
        }
        return play(options);
    } catch (const std::exception& error) {
        fmt::print(stderr, "stile-simulate: {}\n", error.what());
        return stile::kExitFailed;
    }
}
