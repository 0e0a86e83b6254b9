// SPDX-License-Identifier: Apache-2.0
// One gate of the venue: its folder, its site file, and its two programs.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "tests/simulate/evening_clock.hpp"
#include "tests/simulate/tickets.hpp"
#include "tests/support/process.hpp"

namespace stile::simulate {

inline constexpr const char* kVenue = "arena";
inline constexpr const char* kCollector = "main";
inline constexpr const char* kLanes[] = {"a", "b", "out"};  // the last one is for exit

class GateSite {
public:
    struct Setup {
        std::string name;
        std::filesystem::path folder;   // made anew
        std::filesystem::path runtime;  // of sockets: a short path
        std::uint16_t broker = 0;
        std::chrono::milliseconds passage;  // one person in a lane
    };
    GateSite(Setup setup, const BoxOffice& office, const EveningClock& clock);

    void start_daemon();
    // As a power cut would.
    void kill_daemon() { daemon_.reset(); }
    void start_sync();
    void signal_daemon(int number) const { daemon_->signal(number); }
    // Asks both to end. False: they did not within half a minute.
    [[nodiscard]] bool stop();

    [[nodiscard]] const std::string& name() const { return setup_.name; }
    [[nodiscard]] std::filesystem::path socket(const std::string& name) const {
        return setup_.runtime / name;
    }
    [[nodiscard]] std::filesystem::path ledger() const { return setup_.folder / "state/ledger"; }
    [[nodiscard]] static std::string reader_of(const std::string& lane) { return lane + "-qr"; }

private:
    [[nodiscard]] std::string configuration() const;
    [[nodiscard]] std::unique_ptr<test::Process> start(const std::string& role) const;

    Setup setup_;
    EveningClock clock_;
    std::filesystem::path config_;
    std::unique_ptr<test::Process> daemon_;
    std::unique_ptr<test::Process> sync_;
    mutable int starts_ = 0;
};

// Makes a file that nobody else may read.
void write_private(const std::filesystem::path& file, std::string_view text);

}  // namespace stile::simulate
