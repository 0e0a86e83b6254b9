// SPDX-License-Identifier: Apache-2.0
// The way to one broker as the checks see it: values that probes fill in, and tests make up.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace stile::sync {

using Moment = std::chrono::sys_seconds;

struct TlsFact {
    std::string trouble;        // empty: the broker is trusted
    std::optional<Moment> end;  // of its certificate
};

// What became of one message.
enum class Fate : std::uint8_t { Untold, Taken, Refused, Lost };

struct LoginFact {
    enum class Answer : std::uint8_t { In, Unreachable, Credentials, Other } answer = Answer::In;
    std::string text;   // of an answer that is not In
    bool tells = true;  // MQTT 5: what may not be published is refused in words
    Fate own = Fate::Untold;
    Fate other = Fate::Untold;  // a message in another gate's name
    std::chrono::milliseconds round_trip{};
};

// Each step is there only when the one before worked.
struct BrokerFact {
    std::string address;  // ssl://broker.example:8883
    std::string resolve_trouble;
    std::string connect_trouble;
    std::optional<TlsFact> tls;  // nothing: not asked for, or not reached
    std::optional<LoginFact> login;
};

}  // namespace stile::sync
