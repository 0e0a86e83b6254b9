// SPDX-License-Identifier: Apache-2.0
// One evening at the venue in a box: everything started, everything that happens, everything ended.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/simulate/audit.hpp"
#include "tests/simulate/collector_site.hpp"
#include "tests/simulate/crowd.hpp"
#include "tests/simulate/gate_site.hpp"
#include "tests/simulate/gate_watch.hpp"
#include "tests/simulate/wire.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/sync/testbed/mosquitto.hpp"

namespace stile::simulate {

enum class Fire : std::uint8_t { No, Yes };
// What is done when everybody is inside.
enum class Afterwards : std::uint8_t { End, StayUntilInterrupted };

struct Options {
    Wishes wishes;
    int speed = 60;
    Fire fire = Fire::No;
    Afterwards afterwards = Afterwards::End;
    std::filesystem::path out;  // of configurations, ledgers and logs
};

// "18:00"
[[nodiscard]] std::string clock_text(WallTime time);

class Evening {
public:
    // Throws std::runtime_error when something that it needs is not there.
    explicit Evening(const Options& options);

    enum class Ending : std::uint8_t { Over, Interrupted, Stuck };
    // Blocks for the whole evening. Prints what happens.
    Ending run();
    // After run().
    [[nodiscard]] Findings findings() const;
    void print_summary(const Findings& findings) const;
    // Before run(): what will be played, and where it can be watched.
    void print_prospect() const;
    [[nodiscard]] std::uint16_t page_port() const { return page_port_; }  // WebSocket

private:
    struct Incident {
        Minutes at{};
        std::string words;
        std::function<void()> act;
    };
    void build();
    void plan_incidents();
    void add_spell(const std::optional<Spell>& spell, const std::string& begins,
                   std::function<void(std::size_t)> begin, const std::string& ends,
                   std::function<void(std::size_t)> end);
    void step();
    [[nodiscard]] bool all_up() const;
    void take(const Entry& entry);
    void incidents();
    void hand_out_refunds();
    void fire();
    [[nodiscard]] bool all_delivered() const;
    [[nodiscard]] bool is_stuck();
    // evening_collector.cpp
    [[nodiscard]] bool collector_is_up();
    void tell_collector_of_refunds();
    [[nodiscard]] bool collector_has_all();
    [[nodiscard]] bool collector_agrees() const;
    void compare_with_collector(Findings& findings) const;
    [[nodiscard]] Bounds doubles() const;
    [[nodiscard]] std::size_t refunded_inside() const;
    void progress();  // and the rest: evening_report.cpp
    void say(const std::string& words) const;

    const Options options_;
    const Plan plan_;
    const std::chrono::milliseconds passage_;
    const BoxOffice office_;
    EventLoop loop_;
    test::TempDir sockets_;
    std::uint16_t page_port_;
    sync::testbed::Mosquitto broker_;
    EveningClock clock_;
    std::vector<std::unique_ptr<Wire>> wires_;
    std::vector<std::unique_ptr<GateSite>> gates_;
    std::vector<std::unique_ptr<GateWatch>> watches_;
    std::optional<CollectorSite> collector_;
    bool has_sold_ = false;     // the collector knows what was sold
    bool has_refunds_ = false;  // and refunded
    std::optional<std::chrono::steady_clock::time_point> stored_since_;  // all entries
    std::optional<Ear> ear_;
    std::optional<Crowd> crowd_;
    std::vector<Incident> incidents_;  // in their order
    std::size_t next_incident_ = 0;
    std::vector<std::size_t> without_refunds_;  // gates, once the list is out
    std::size_t burning_ = 0;                   // lanes that have to say so
    std::size_t lanes_on_fire_ = 0;             // that did
    bool started_ = false;
    Ending ending_ = Ending::Interrupted;
    std::chrono::steady_clock::time_point last_progress_;
    std::pair<std::size_t, std::size_t> known_;  // what had happened then
    WallTime last_line_;                         // of the progress, where it is no terminal
    EventSource steps_;
    EventSource reports_;
};

}  // namespace stile::simulate
