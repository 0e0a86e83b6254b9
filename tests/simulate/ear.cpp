// SPDX-License-Identifier: Apache-2.0
// Reads the lines of mosquitto_sub as they grow.
#include "tests/simulate/ear.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "tests/simulate/gate_site.hpp"

namespace stile::simulate {
namespace {

constexpr std::chrono::milliseconds kLook{50};
// A retained message of every mosquitto: when it comes, the subscription stands.
constexpr const char* kSubscribed = "$SYS/broker/version";

// It ends with us, whatever ends us.
std::vector<std::string> words(std::uint16_t broker) {
    return {"--pdeathsig",
            "KILL",
            "mosquitto_sub",
            "-h",
            "127.0.0.1",
            "-p",
            std::to_string(broker),
            "-V",
            "mqttv5",
            "-q",
            "1",
            "-F",
            "%t %p",
            "-t",
            fmt::format("stile/v1/{}/#", kVenue),
            "-t",
            kSubscribed};
}

}  // namespace

Ear::Ear(EventLoop& loop, std::uint16_t broker, const std::filesystem::path& log,
         std::function<void()> heard)
    : heard_{std::move(heard)},
      program_{"/usr/bin/setpriv", words(broker), log},
      lines_{log.native() + ".out"} {
    timer_ = loop.every(kLook, [this] { look(); });
}

const Payloads& Ear::entries(const std::string& gate) const {
    static const Payloads nothing;
    const auto found = entries_.find(gate);
    return found == entries_.end() ? nothing : found->second;
}

std::string_view Ear::last(const std::string& topic) const {
    const auto found = others_.find(topic);
    return found == others_.end() ? std::string_view{} : found->second;
}

std::size_t Ear::count(std::string_view beginning, std::string_view saying) const {
    return static_cast<std::size_t>(std::ranges::count_if(others_, [&](const auto& other) {
        return other.first.starts_with(beginning) && other.second.find(saying) != std::string::npos;
    }));
}

void Ear::look() {
    bool came = false;
    lines_.clear();  // there may be more behind the end
    for (std::string line; std::getline(lines_, line);) {
        rest_ += line;
        if (lines_.eof()) break;  // the other half comes later
        take(rest_);
        rest_.clear();
        came = true;
    }
    if (came) heard_();
}

// "stile/v1/arena/gate-1/entry {...}"
void Ear::take(std::string_view line) {
    const auto space = line.find(' ');
    if (space == std::string_view::npos) return;
    if (line.starts_with(kSubscribed)) {
        listens_ = true;
        return;
    }
    const std::size_t begin = fmt::format("stile/v1/{}/", kVenue).size();
    const std::string_view topic = line.substr(begin, space - begin);
    const std::string_view payload = line.substr(space + 1);
    const auto slash = topic.find('/');
    if (topic.substr(slash + 1) != "entry") {
        others_.insert_or_assign(std::string{topic}, std::string{payload});
        return;
    }
    const auto [known, added] =
        entries_[std::string{topic.substr(0, slash)}].emplace(number_in(payload, "seq"), payload);
    if (added) return;
    ++(known->second == payload ? repeated_ : contradictions_);
}

std::uint64_t number_in(std::string_view json, std::string_view key) {
    const std::string wanted = fmt::format("\"{}\":", key);
    const auto at = json.find(wanted);
    std::uint64_t number = 0;
    if (at == std::string_view::npos) return number;
    const char* const begin = json.data() + at + wanted.size();
    (void)std::from_chars(begin, json.data() + json.size(), number);
    return number;
}

}  // namespace stile::simulate
