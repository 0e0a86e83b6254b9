// SPDX-License-Identifier: Apache-2.0
// As little of Paho as will do: no persistence, no buffering, no reconnecting of its own, one
// client object as long as it will do.
#include "sync/mqtt/paho_session.hpp"

#include <atomic>
#include <csignal>
#include <memory>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>
#include <mqtt/async_client.h>

#include "sync/mqtt/event_queue.hpp"
#include "sync/mqtt/hidden_socket.hpp"

namespace stile::sync {
namespace {

void* context_of(std::uint32_t number) {
    return reinterpret_cast<void*>(std::uintptr_t{number});  // NOLINT(performance-no-int-to-ptr)
}

std::uint32_t number_of(const mqtt::token& token) {
    return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(token.get_user_context()));
}

// Of one packet from the broker: what EventQueue takes, and its topic.
constexpr std::int32_t kMostBytes = EventQueue::kMaxArrivedBytes + 4096;

struct Reply {
    int code;  // MQTT 5 reason code, MQTT 3.1.1 return code, or negative: the library's own
    Refusal refusal;
    std::string_view text;
};

// What brokers answer, in words; the codes from 128 on are MQTT 5's.
constexpr Reply kReplies[] = {
    {1, Refusal::Version, "it does not speak this version of MQTT"},
    {2, Refusal::Other, "it does not accept the client id"},
    {3, Refusal::Other, "it is not available now"},
    {4, Refusal::Credentials, "it does not accept the user name or password"},
    {5, Refusal::Credentials, "it does not let this user in"},
    {0x84, Refusal::Version, "it does not speak this version of MQTT"},
    {0x85, Refusal::Other, "it does not accept the client id"},
    {0x86, Refusal::Credentials, "it does not accept the user name or password"},
    {0x87, Refusal::Credentials, "this user is not allowed to do that"},
    {0x88, Refusal::Other, "it is not available now"},
    {0x89, Refusal::Other, "it is busy"},
    {0x8A, Refusal::Credentials, "it has banned this client"},
    {0x8B, Refusal::Other, "it is shutting down"},
    {0x8D, Refusal::Other, "it heard nothing within the keep-alive time"},
    {0x8E, Refusal::Other, "another client came with the same client id"},
    {0x90, Refusal::Other, "it does not accept the topic"},
    {0x93, Refusal::Other, "more messages were in flight than it takes"},
    {0x95, Refusal::Other, "the message is too large for it"},
    {0x97, Refusal::Other, "its quota is used up"},
    {0x98, Refusal::Other, "its administrator closed the connection"},
    {0x9C, Refusal::Other, "it says that another server is to be used"},
    {0x9F, Refusal::Other, "it takes fewer connections a second"},
};

struct Answer {
    Refusal refusal = Refusal::Unreachable;
    std::string text;
};

Answer answer_of(int code, std::string_view library_text) {
    for (const Reply& reply : kReplies) {
        if (reply.code == code) return {reply.refusal, std::string{reply.text}};
    }
    if (code >= 0x80) return {Refusal::Other, fmt::format("it answers with code {}", code)};
    return {Refusal::Unreachable, std::string{library_text}};
}

Answer answer_of(const mqtt::token& token, std::string_view library_text) {
    const auto reason = static_cast<int>(token.get_reason_code());
    return answer_of(reason >= 0x80 ? reason : token.get_return_code(), library_text);
}

std::uint16_t receive_maximum(const mqtt::token& token) {
    const auto response = token.get_connect_response();
    const auto& properties = response.get_properties();
    if (!properties.contains(mqtt::property::RECEIVE_MAXIMUM)) return 65'535;
    return mqtt::get<std::uint16_t>(properties, mqtt::property::RECEIVE_MAXIMUM);
}

// The library keeps its words to itself until it throws them.
std::string why_not_connected(const mqtt::token& token) {
    try {
        (void)token.get_connect_response();
        return "no connection";
    } catch (const std::exception& thrown) {
        return thrown.what();
    }
}

Error error_of(const mqtt::exception& thrown) {
    const int code = thrown.get_return_code();
    return {code == MQTTASYNC_DISCONNECTED ? Errc::Closed : Errc::Io, thrown.what()};
}

mqtt::will_options will(const ConnectOptions& options) {
    mqtt::properties properties;
    if (options.dialect == Dialect::Mqtt5) {
        properties.add({mqtt::property::WILL_DELAY_INTERVAL,
                        static_cast<std::int32_t>(options.will_delay.count())});
    }
    return {options.will_topic, options.will_payload.data(), options.will_payload.size(), 1, true,
            properties};
}

mqtt::ssl_options tls(const Tls& files) {
    mqtt::ssl_options out;
    if (!files.ca_file.empty()) out.set_trust_store(files.ca_file);
    if (!files.certificate_file.empty()) out.set_key_store(files.certificate_file);
    if (!files.key_file.empty()) out.set_private_key(files.key_file);
    out.set_enable_server_cert_auth(true);
    out.set_verify(true);  // the host name: off unless asked for
    return out;
}

mqtt::connect_options connect_options(const ConnectOptions& from) {
    mqtt::connect_options out;
    if (from.dialect == Dialect::Mqtt5) {
        out.set_mqtt_version(MQTTVERSION_5);
        out.set_clean_start(true);
        out.set_properties({{mqtt::property::MAXIMUM_PACKET_SIZE, kMostBytes}});
    } else {
        out.set_mqtt_version(MQTTVERSION_3_1_1);
        out.set_clean_session(true);
    }
    out.set_servers(mqtt::string_collection::create(from.broker));
    out.set_keep_alive_interval(from.keep_alive);
    out.set_connect_timeout(from.timeout);
    out.set_automatic_reconnect(false);
    if (!from.user.empty()) out.set_user_name(from.user);
    if (!from.password.empty()) out.set_password(from.password);
    if (!from.will_topic.empty()) out.set_will(will(from));
    if (from.broker.starts_with("ssl://")) out.set_ssl(tls(from.tls));
    return out;
}

// Every callback of the library ends here, on the library's threads.
class Listener : public mqtt::iaction_listener {
public:
    Listener(std::function<void()> wake, std::size_t most_arrived)
        : events_{std::move(wake), most_arrived} {}

