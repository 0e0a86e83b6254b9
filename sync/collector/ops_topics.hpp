// SPDX-License-Identifier: Apache-2.0
// The topics of a collector, as OPS.md lists them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace stile::sync {

class OpsTopics {
public:
    // Names are [a-z0-9-]+ (the configuration is checked for it).
    OpsTopics(std::string_view venue, std::string_view collector)
        : base_{"stile/v1/" + std::string{venue} + "/"}, collector_{collector} {}

    [[nodiscard]] std::string all() const { return base_ + "+/#"; }
    [[nodiscard]] std::string ack(std::string_view gate) const {
        return base_ + std::string{gate} + "/ack/" + collector_;
    }
    [[nodiscard]] std::string replay(std::string_view gate) const {
        return base_ + std::string{gate} + "/replay";
    }
    // "status", "gates", "occupancy", "flow", "conflicts", "acknowledged", "ask"
    [[nodiscard]] std::string ops(std::string_view name) const {
        return base_ + "_ops/" + std::string{name};
    }
    [[nodiscard]] std::string alarm(std::string_view code) const {
        return ops("alarm/" + std::string{code});
    }
    [[nodiscard]] std::string forecast(std::int64_t event) const {
        return ops("forecast/" + std::to_string(event));
    }
    [[nodiscard]] std::string answer(std::string_view reply) const {
        return ops("answer/" + std::string{reply});
    }

private:
    std::string base_;
    std::string collector_;
};

}  // namespace stile::sync
