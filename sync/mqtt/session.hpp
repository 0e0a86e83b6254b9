// SPDX-License-Identifier: Apache-2.0
// The port to an MQTT broker: one connection at a time, made again by its owner, never by itself.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "crypto/base/result.hpp"
#include "sync/publish/outgoing.hpp"

namespace stile::sync {

enum class Dialect { Mqtt5, Mqtt311 };

// Used with brokers whose address begins with ssl://. The certificate chain and the host name are
// always verified.
struct Tls {
    std::string ca_file;  // empty: the system's
    std::string certificate_file;
    std::string key_file;
};

struct ConnectOptions {
    std::uint32_t attempt = 0;  // comes back in the events of this connection
    std::string broker;         // tcp://host:port or ssl://host:port
    std::string user;
    std::string password;
    Dialect dialect = Dialect::Mqtt5;
    std::chrono::seconds keep_alive{15};
    std::chrono::seconds timeout{5};
    std::string will_topic;  // retained, QoS 1; empty: no will
    std::string will_payload;
    std::chrono::seconds will_delay{5};  // MQTT 5
    Tls tls;
};

// Why a connection did not come about, or a publish was not taken.
enum class Refusal {
    Unreachable,  // nobody answers, or TLS failed, or the connection broke
    Credentials,  // the broker refuses this user, password or topic
    Version,      // the broker does not speak this dialect
    Other,        // the broker refuses: try later
};

struct Connected {
    std::uint32_t attempt = 0;
    std::uint16_t receive_maximum = 65'535;  // QoS 1 messages that the broker takes at once
};
struct NotConnected {
    std::uint32_t attempt = 0;
    Refusal refusal = Refusal::Unreachable;
    std::string text;
};
struct Lost {
    std::uint32_t attempt = 0;
    std::string text;
};
struct Delivered {
    Token token = 0;
};
struct Undelivered {
    Token token = 0;
    Refusal refusal = Refusal::Unreachable;
    std::string text;
};
struct SubscriptionRefused {
    std::string filter;
    std::string text;
};
struct Disconnected {};
// A message of a topic that was subscribed to. Of those that wait to be taken, a number is kept.
struct Arrived {
    std::string topic;
    std::string payload;
    bool retained = false;  // remembered by the broker, not published just now
};

using SessionEvent = std::variant<Connected, NotConnected, Lost, Delivered, Undelivered,
                                  SubscriptionRefused, Disconnected, Arrived>;

// All functions are thread-bound to the owner's thread and return at once; what becomes of a call
// is an event. Errors mean that nothing was started: Closed (no connection), Io.
class MqttSession {
public:
    virtual ~MqttSession() = default;

    // Ends in Connected or NotConnected. A clean start: the broker keeps nothing from before.
    [[nodiscard]] virtual Result<void> connect(const ConnectOptions& options) = 0;
    // Ends in Delivered or Undelivered, in any order; in nothing when the token is 0, perhaps in
    // nothing when the connection is lost. Never sent on another connection.
    [[nodiscard]] virtual Result<void> publish(const Outgoing& message) = 0;
    // Ends in nothing, or in SubscriptionRefused.
    [[nodiscard]] virtual Result<void> subscribe(const std::string& filter) = 0;
    // A polite end: the broker forgets the will. Ends in Disconnected.
    [[nodiscard]] virtual Result<void> disconnect() = 0;
    // Breaks the connection, so that the broker publishes the will. Ends in Lost.
    virtual void abandon() = 0;

    // What happened since the last call, in order.
    [[nodiscard]] virtual std::vector<SessionEvent> take_events() = 0;
    // The same, but waits for the first event, at most `timeout`. Blocks.
    [[nodiscard]] virtual std::vector<SessionEvent> wait_events(
        std::chrono::milliseconds timeout) = 0;
};

}  // namespace stile::sync
