// SPDX-License-Identifier: Apache-2.0
// Wiring of the two links, the pump and the gate's status.
#include "sync/uplink/uplink.hpp"

#include <algorithm>
#include <random>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "daemon/runtime/log.hpp"
#include "daemon/runtime/notify.hpp"
#include "sync/publish/discovery.hpp"

namespace stile::sync {
namespace {

using namespace std::chrono_literals;
constexpr auto kTick = 1s;
constexpr auto kGreeting = 10s;  // how long a daemon may take to appear before it is trouble
constexpr auto kStall = 20s;     // without an acknowledgement: the connection does not work
constexpr auto kFlapWindow = 60s;
constexpr std::size_t kFlaps = 3;
constexpr auto kGoodbye = 1200ms;  // for the acknowledgement of "offline"
constexpr auto kHangUp = 600ms;    // for the disconnect

// The credit: enough that the daemon need not be asked for each entry, and small in memory.
std::uint16_t credit_for(std::size_t window) {
    return static_cast<std::uint16_t>(std::clamp<std::size_t>(window * 4, 8, 256));
}

std::string random_hex64() {
    std::random_device bits;
    return hex64((std::uint64_t{bits()} << 32) | bits());
}

std::chrono::seconds health_expiry(std::chrono::milliseconds period) {
    return std::chrono::ceil<std::chrono::seconds>(period * 3);
}

protocol::Hello hello() {
    return {protocol::Role::Sync, "stile-sync", "stile-sync " STILE_VERSION};
}

}  // namespace

Uplink::Uplink(EventLoop& loop, MqttSession& session, const Settings& settings, WallClock clock)
    : loop_{loop},
      session_{session},
      settings_{settings},
      wall_clock_{std::move(clock)},
      topics_{settings.venue, settings.gate},
      reports_{topics_, health_expiry(settings.health_period)},
      pump_{"mqtt", credit_for(settings.window)},
      returns_{settings, topics_,
               [this](const protocol::Message& message) { tell_daemon(message); }},
      dispatch_{pump_, returns_.replays(), topics_.entry()},
      broker_{loop,
              session,
              settings,
              topics_.status(),
              {.make_will = [this] { return make_will(); },
               .on_up = [this](std::uint16_t maximum) { broker_up(maximum); },
               .on_down = [this] { broker_down(); },
               .on_delivered = [this](Token token) { delivered(token); },
               .on_arrived = [this](const Arrived& message) { arrived(message); },
               .on_refused = [this](const SubscriptionRefused& refusal) { refused(refusal); }}},
      daemon_{
          loop,
          settings.daemon_socket,
          hello(),
          {.on_up = [this](const protocol::Welcome& welcome) { daemon_up(welcome); },
           .on_down = [this](const Error& why) { daemon_down(why); },
           .on_message = [this](protocol::Received&& received) { receive(received.message); }}} {}

void Uplink::start() {
    ticks_ = loop_.every(kTick, [this] { tick(); });
    broker_.start();
    daemon_.start();
    refresh_status();
}

// --- the daemon's side

void Uplink::daemon_up(const protocol::Welcome& welcome) {
    // Its entries under our topic would break the one name that every entry has.
    other_gate_ = welcome.venue != settings_.venue || welcome.gate != settings_.gate;
    if (other_gate_) return daemon_.hang_up(protocol::Parting::NotAllowed, "another gate");
    log::info(
        fmt::format("following the ledger of {}, epoch {}", welcome.gate, hex64(welcome.epoch)));
    met_daemon_ = true;
    tell_daemon(pump_.follow());
    returns_.begin_anew(Clock::now());
    leftovers_.begin();
    tell_link_state();
    refresh_status();
}

void Uplink::daemon_down(const Error& why) {
    const std::string trouble =
        other_gate_ ? fmt::format("the daemon does not run for {}/{}: restart both programs",
                                  settings_.venue, settings_.gate)
                    : "no connection to the daemon: " + why.context;
    if (log_limit_.due(trouble)) log::warning(trouble + "; trying on");
    refresh_status();
}

void Uplink::receive(const protocol::Message& message) {
    if (const auto* entries = std::get_if<protocol::Entries>(&message))
        return take_entries(*entries);
    if (const auto* position = std::get_if<protocol::Position>(&message)) {
        pump_.begin_after({position->epoch, position->seq});
        return proceed();
    }
    if (const auto* fetched = std::get_if<protocol::Fetched>(&message)) {
        returns_.fetched(*fetched);
        return proceed();
    }
    if (const auto* report = std::get_if<protocol::Report>(&message)) return take_report(*report);
}

void Uplink::take_entries(const protocol::Entries& entries) {
    std::vector<std::string> payloads;
    EntryKey key{entries.epoch, entries.first};
    for (const Buffer& bytes : entries.entries) {
        auto [json, fault] = entry_payload(settings_.gate, key, bytes);
        if (fault && log_limit_.due("unreadable entry")) {
            log::error(fmt::format("entry {} cannot be read: {}; it goes out as \"unknown\"",
                                   key.seq, fault->context),
                       {{"EPOCH", hex64(key.epoch)}, {"SEQ", std::to_string(key.seq)}});
        }
        payloads.push_back(std::move(json));
        ++key.seq;
    }
    const auto taken = pump_.accept({entries.epoch, entries.first}, std::move(payloads));
    if (!taken) return daemon_.hang_up(protocol::Parting::Malformed, taken.error().context);
    publish_waiting();
}

void Uplink::take_report(const protocol::Report& report) {
    auto message = reports_.message(report, wall_clock_(), link_health());
    if (!message) {
        if (log_limit_.due("report: " + message.error().context))
            log::warning("a report of the daemon cannot be published: " + message.error().context +
                         ", ignoring");
        return;
    }
    note(report, *message);
    if (message->qos == Qos::AtMostOnce) return broker_.publish(*message);
    dispatch_.keep(std::move(*message));
    publish_waiting();
}

void Uplink::note(const protocol::Report& report, const Outgoing& message) {
    switch (report.subject) {
        case protocol::Subject::Info:
            return announce(report.body);
        case protocol::Subject::Count:
            count_ = report.body;
            return;
        case protocol::Subject::Health:  // it comes when everything else was said
            health_ = report.body;
            leftovers_.complete();
            return delete_leftovers();
        case protocol::Subject::Lane:
        case protocol::Subject::Alarm:
            return leftovers_.said(message.topic, message.payload);
    }
}

void Uplink::announce(const std::string& info) {
    if (!settings_.discovery) return;
    auto message =
        discovery_message(topics_, settings_.venue, info, health_expiry(settings_.health_period));
    if (message) return dispatch_.keep(std::move(*message));
    log::warning("Home Assistant is not told of the gate: " + message.error().context);
}

// Once is enough: what the broker did not take it tells of on the next connection.
void Uplink::delete_leftovers() {
    for (const std::string& topic : leftovers_.take()) {
        log::notice(topic + ": the daemon does not speak of it any longer, deleting it");
        dispatch_.forget(topic);
        broker_.publish({.topic = topic, .qos = Qos::AtMostOnce, .retain = Retain::Yes});
    }
}

void Uplink::tell_daemon(const protocol::Message& message) {
    if (!daemon_.up()) return;
    // Nothing is lost: a new conversation starts at the daemon's cursor.
    if (const auto sent = daemon_.send(message); !sent)
        daemon_.hang_up(protocol::Parting::Done, sent.error().context);
}

void Uplink::tell_link_state() {
    using protocol::Link;
    const Link state = broker_.up()        ? Link::Connected
                       : broker_.refused() ? Link::Refused
                                           : Link::Connecting;
    tell_daemon(protocol::LinkState{state, broker_.reconnects(),
                                    broker_.up() ? broker_.broker() : broker_.trouble()});
}

// --- the broker's side

std::string Uplink::make_will() {
    boot_ = random_hex64();
    return lost_json(settings_.gate, boot_);
}

void Uplink::broker_up(std::uint16_t receive_maximum) {
    connected_since_ = wall_clock_().time;
    last_delivery_ = Clock::now();
    const std::size_t most = std::max<std::size_t>(receive_maximum, 2) - 1;
    returns_.begin_anew(Clock::now());
    for (const std::string& filter : returns_.filters())
        broker_.subscribe(filter);
    broker_.subscribe(topics_.lane("+"));
    broker_.subscribe(topics_.alarm("+"));
    refresh_status();
    dispatch_.open(std::min(settings_.window, most));
    publish_waiting();
    tell_link_state();
    notify::status("connected to " + broker_.broker());
}

void Uplink::broker_down() {
    if (connected_since_) losses_.push_back(Clock::now());
    connected_since_.reset();
    dispatch_.close();
    tell_link_state();
    notify::status(broker_.trouble());
}

void Uplink::arrived(const Arrived& message) {
    const std::string& topic = message.topic;
    const bool state = topic.starts_with(topics_.lane("")) || topic.starts_with(topics_.alarm(""));
    if (!state) return returns_.arrived(message, Clock::now());
    leftovers_.heard(topic, message.payload);
    delete_leftovers();
}

// A courtesy that the broker does not allow: entries go out all the same.
void Uplink::refused(const SubscriptionRefused& refusal) {
    if (!log_limit_.due(refusal.filter)) return;
    log::warning(
        fmt::format("the broker {} refuses {}: {}; let this user read it; going on "
                    "without",
                    broker_.broker(), refusal.filter, refusal.text));
}

void Uplink::delivered(Token token) {
    last_delivery_ = Clock::now();
    dispatch_.delivered(token);
}

void Uplink::on_session_events() {
    broker_.handle(session_.take_events());
    if (const auto acknowledge = pump_.take_acknowledge()) tell_daemon(*acknowledge);
    proceed();
}

// Sends again what is wanted again, as far as there is a broker to take it.
void Uplink::proceed() {
    if (daemon_.up()) {
        returns_.proceed(broker_.up() ? pump_.published() : std::nullopt, Clock::now());
    }
    publish_waiting();
}

void Uplink::publish_waiting() {
    if (stopping_) return;
    while (const auto message = dispatch_.next()) {
        if (dispatch_.in_flight() == 1) last_delivery_ = Clock::now();  // the wait begins now
        broker_.publish(*message);
    }
}

void Uplink::tick() {
    const auto now = Clock::now();
    while (!losses_.empty() && now - losses_.front() > kFlapWindow)
        losses_.pop_front();
    if (broker_.up() && dispatch_.in_flight() > 0 && now - last_delivery_ > kStall)
        broker_.drop("it acknowledges nothing");
    refresh_status();
    proceed();
    if (!daemon_.up() && now - last_own_health_ >= settings_.health_period) {
        last_own_health_ = now;
        broker_.publish(reports_.own_health(wall_clock_(), link_health()));
    }
}

// --- what the gate says about itself

bool Uplink::flapping() const {
    return losses_.size() >= kFlaps;
}

void Uplink::refresh_status() {
    std::pair<GateState, std::string> now{GateState::Online, ""};
    if (!daemon_.up()) {
        const bool early = !met_daemon_ && Clock::now() - started_ < kGreeting;
        now = {early ? GateState::Starting : GateState::Degraded,
               other_gate_ ? "the daemon runs for another gate" : "no connection to the daemon"};
    } else if (flapping()) {
        now = {GateState::Degraded,
               "the connection to the broker keeps breaking; does another client use the id " +
                   settings_.client_id + "?"};
    }
    if (now == said_ && boot_ == said_boot_) return;
    said_ = now;
    said_boot_ = boot_;
    dispatch_.keep(status_message(now.first, now.second));
    publish_waiting();
}

Outgoing Uplink::status_message(GateState state, const std::string& detail) const {
    return {.topic = topics_.status(),
            .payload = status_json(settings_.gate, state, boot_, detail, wall_clock_()),
            .retain = Retain::Yes};
}

LinkHealth Uplink::link_health() const {
    return {.broker = broker_.broker(),
            .in_flight = dispatch_.in_flight(),
            .held = pump_.held(),
            .reconnects = broker_.reconnects(),
            .resent = returns_.replays().sent(),
            .collectors = returns_.health(pump_.published()),
            .connected_since = connected_since_};
}

GateFacts Uplink::facts() const {
    return {.venue = settings_.venue,
            .gate = settings_.gate,
            .daemon_connected = daemon_.up(),
            .broker_connected = broker_.up(),
            .link = link_health(),
            .health = health_,
            .count = count_};
}

// --- the end

Uplink::Ending Uplink::finish() {
    stopping_ = true;
    ticks_.reset();
    broker_.stop();
    if (broker_.state() == BrokerLink::State::Connecting) return Ending::Hasty;
    if (!broker_.up()) return Ending::Clean;
    Outgoing farewell = status_message(GateState::Offline, "");
    farewell.token = dispatch_.reserve();
    broker_.publish(farewell);
    const auto deadline = Clock::now() + kGoodbye;
    while (broker_.up() && dispatch_.waits_for(farewell.token) && Clock::now() < deadline) {
        broker_.handle(session_.wait_events(
            std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now())));
        if (const auto acknowledge = pump_.take_acknowledge()) tell_daemon(*acknowledge);
    }
    if (!broker_.up() || !session_.disconnect()) return Ending::Hasty;
    for (const SessionEvent& event : session_.wait_events(kHangUp)) {
        if (std::holds_alternative<Disconnected>(event)) return Ending::Clean;
    }
    return Ending::Hasty;
}

}  // namespace stile::sync
