// SPDX-License-Identifier: Apache-2.0
// Lines of a GPIO chip as outputs that may go away and come back.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "devices/turnstile/outputs.hpp"
#include "devices/turnstile/upkeep.hpp"

namespace stile::devices {

// Switches at once; only the news of it waits for the loop.
class GpioOutputs final : public Outputs {
public:
    GpioOutputs(EventLoop& loop, std::unique_ptr<GpioLines> lines, const BackOff& back_off = {})
        : loop_{loop},
          upkeep_{loop,
                  std::move(lines),
                  back_off,
                  {[this] {
                       news_.clear();
                       tell_gone();
                   },
                   [this] { tell_back(); }}} {}

    [[nodiscard]] Result<void> set(std::size_t output, Switch to) override {
        if (!upkeep_.here()) return fail(Errc::Closed, "the GPIO chip is gone");
        if (auto done = upkeep_.lines().set(output, to); !done) {
            upkeep_.lost(done.error().context);
            return done;
        }
        news_.emplace_back(output, to);
        if (!later_) later_ = loop_.after(std::chrono::milliseconds{0}, [this] { tell(); });
        return {};
    }

    void look() override { upkeep_.look(); }
    [[nodiscard]] std::string trouble() const override { return upkeep_.trouble(); }

private:
    void tell() {
        later_.reset();
        for (const auto& [output, to] : std::exchange(news_, {}))
            tell_switched(output, to);
    }

    EventLoop& loop_;
    std::vector<std::pair<std::size_t, Switch>> news_;
    EventSource later_;
    Upkeep upkeep_;
};

}  // namespace stile::devices
