// SPDX-License-Identifier: Apache-2.0
// A whole gate with lanes whose guests pass at once, for benchmarks.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/lane/gate.hpp"
#include "tests/support/fakes.hpp"

namespace stile::bench {

// Says when it was released; somebody passes when they are told to.
class TimedTurnstile final : public devices::Turnstile {
public:
    [[nodiscard]] devices::Capabilities capabilities() const override { return {}; }
    [[nodiscard]] Result<void> release(const Grant& /*grant*/,
                                       const devices::ReleaseTerms& /*terms*/) override {
        if (on_release) on_release();
        return {};
    }
    [[nodiscard]] Result<void> open(devices::Ways /*ways*/) override { return {}; }
    void lock() override {}
    void pass() {
        report(devices::Signal::OuterCovered);
        report(devices::Signal::OuterClear);
    }
    std::function<void()> on_release;
};

class GateStage {
public:
    GateStage(const std::filesystem::path& folder, std::size_t lanes, const crypto::KeyRing& keys,
              WallTime now)
        : clock_{now},
          ledger_{
              Ledger::open({.folder = folder, .map_bytes = std::size_t{1} << 30U}, clock_).value()},
          gate_{{.loop = loop,
                 .ledger = ledger_,
                 .clock = clock_,
                 .rules = {.keys = keys},
                 .revocations = [](const crypto::Ticket&) { return RevocationFacts{}; }},
                setups(lanes)} {}

    // A guest shows this; `answered` when the reader knows.
    void show(std::size_t lane, const std::string& text,
              std::function<void(const protocol::Feedback&)> answered) {
        protocol::Scan scan{.scan = ++scans_,
                            .medium = protocol::Medium::Qr,
                            .captured_ns = static_cast<std::uint64_t>(EventLoop::monotonic_ns()),
                            .content = {as_bytes(text).begin(), as_bytes(text).end()}};
        gate_.submit({.lane = lane,
                      .reader = "camera",
                      .scan = std::move(scan),
                      .answer = std::move(answered)});
    }
    [[nodiscard]] TimedTurnstile& turnstile(std::size_t lane) { return *turnstiles_[lane]; }
    [[nodiscard]] Gate& gate() { return gate_; }

    EventLoop loop;

private:
    std::vector<LaneSetup> setups(std::size_t lanes) {
        std::vector<LaneSetup> out;
        for (std::size_t i = 0; i < lanes; ++i) {
            auto turnstile = std::make_unique<TimedTurnstile>();
            turnstiles_.push_back(turnstile.get());
            out.push_back({.name = "lane-" + std::to_string(i), .turnstile = std::move(turnstile)});
        }
        return out;
    }

    test::FakeClock clock_;
    Ledger ledger_;
    std::vector<TimedTurnstile*> turnstiles_;
    Gate gate_;
    std::uint64_t scans_ = 0;
};

}  // namespace stile::bench