    void on_success(const mqtt::token& token) override {
        const auto type = token.get_type();
        if (type == mqtt::token::CONNECT) connected(token);
        if (type == mqtt::token::PUBLISH && number_of(token) != 0)
            events_.post(Delivered{number_of(token)});
        if (type == mqtt::token::DISCONNECT) events_.post(Disconnected{});
    }

    void on_failure(const mqtt::token& token) override {
        const auto type = token.get_type();
        if (type == mqtt::token::CONNECT) not_connected(token);
        if (type == mqtt::token::PUBLISH) undelivered(token);
        if (type == mqtt::token::SUBSCRIBE) refused(token);
        if (type == mqtt::token::DISCONNECT) events_.post(Disconnected{});
    }

    void lost(std::string text) { events_.post(Lost{attempt_, std::move(text)}); }
    void arrived(const mqtt::const_message_ptr& message) {
        if (message->get_payload_ref().size() > EventQueue::kMaxArrivedBytes) return;
        events_.post(
            Arrived{message->get_topic(), message->get_payload_str(), message->is_retained()});
    }
    [[nodiscard]] EventQueue& events() { return events_; }

private:
    void connected(const mqtt::token& token) {
        attempt_ = number_of(token);
        Connected event{.attempt = attempt_};
        try {
            event.receive_maximum = receive_maximum(token);
        } catch (const std::exception&) {
            event.receive_maximum = 1;  // an answer that the library cannot read: the least window
        }
        events_.post(event);
    }

    void not_connected(const mqtt::token& token) {
        auto [refusal, text] = answer_of(token, why_not_connected(token));
        events_.post(NotConnected{number_of(token), refusal, std::move(text)});
    }

    void undelivered(const mqtt::token& token) {
        auto [refusal, text] = answer_of(token, "the connection broke");
        events_.post(Undelivered{number_of(token), refusal, std::move(text)});
    }

    void refused(const mqtt::token& token) {
        const auto topics = token.get_topics();
        events_.post(SubscriptionRefused{topics && !topics->empty() ? (*topics)[0] : "",
                                         answer_of(token, "it refused").text});
    }

    EventQueue events_;
    std::atomic<std::uint32_t> attempt_{0};  // the connection that was made last
};

class PahoSession final : public MqttSession {
public:
    PahoSession(std::string client_id, std::function<void()> wake, std::size_t most_arrived)
        : listener_{std::move(wake), most_arrived},
          client_id_{std::move(client_id)},
          client_{new_client()} {}

