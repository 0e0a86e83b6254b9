// SPDX-License-Identifier: Apache-2.0
// A turnstile that is wired to outputs and inputs of any kind (WIRING.md).
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "daemon/runtime/event_loop.hpp"
#include "devices/turnstile/gpio_inputs.hpp"
#include "devices/turnstile/outputs.hpp"
#include "devices/turnstile/turnstile.hpp"

namespace stile::devices {

// Thread-bound to its loop.
class WiredTurnstile final : public Turnstile {
public:
    enum class Drive : std::uint8_t {
        Pulse,  // one pulse a person; the turnstile's own controller does the rest
        Level   // on until it is locked again
    };
    enum class Exits : std::uint8_t {
        Shared,  // output 0 is for both directions
        Own      // output 1 is for who leaves
    };
    struct Options {
        Drive drive = Drive::Pulse;
        Exits exits = Exits::Shared;
        std::chrono::milliseconds pulse{500};  // on, and at least as long off before the next one
    };
    // `inputs` may be null: nobody knows who passes.
    WiredTurnstile(EventLoop& loop, std::unique_ptr<Outputs> outputs,
                   std::unique_ptr<GpioInputs> inputs, const Options& options);
    // Ends what a release has begun. What was opened for everybody stays as it is: there may be
    // fire.
    ~WiredTurnstile() override;
    WiredTurnstile(const WiredTurnstile&) = delete;
    WiredTurnstile& operator=(const WiredTurnstile&) = delete;

    [[nodiscard]] Capabilities capabilities() const override;
    [[nodiscard]] Result<void> release(const Grant& grant, const ReleaseTerms& terms) override;
    [[nodiscard]] Result<void> open(Ways ways) override;
    void lock() override;
    [[nodiscard]] std::string trouble() const override;

private:
    enum class Part : std::uint8_t { Outputs, Inputs };
    struct Exit {
        Switch told = Switch::Off;
        int pulses = 0;       // still to come, the one that is under way included
        bool ending = false;  // told to go off, and has not said that it is
        std::chrono::steady_clock::time_point rested;  // no pulse begins earlier
        EventSource timer;
    };
    [[nodiscard]] std::size_t output_for(Direction direction) const;
    [[nodiscard]] Result<void> turn(std::size_t output, Switch to);
    void switched(std::size_t output, Switch to);
    void gone(Part part);
    void back(Part part);
    void hear(Signal signal);

    EventLoop& loop_;
    Options options_;
    std::unique_ptr<Outputs> outputs_;
    std::unique_ptr<GpioInputs> inputs_;
    std::vector<Exit> exits_;
    std::optional<Ways> open_;  // for everybody, also while the outputs are gone
    bool gone_[2] = {};         // by part
};

}  // namespace stile::devices
