// SPDX-License-Identifier: Apache-2.0
// Three days of a gate in minutes: the real programs, one scan for each second of 72 hours as fast
// as the gate takes them, a broker that comes and goes every hour, and a reader that is unplugged.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/daemon/stiled_site.hpp"
#include "tests/sync/testbed/mosquitto.hpp"

namespace stile::test {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using protocol::Outcome;

constexpr int kScansAnHour = 3'600;
constexpr int kLanes = 4;

// What a program holds at one moment.
struct Holding {
    std::size_t memory_kib = 0;  // of its own, without mapped files
    std::size_t descriptors = 0;
    std::size_t threads = 0;
};

Holding holding(const Process& process) {
    const fs::path proc = fs::path{"/proc"} / std::to_string(process.pid());
    Holding out;
    std::ifstream status{proc / "status"};
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("RssAnon:")) out.memory_kib = std::stoul(line.substr(8));
        if (line.starts_with("Threads:")) out.threads = std::stoul(line.substr(8));
    }
    out.descriptors = static_cast<std::size_t>(
        std::distance(fs::directory_iterator{proc / "fd"}, fs::directory_iterator{}));
    return out;
}

struct Hour {
    double p50_ms = 0;
    double p99_ms = 0;
    Holding daemon;
    Holding sync;
};

class Gate {
public:
    Gate() {
        site_.folder().write("site.toml", configuration());
        require(broker_.start(), "mosquitto");
        stiled_ = site_.start();
        for (int i = 0; i < kLanes; ++i)
            plug(i);
        sync_ = std::make_unique<Process>(
            "stile-sync", std::vector<std::string>{"--config", site_.config().native()},
            site_.folder().path() / "sync");
    }

    // Guests that come one a second: most with a good ticket, some again, some with a wrong one.
    Hour hour() {
        std::vector<double> took;
        for (int second = 0; second < kScansAnHour; ++second) {
            if (second == kScansAnHour / 3) broker_.kill();
            if (second == kScansAnHour / 2) require(broker_.start(), "mosquitto");
            if (second % 900 == 0) plug(second / 900);
            took.push_back(scan());
        }
        std::ranges::sort(took);
        return {took[took.size() / 2], took[took.size() * 99 / 100], holding(*stiled_),
                holding(*sync_)};
    }

    // Whether everything reached the broker in the end.
    bool drained() {
        const auto deadline = Clock::now() + std::chrono::minutes{5};
        while (Clock::now() < deadline) {
            const auto status = site_.run("stilectl", {"--json", "status"});
            if (status.out.find("\"outbox_depth\":0") != std::string::npos) return true;
        }
        return false;
    }
    [[nodiscard]] std::uint64_t admitted() const { return admitted_; }

private:
    static std::string name_of(int lane) { return "cam-" + std::to_string(lane + 1); }
    static void require(bool good, const char* what) {
        if (!good) throw std::runtime_error{std::string{what} + " does not start"};
    }
    std::string configuration() const {
        std::string text =
            "[site]\nvenue = \"soak\"\ngate = \"north\"\n"
            "[paths]\nstate = \"state\"\nruntime = \"run\"\nkeys = \"keys.toml\"\n"
            "[ledger]\nmap_mib = 4096\nreserve_mib = 64\n[metrics]\nlisten = \"\"\n"
            "[mqtt]\nbrokers = [\"" +
            broker_.address() +
            "\"]\nretry_first_ms = 50\nretry_longest_ms = 500\nhealth_period_ms = 500\n"
            "keep_alive_ms = 1000\n";
        for (int i = 0; i < kLanes; ++i) {
            const std::string lane = "lane-" + std::to_string(i + 1);
            text += "[[lane]]\nname = \"" + lane +
                    "\"\nsimulated_passage_ms = 1\n[[reader]]\nname = \"" + name_of(i) +
                    "\"\nlane = \"" + lane + "\"\nsource = \"nowhere\"\nmost_scans = 100000\n";
        }
        return text;
    }
    // A reader comes; or it goes and comes back, as when somebody pulls its plug. The daemon sends
    // it away until it has noticed that the old one is gone.
    void plug(int lane) {
        auto& reader = readers_[static_cast<std::size_t>(lane)];
        do {
            reader.reset();
            reader.emplace(site_.reader(*stiled_, name_of(lane)));
        } while (!reader->show("hello"));
    }
    std::string code() {
        ++number_;
        if (number_ % 10 == 3) return Site::ticket(number_ / 2);
        if (number_ % 10 == 6) return "not a ticket " + std::to_string(number_);
        std::string ticket = Site::ticket(number_);
        if (number_ % 10 == 9) ticket[ticket.size() / 2] ^= 1;
        return ticket;
    }
    // Milliseconds from the scan to the answer.
    double scan() {
        auto& reader = *readers_[number_ % kLanes];
        const std::string content = code();
        for (;;) {
            const auto begin = Clock::now();
            const auto answer = reader.show(content);
            const std::chrono::duration<double, std::milli> took = Clock::now() - begin;
            if (!answer) throw std::runtime_error{"the daemon does not answer\n" + site_.log()};
            if (answer->outcome == Outcome::Wait) continue;  // somebody passes there
            admitted_ += answer->outcome == Outcome::Admit ? 1 : 0;
            return took.count();
        }
    }