    Result<void> connect(const ConnectOptions& options) override {
        broker_ = options.broker;
        dialect_ = options.dialect;
        return guarded([&] {
            drop_leftovers();
            // Kept: the library may still complete the token of an earlier attempt.
            previous_ = std::move(current_);
            current_ =
                client_->connect(connect_options(options), context_of(options.attempt), listener_);
        });
    }

    Result<void> publish(const Outgoing& message) override {
        return guarded([&] {
            auto out =
                mqtt::make_message(message.topic, message.payload, std::to_underlying(message.qos),
                                   message.retain == Retain::Yes);
            if (message.expiry.count() > 0 && dialect_ == Dialect::Mqtt5) {
                mqtt::properties properties;
                properties.add({mqtt::property::MESSAGE_EXPIRY_INTERVAL,
                                static_cast<std::int32_t>(message.expiry.count())});
                out->set_properties(std::move(properties));
            }
            client_->publish(out, context_of(message.token), listener_);
            if (message.token != 0) unanswered_.insert(message.token);
        });
    }

    Result<void> subscribe(const std::string& filter) override {
        return guarded([&] { client_->subscribe(filter, 1, nullptr, listener_); });
    }

    Result<void> disconnect() override {
        return guarded([&] { client_->disconnect(0, nullptr, listener_); });
    }

    // The library cannot send MQTT 5's "disconnect with will", and 3.1.1 has none.
    void abandon() override { (void)break_connection(broker_); }

    std::vector<SessionEvent> take_events() override {
        return wait_events(std::chrono::milliseconds{0});
    }

    std::vector<SessionEvent> wait_events(std::chrono::milliseconds timeout) override {
        auto events = listener_.events().take(timeout);
        for (const SessionEvent& event : events) {
            if (std::holds_alternative<Connected>(event)) (void)set_no_delay(broker_);
            if (const auto* done = std::get_if<Delivered>(&event)) unanswered_.erase(done->token);
            if (const auto* lost = std::get_if<Undelivered>(&event)) unanswered_.erase(lost->token);
        }
        return events;
    }

private:
    template <class Call>
    static Result<void> guarded(const Call& call) {
        try {
            call();
            return {};
        } catch (const mqtt::exception& thrown) {
            return std::unexpected{error_of(thrown)};
        } catch (const std::exception& thrown) {
            return fail(Errc::Io, thrown.what());
        }
    }

    [[nodiscard]] std::unique_ptr<mqtt::async_client> new_client() {
        auto client = std::make_unique<mqtt::async_client>(
            "tcp://localhost", client_id_, mqtt::create_options(MQTTVERSION_5), nullptr);
        client->set_connection_lost_handler(
            [this](const std::string&) { listener_.lost("the connection broke"); });
        client->set_disconnected_handler([this](const mqtt::properties&, mqtt::ReasonCode reason) {
            listener_.lost(answer_of(static_cast<int>(reason), "it ended the connection").text);
        });
        client->set_message_callback(
            [this](const mqtt::const_message_ptr& message) { listener_.arrived(message); });
        return client;
    }

    // When a connection is lost the library fails what it had sent, but what still waited in its
    // queue stays there, unanswered, and would go out first on the next connection: before what was
    // sent earlier, and beyond the window. Only a new client object gets rid of it.
    void drop_leftovers() {
        if (unanswered_.empty()) return;
        unanswered_.clear();
        client_ = new_client();  // made before the old one goes: the library never starts anew
    }

    Listener listener_;  // outlives the client, which calls it
    std::string client_id_;
    std::string broker_;
    Dialect dialect_ = Dialect::Mqtt5;
    std::unordered_set<Token> unanswered_;  // published, neither delivered nor undelivered
    mqtt::token_ptr previous_;
    mqtt::token_ptr current_;
    std::unique_ptr<mqtt::async_client> client_;
};

}  // namespace

Result<std::unique_ptr<MqttSession>> make_paho_session(const std::string& client_id,
                                                       std::function<void()> wake,
                                                       std::size_t most_arrived) {
    (void)std::signal(SIGPIPE, SIG_IGN);  // TLS writes to a closed socket would end the process
    try {
        return std::make_unique<PahoSession>(client_id, std::move(wake), most_arrived);
    } catch (const std::exception& thrown) {
        return fail(Errc::Invalid, thrown.what());
    }
}

}  // namespace stile::sync
