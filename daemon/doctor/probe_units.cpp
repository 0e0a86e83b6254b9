// SPDX-License-Identifier: Apache-2.0
// systemctl show, and the journal for what failed.
#include <algorithm>
#include <charconv>

#include <unistd.h>

#include "daemon/doctor/probes.hpp"
#include "daemon/doctor/run.hpp"

namespace stile::doctor {
namespace {

constexpr std::chrono::seconds kPatience{5};

template <class Number>
Number number_in(std::string_view text) {
    Number number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

void read_line(std::string_view line, UnitFact& fact) {
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) return;
    const auto key = line.substr(0, equals);
    const auto value = line.substr(equals + 1);
    if (key == "LoadState") fact.load = value;
    if (key == "ActiveState") fact.active = value;
    if (key == "UnitFileState") fact.enabled = value;
    if (key == "Result") fact.result = value;
    if (key == "ExecMainStatus") fact.exit_status = number_in<int>(value);
    if (key == "NRestarts") fact.restarts = number_in<unsigned>(value);
}

std::string last_error_of(const std::string& unit) {
    auto told =
        run({"journalctl", "-u", unit, "-p", "err", "-n", "1", "-o", "cat", "-q", "--no-pager"},
            kPatience);
    return told.out.substr(0, told.out.find('\n'));
}

}  // namespace

std::vector<UnitFact> parse_units(std::string_view text) {
    std::vector<UnitFact> units;
    bool between = true;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = text.substr(0, end);
        if (!line.empty() && between) units.emplace_back();
        if (!line.empty()) read_line(line, units.back());
        between = line.empty();
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return units;
}

std::vector<UnitFact> look_at_units(const std::vector<std::string>& names) {
    std::vector<UnitFact> unknown(names.size());
    if (::access("/run/systemd/system", F_OK) != 0) return unknown;
    std::vector<std::string> words{
        "systemctl", "show", "--no-pager",
        "--property=LoadState,ActiveState,UnitFileState,Result,ExecMainStatus,NRestarts"};
    words.insert(words.end(), names.begin(), names.end());
    const auto told = run(std::move(words), kPatience);
    auto units = parse_units(told.out);
    if (told.exit_code != 0 || units.size() != names.size()) return unknown;
    for (std::size_t i = 0; i < units.size(); ++i) {
        if (units[i].active == "failed" || units[i].active == "activating")
            units[i].last_error = last_error_of(names[i]);
    }
    return units;
}

}  // namespace stile::doctor
