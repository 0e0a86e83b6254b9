// SPDX-License-Identifier: Apache-2.0
// Files and processes.
#include "tests/simulate/gate_site.hpp"

#include <csignal>
#include <fstream>
#include <utility>

#include <fmt/format.h>

namespace stile::simulate {
namespace {

namespace fs = std::filesystem;

std::string lane_text(const std::string& name, std::string_view direction,
                      std::chrono::milliseconds passage) {
    return fmt::format(
        "[[lane]]\nname = \"{0}\"\ndirection = \"{1}\"\nsimulated_passage_ms = {2}\n"
        "[[reader]]\nname = \"{3}\"\nlane = \"{0}\"\nsource = \"nowhere\"\nmost_scans = 100000\n",
        name, direction, passage.count(), GateSite::reader_of(name));
}

}  // namespace

void write_private(const fs::path& file, std::string_view text) {
    std::ofstream{file} << text;
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
}

GateSite::GateSite(Setup setup, const BoxOffice& office, const EveningClock& clock)
    : setup_{std::move(setup)}, clock_{clock}, config_{setup_.folder / "stile.toml"} {
    fs::remove_all(setup_.folder);
    fs::create_directories(setup_.folder);
    fs::create_directories(setup_.runtime);
    write_private(setup_.folder / "keys.toml", office.keys_toml());
    write_private(setup_.folder / "event.secret", office.secret_text());
    write_private(config_, configuration());
}

std::string GateSite::configuration() const {
    std::string text = fmt::format(
        "[site]\nvenue = \"{}\"\ngate = \"{}\"\n"
        "[paths]\nstate = \"state\"\nruntime = \"{}\"\nkeys = \"keys.toml\"\n"
        "secret = \"event.secret\"\n"
        "[policy]\nevents = [{}]\nreentry = \"after-exit\"\n"
        "[ledger]\nmap_mib = 1024\nreserve_mib = 1\n[metrics]\nlisten = \"\"\n"
        "[mqtt]\nbrokers = [\"tcp://127.0.0.1:{}\"]\nretry_first_ms = 100\n"
        "retry_longest_ms = 1000\nhealth_period_ms = 2000\ncollectors = [\"{}\"]\n",
        kVenue, setup_.name, setup_.runtime.native(), kEvent, setup_.broker, kCollector);
    for (const char* const& lane : kLanes)
        text += lane_text(lane, &lane == std::end(kLanes) - 1 ? "exit" : "entry", setup_.passage);
    return text;
}

std::unique_ptr<test::Process> GateSite::start(const std::string& role) const {
    const fs::path log = setup_.folder / fmt::format("{}-{}", role, ++starts_);
    return std::make_unique<test::Process>(
        "stile-simulated", std::vector<std::string>{role, clock_.text(), config_.native()}, log);
}

void GateSite::start_daemon() {
    daemon_ = start("gate");
}

void GateSite::start_sync() {
    sync_ = start("sync");
}

bool GateSite::stop() {
    bool ended = true;
    for (const auto* program : {&sync_, &daemon_}) {
        if (!*program) continue;
        (*program)->signal(SIGTERM);
        ended &= (*program)->wait(std::chrono::seconds{30}).has_value();
    }
    return ended;
}

}  // namespace stile::simulate