    Site site_;
    sync::testbed::Mosquitto broker_;
    std::unique_ptr<Process> stiled_;
    std::unique_ptr<Process> sync_;
    std::array<std::optional<PlayedPeer>, kLanes> readers_;
    std::uint64_t number_ = 0;
    std::uint64_t admitted_ = 0;
};

void print(int number, const Hour& hour) {
    std::printf(
        "%4d h  p50 %6.2f ms  p99 %7.2f ms   stiled %6zu KiB %3zu fd %2zu threads   "
        "stile-sync %6zu KiB %3zu fd %2zu threads\n",
        number, hour.p50_ms, hour.p99_ms, hour.daemon.memory_kib, hour.daemon.descriptors,
        hour.daemon.threads, hour.sync.memory_kib, hour.sync.descriptors, hour.sync.threads);
    std::fflush(stdout);
}

double median_p99(std::span<const Hour> hours) {
    std::vector<double> values;
    for (const Hour& hour : hours)
        values.push_back(hour.p99_ms);
    std::ranges::sort(values);
    return values[values.size() / 2];
}

bool check(bool good, const char* what) {
    std::printf("%-7s %s\n", good ? "ok" : "FAILED", what);
    return good;
}

// Memory may settle within the first quarter, and must not grow after it.
bool is_flat(std::size_t settled_kib, std::size_t last_kib) {
    return last_kib <= settled_kib + settled_kib / 10 + 1'024;
}

int judge(const std::vector<Hour>& hours, bool drained) {
    const std::size_t quarter = hours.size() / 4;
    const Hour& settled = hours[quarter];
    const Hour& last = hours.back();
    const std::span all{hours};
    bool good = check(is_flat(settled.daemon.memory_kib, last.daemon.memory_kib),
                      "the daemon's memory is flat");
    good &= check(is_flat(settled.sync.memory_kib, last.sync.memory_kib),
                  "stile-sync's memory is flat");
    good &= check(last.daemon.descriptors <= settled.daemon.descriptors,
                  "the daemon leaks no descriptor");
    good &=
        check(last.sync.descriptors <= settled.sync.descriptors, "stile-sync leaks no descriptor");
    good &= check(
        last.daemon.threads <= settled.daemon.threads && last.sync.threads <= settled.sync.threads,
        "neither leaks a thread");
    const double first = median_p99(all.subspan(0, std::max<std::size_t>(quarter, 1)));
    const double end = median_p99(all.subspan(hours.size() - std::max<std::size_t>(quarter, 1)));
    std::printf("p99, median of the first and of the last quarter: %.2f ms, %.2f ms\n", first, end);
    good &= check(end <= 1.5 * first + 0.5, "p99 is stable");
    good &= check(drained, "every entry was acknowledged by the broker");
    return good ? 0 : 1;
}

int soak(int hours_wanted) {
    Gate gate;
    std::vector<Hour> hours;
    const auto begin = Clock::now();
    for (int i = 0; i < hours_wanted; ++i) {
        hours.push_back(gate.hour());
        if (i % 6 == 5 || i == 0) print(i + 1, hours.back());
    }
    const bool drained = gate.drained();
    const std::chrono::duration<double> took = Clock::now() - begin;
    std::printf("%d hours, %d scans, %llu people in %.0f s\n", hours_wanted,
                hours_wanted * kScansAnHour, static_cast<unsigned long long>(gate.admitted()),
                took.count());
    return judge(hours, drained);
}

}  // namespace
}  // namespace stile::test

int main(int argc, char** argv) {
    const int hours = argc > 1 ? std::atoi(argv[1]) : 72;
    if (hours < 4) {
        std::fprintf(stderr, "Usage: soak [HOURS]   (at least 4; 72 when nothing is said)\n");
        return 2;
    }
    try {
        return stile::test::soak(hours);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "soak: %s\n", error.what());
        return 1;
    }
}
