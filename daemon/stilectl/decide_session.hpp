// SPDX-License-Identifier: Apache-2.0
// Plays a script of scans and changes, one JSON object a line, against a gate's real decision.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "crypto/base/result.hpp"
#include "daemon/stilectl/decide_state.hpp"

namespace stile {

// Thread-bound.
class DecideSession {
public:
    // Errors: those of DecideState::open().
    [[nodiscard]] static Result<DecideSession> open(World world);
    DecideSession(DecideSession&&) noexcept;
    DecideSession& operator=(DecideSession&&) = delete;
    DecideSession(const DecideSession&) = delete;
    DecideSession& operator=(const DecideSession&) = delete;
    ~DecideSession();

    // One JSON object for one line, without the line's end. A line that is not understood is
    // answered with {"error": ...}, and the session goes on.
    [[nodiscard]] std::string answer(std::string_view line);

private:
    struct Script;
    explicit DecideSession(std::unique_ptr<Script> script);
    std::unique_ptr<Script> script_;
};

}  // namespace stile
