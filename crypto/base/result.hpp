// SPDX-License-Identifier: Apache-2.0
// The error type of the whole project: a failure is a value that says what its caller should do
// next.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace stile {

// What a caller does with a failure. The code is the policy; the text is for people.
enum class Errc : std::uint8_t {
    Invalid,      // the input is wrong: report it, drop it, go on
    NotFound,     // there is no such thing
    Timeout,      // try again
    Closed,       // the other side is gone: open it again
    Io,           // the operating system refused: report it, try again later
    Denied,       // no permission
    Full,         // no space: nothing was stored
    Corrupt,      // stored data cannot be trusted: fail closed
    Config,       // the configuration is wrong: a restart cannot help
    Unsupported,  // a valid request that this build or device cannot serve
};

struct Error {
    Errc code = Errc::Invalid;
    std::string context;

    // Puts `outer` in front of the text, so that context grows outward: "outer: inner".
    [[nodiscard]] Error with_context(std::string_view outer) && {
        context.insert(0, std::string{outer} + ": ");
        return std::move(*this);
    }
};

template <class T>
using Result = std::expected<T, Error>;

[[nodiscard]] inline std::unexpected<Error> fail(Errc code, std::string context) {
    return std::unexpected{Error{code, std::move(context)}};
}

// Hands an inner failure on, with one more word about where it happened.
[[nodiscard]] inline std::unexpected<Error> fail(std::string_view outer, Error inner) {
    return std::unexpected{std::move(inner).with_context(outer)};
}

}  // namespace stile
