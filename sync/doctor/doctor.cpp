// SPDX-License-Identifier: Apache-2.0
// Name, port, TLS, login, and two messages that say nothing.
#include "sync/doctor/doctor.hpp"

#include <algorithm>
#include <future>
#include <optional>
#include <vector>

#include "daemon/runtime/exit_code.hpp"
#include "sync/doctor/broker_checks.hpp"
#include "sync/doctor/leave_root.hpp"
#include "sync/doctor/tcp_reach.hpp"
#include "sync/mqtt/paho_session.hpp"
#include "sync/openssl/tls_files.hpp"
#include "sync/openssl/tls_peer.hpp"
#include "sync/publish/topics.hpp"

namespace stile::sync {
namespace {

using doctor::about;
using doctor::Findings;
using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

constexpr std::chrono::seconds kReach{3};
constexpr std::chrono::seconds kAnswer{5};
constexpr Token kOwn = 1;
constexpr Token kOther = 2;

// One connection after another, with one client object.
class Visitor {
public:
    Visitor(MqttSession& session, const Settings& settings)
        : session_{session}, settings_{settings} {}

    LoginFact visit(const std::string& broker) {
        LoginFact fact = log_in(broker, Dialect::Mqtt5);
        if (version_refused_) {
            fact = log_in(broker, Dialect::Mqtt311);
            fact.tells = false;
        }
        if (fact.answer != LoginFact::Answer::In) return fact;
        const auto begin = Steady::now();
        fact.own = publish(Topics{settings_.venue, settings_.gate}, kOwn);
        fact.round_trip = std::chrono::ceil<milliseconds>(Steady::now() - begin);
        if (fact.tells && fact.own == Fate::Taken)
            fact.other = publish(Topics{settings_.venue, "stile-doctor"}, kOther);
        if (session_.disconnect())
            (void)wait_for([](const SessionEvent& event) {
                return std::holds_alternative<Disconnected>(event) ||
                       std::holds_alternative<Lost>(event);
            });
        return fact;
    }

private:
    template <class Wanted>
    std::optional<SessionEvent> wait_for(const Wanted& wanted) {
        const auto end = Steady::now() + kAnswer;
        while (Steady::now() < end) {
            for (SessionEvent& event : session_.wait_events(milliseconds{100})) {
                if (wanted(event)) return std::move(event);
            }
        }
        return std::nullopt;
    }

    LoginFact log_in(const std::string& broker, Dialect dialect) {
        using Answer = LoginFact::Answer;
        version_refused_ = false;
        ++attempt_;
        const auto begun = session_.connect({.attempt = attempt_,
                                             .broker = broker,
                                             .user = settings_.user,
                                             .password = settings_.password,
                                             .dialect = dialect,
                                             .timeout = kAnswer,
                                             .tls = settings_.tls});
        if (!begun) return {Answer::Unreachable, begun.error().context};
        const auto event = wait_for([](const SessionEvent& of) {
            return std::holds_alternative<Connected>(of) ||
                   std::holds_alternative<NotConnected>(of);
        });
        if (!event) return {Answer::Unreachable, "it says nothing"};
        if (std::holds_alternative<Connected>(*event)) return {};
        return refused(std::get<NotConnected>(*event));
    }

    LoginFact refused(const NotConnected& answer) {
        using Answer = LoginFact::Answer;
        switch (answer.refusal) {
            case Refusal::Unreachable:
                return {Answer::Unreachable, answer.text};
            case Refusal::Credentials:
                return {Answer::Credentials, answer.text};
            case Refusal::Version:
                version_refused_ = true;
                return {Answer::Other, answer.text};
            case Refusal::Other:
                break;
        }
        return {Answer::Other, answer.text};
    }

