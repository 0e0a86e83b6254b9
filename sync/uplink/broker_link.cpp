// SPDX-License-Identifier: Apache-2.0
// Wait, try, be up, be lost, wait again; what the log says about it.
#include "sync/uplink/broker_link.hpp"

#include <random>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "daemon/runtime/log.hpp"
#include "daemon/runtime/message_id.hpp"

namespace stile::sync {
namespace {

constexpr std::chrono::seconds kConnectTimeout{5};
// The library answers within its own time-out; if it does not, it is asked again.
constexpr std::chrono::seconds kPatience{30};

std::uint32_t random_bits() {
    return std::random_device{}();
}

// What the person who reads the log can do about it.
std::string remedy(Refusal refusal, const Settings& settings) {
    switch (refusal) {
        case Refusal::Unreachable:
            return "is it running, and is mqtt.brokers right?";
        case Refusal::Credentials:
            return fmt::format(
                "set mqtt.user (now \"{}\") and mqtt.password_file to what the broker knows, and "
                "let that user write stile/v1/{}/{}/#",
                settings.user, settings.venue, settings.gate);
        case Refusal::Version:
            return "it has to speak MQTT 5 or 3.1.1";
        case Refusal::Other:
            return "the broker's own log says more";
    }
    return {};
}

}  // namespace

BrokerLink::BrokerLink(EventLoop& loop, MqttSession& session, const Settings& settings,
                       std::string will_topic, Handlers handlers)
    : loop_{loop},
      session_{session},
      settings_{settings},
      will_topic_{std::move(will_topic)},
      handlers_{std::move(handlers)},
      backoff_{settings.retry_first, settings.retry_longest},
      dialects_(settings.brokers.size(), Dialect::Mqtt5) {}

void BrokerLink::connect() {
    state_ = State::Connecting;
    const auto started = session_.connect({.attempt = ++attempt_,
                                           .broker = broker(),
                                           .user = settings_.user,
                                           .password = settings_.password,
                                           .dialect = dialects_[broker_],
                                           .keep_alive = settings_.keep_alive,
                                           .timeout = kConnectTimeout,
                                           .will_topic = will_topic_,
                                           .will_payload = handlers_.make_will(),
                                           .tls = settings_.tls});
    if (!started) return attempt_failed(Refusal::Unreachable, started.error().context);
    timer_ = loop_.after(kPatience, [this] {
        attempt_failed(Refusal::Unreachable, "no word from the client library");
    });
}

void BrokerLink::handle(const std::vector<SessionEvent>& events) {
    for (const SessionEvent& event : events)
        std::visit([this](const auto& happened) { on(happened); }, event);
}

void BrokerLink::on(const Connected& event) {
    if (event.attempt != attempt_ || state_ == State::Up) return;
    timer_.reset();
    state_ = State::Up;
    ++connects_;
    backoff_.reset();
    trouble_.clear();
    refused_ = false;
    log::info(fmt::format("connected to the broker {}", broker()),
              {log::message_id(log::kBrokerConnected), {"BROKER", broker()}});
    handlers_.on_up(event.receive_maximum);
}

void BrokerLink::on(const NotConnected& event) {
    if (event.attempt == attempt_ && state_ == State::Connecting)
        attempt_failed(event.refusal, event.text);
}

void BrokerLink::on(const Lost& event) {
    if (event.attempt == attempt_ && up()) go_down(Refusal::Unreachable, event.text);
}

void BrokerLink::on(const Delivered& event) {
    if (up()) handlers_.on_delivered(event.token);
}

void BrokerLink::on(const Undelivered& event) {
    // Without a refusal it is a part of losing the connection, which is an event of its own.
    if (!up() || event.refusal == Refusal::Unreachable) return;
    go_down(event.refusal, "it refused a message: " + event.text);
}

void BrokerLink::on(const SubscriptionRefused& event) {
    if (!up()) return;
    if (handlers_.on_refused) return handlers_.on_refused(event);
    go_down(Refusal::Credentials, fmt::format("it refused {}: {}", event.filter, event.text));
}

void BrokerLink::on(const Arrived& event) {
    if (up() && handlers_.on_arrived) handlers_.on_arrived(event);
}

void BrokerLink::subscribe(const std::string& filter) {
    if (!up()) return;
    if (const auto asked = session_.subscribe(filter); !asked) drop(asked.error().context);
}

void BrokerLink::publish(const Outgoing& message) {
    if (!up()) return;
    if (const auto sent = session_.publish(message); !sent) drop(sent.error().context);
}

void BrokerLink::drop(const std::string& why) {
    if (up()) go_down(Refusal::Unreachable, why);
}

void BrokerLink::attempt_failed(Refusal refusal, const std::string& text) {
    if (refusal == Refusal::Version && dialects_[broker_] == Dialect::Mqtt5) {
        dialects_[broker_] = Dialect::Mqtt311;
        log::notice(fmt::format("the broker {} does not speak MQTT 5, trying 3.1.1", broker()));
        return retry(settings_.retry_first);
    }
    go_down(refusal, text);
}

void BrokerLink::go_down(Refusal refusal, const std::string& text) {
    session_.abandon();  // whatever is left of the connection
    refused_ = refusal != Refusal::Unreachable;
    trouble_ = fmt::format("broker {}: {}", broker(), text);
    if (log_limit_.due(trouble_)) {
        log::warning(fmt::format("{}; {}; trying on, entries wait in the ledger", trouble_,
                                 remedy(refusal, settings_)),
                     {log::message_id(log::kBrokerLost), {"BROKER", broker()}});
    }
    broker_ = (broker_ + 1) % settings_.brokers.size();
    retry(refusal == Refusal::Credentials ? backoff_.slow(random_bits())
                                          : backoff_.next(random_bits()));
    handlers_.on_down();
}

void BrokerLink::retry(std::chrono::milliseconds delay) {
    state_ = State::Waiting;
    timer_ = loop_.after(delay, [this] { connect(); });
}

}  // namespace stile::sync
