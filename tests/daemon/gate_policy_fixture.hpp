// SPDX-License-Identifier: Apache-2.0
// A gate with a policy of a few lines: an arena of two ways in and one out.
#pragma once

#include <string>
#include <string_view>

#include "tests/daemon/gate_fixture.hpp"
#include "tests/daemon/policy_text_of.hpp"

namespace stile::test {

inline constexpr std::string_view kArena =
    "[[area]]\nname = \"arena\"\nnumber = 1\ntitle = \"the arena\"\n";
inline constexpr std::string_view kWays =
    "[[lane]]\nname = \"lane-1\"\nto = \"arena\"\n"
    "[[lane]]\nname = \"lane-2\"\nto = \"arena\"\n"
    "[[lane]]\nname = \"lane-3\"\ndirection = \"exit\"\nfrom = \"arena\"\n";

class GatePolicyTest : public GateTest {
protected:
    // Lanes 1 and 2 lead in, lane 3 out. Tickets may enter however often, as far as the site says.
    void apply(const std::string& document, Reentry reentry = Reentry::Always) {
        venue_ = policy(document);
        make_gate({{}, {}, {.direction = Direction::Exit}}, {{}, {}, reentry});
    }
    // An arena with these keys.
    void apply_arena(std::string_view keys) {
        apply(std::string{kArena}.append(keys).append("\n").append(kWays));
    }
    static crypto::Gt1Fields fields(std::uint64_t serial) {
        crypto::Gt1Fields out = kFields;
        out.serial = serial;
        return out;
    }
    void expect_pass(std::size_t lane, const std::string& ticket) {
        EXPECT_EQ(answer_to(lane, ticket), Outcome::Admit);
        pass(lane);
    }
    std::string advice(std::uint64_t scan) {
        (void)outcome(scan);
        return answers_[scan].advice;
    }
};

}  // namespace stile::test
