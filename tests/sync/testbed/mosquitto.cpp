// SPDX-License-Identifier: Apache-2.0
// Configuration files and command lines.
#include "tests/sync/testbed/mosquitto.hpp"

#include <utility>

namespace stile::sync::testbed {
namespace {

// A retained message of every mosquitto: when it comes, the subscription stands.
constexpr const char* kSubscribed = "$SYS/broker/version";

std::string number(std::uint64_t value) {
    return std::to_string(value);
}

// "0 stile/v1/arena/north-1/entry {...}"
Heard parse(const std::string& line) {
    const auto first = line.find(' ');
    const auto second = line.find(' ', first + 1);
    if (second == std::string::npos) return {};
    return {line[0] == '1', line.substr(first + 1, second - first - 1), line.substr(second + 1)};
}

std::uint64_t seq_of(const std::string& payload) {
    constexpr std::string_view kKey = "\"seq\":";
    const auto at = payload.find(kKey);
    return at == std::string::npos ? 0 : std::stoull(payload.substr(at + kKey.size()));
}

std::vector<std::uint64_t> seqs(const std::vector<std::string>& lines) {
    std::vector<std::uint64_t> out;
    for (const std::string& line : lines) {
        const Heard heard = parse(line);
        if (heard.topic.ends_with("/entry")) out.push_back(seq_of(heard.payload));
    }
    return out;
}

std::vector<std::string> subscriber_command(const Mosquitto& broker, Subscriber::Session session) {
    std::vector<std::string> command{"mosquitto_sub",
                                     "-h",
                                     "127.0.0.1",
                                     "-p",
                                     number(broker.port()),
                                     "-q",
                                     "1",
                                     "-t",
                                     "stile/#",
                                     "-t",
                                     kSubscribed,
                                     "-F",
                                     "%r %t %p"};
    if (session == Subscriber::Session::Kept) {
        command.insert(command.end(), {"-i", "the-subscriber", "-c"});
    } else {
        command.insert(command.end(), {"-V", "mqttv5"});
    }
    return command;
}

}  // namespace

Mosquitto::Mosquitto(std::string extra) : extra_{std::move(extra)} {}

bool Mosquitto::start() {
    const auto file = folder_.write(
        "mosquitto.conf", "listener " + number(port_) + " 127.0.0.1\nuser root\n" + extra_);
    child_ = std::make_unique<Child>(std::vector<std::string>{"mosquitto", "-c", file},
                                     Child::Stream::Errors,
                                     std::vector<std::string>{"PATH=/usr/sbin:/usr/bin:/bin"});
    return wait_for_port(port_);
}

Subscriber::Subscriber(const Mosquitto& broker, Session session)
    : child_{subscriber_command(broker, session), Child::Stream::Output} {
    (void)child_.lines().wait_for(kSubscribed);  // a test that fails says what it did not hear
}

bool Subscriber::hears(const std::string& topic, const std::string& part, std::size_t from,
                       Timeout timeout) {
    return child_.lines().wait(
        [&](const std::vector<std::string>& lines) {
            for (std::size_t i = from; i < lines.size(); ++i) {
                const Heard heard = parse(lines[i]);
                if (heard.topic.ends_with(topic) && heard.payload.find(part) != std::string::npos)
                    return true;
            }
            return false;
        },
        timeout);
}

std::vector<Heard> Subscriber::all() {
    std::vector<Heard> out;
    for (const std::string& line : child_.lines().all())
        out.push_back(parse(line));
    return out;
}

std::vector<std::uint64_t> Subscriber::entries_until(std::uint64_t last, Timeout timeout) {
    (void)hears("/entry", "\"seq\":" + number(last) + ",", 0, timeout);
    return seqs(child_.lines().all());
}

}  // namespace stile::sync::testbed