    // An empty message that nobody keeps: whoever hears it forgets an alarm that never was.
    Fate publish(const Topics& topics, Token token) {
        if (!session_.publish({.topic = topics.alarm("doctor"), .token = token})) return Fate::Lost;
        const auto event = wait_for([token](const SessionEvent& of) {
            if (const auto* done = std::get_if<Delivered>(&of)) return done->token == token;
            if (const auto* not_done = std::get_if<Undelivered>(&of))
                return not_done->token == token;
            return std::holds_alternative<Lost>(of);
        });
        if (!event) return Fate::Lost;
        if (std::holds_alternative<Delivered>(*event)) return Fate::Taken;
        const auto* not_done = std::get_if<Undelivered>(&*event);
        const bool said = not_done != nullptr && not_done->refusal != Refusal::Unreachable;
        return said ? Fate::Refused : Fate::Lost;
    }

    MqttSession& session_;
    const Settings& settings_;
    std::uint32_t attempt_ = 0;
    bool version_refused_ = false;
};

BrokerFact look_at(const std::string& broker, const Settings& settings, Visitor& visitor) {
    BrokerFact fact{.address = broker};
    const HostPort to = host_port_of(broker);
    {
        const Reached reached = reach(to, kReach);
        fact.resolve_trouble = reached.resolve_trouble;
        fact.connect_trouble = reached.connect_trouble;
        if (!reached.socket) return fact;
        if (broker.starts_with("ssl://")) {
            auto peer = shake_hands(reached.socket.get(), to.host, settings.tls);
            fact.tls = TlsFact{std::move(peer.trouble), peer.end};
        }
    }
    if (!fact.tls || fact.tls->trouble.empty()) fact.login = visitor.visit(broker);
    return fact;
}

// Files that systemd does not hand over: stile-sync opens them with its own rights.
std::vector<std::string> paths_in(const Settings& settings) {
    const Tls& tls = settings.tls;
    std::vector<std::string> paths{settings.user_file, settings.password_file, tls.ca_file,
                                   tls.certificate_file, tls.key_file};
    std::erase_if(paths, [](const auto& name) { return name.find('/') == std::string::npos; });
    return paths;
}

// Of one broker, with a client of its own: two of one name would throw each other out.
Findings examine(const Settings& settings, std::size_t number, Moment now) {
    const std::string& broker = settings.brokers[number];
    auto session =
        make_paho_session(settings.client_id + "-doctor-" + std::to_string(number), [] {});
    if (!session) return {about(broker, wrong_settings(session.error()))};
    Visitor visitor{**session, settings};
    return check_broker(look_at(broker, settings, visitor), settings, now);
}

}  // namespace

int examine_brokers(const std::filesystem::path& site_file, const TellFindings& tell,
                    const std::string& user) {
    const auto say = [&tell](const Findings& findings) {
        tell(findings);
        return doctor::worst_of(findings) == doctor::Verdict::Bad ? kExitFailed : kExitDone;
    };
    auto settings = load_settings(site_file);
    if (!settings) {
        (void)say({wrong_settings(settings.error())});
        return exit_code_of(settings.error().code);
    }
    if (const auto closed = closed_to(user, paths_in(*settings)))
        return say({closed_file(*closed, user)});
    if (auto read = read_credentials(*settings); !read) return say({missing_secret(read.error())});
    const Moment now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const auto certificate = check_tls_files(settings->tls);
    int code = say({check_settings(*settings)});
    code = std::max(code, say(check_certificate(certificate, now)));
    if (!certificate) return code;
    const auto copies = leave_root(user, settings->tls);
    if (!copies) return std::max(code, say({not_tried(copies.error())}));
    std::vector<std::future<Findings>> brokers;
    brokers.reserve(settings->brokers.size());
    for (std::size_t i = 0; i < settings->brokers.size(); ++i)
        brokers.push_back(std::async(std::launch::async, examine, std::cref(*settings), i, now));
    for (auto& broker : brokers)
        code = std::max(code, say(broker.get()));
    return code;
}

}  // namespace stile::sync
