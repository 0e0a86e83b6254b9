// SPDX-License-Identifier: Apache-2.0
// The tables that read a site file write one, too.
#include "daemon/setup/site_text.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "crypto/base/time_text.hpp"
#include "daemon/config/site_fields.hpp"
#include "daemon/setup/answers.hpp"

namespace stile {
namespace {

constexpr std::string_view kSiteHead =
    "# The site file of this gate, written by stilectl setup at {}.\n"
    "# Change values here as you like: the next setup keeps them, but not comments of yours.\n"
    "# Every other key, and its default: /usr/share/doc/stile/examples/stile.toml\n"
    "# Check it with: /usr/libexec/stile/stiled --check-config\n";

// Those stand there even with their defaults: they say what kind of gate it is.
constexpr std::string_view kAlways[] = {"site.time_zone", "mqtt.brokers", "lane.direction",
                                        "lane.turnstile", "reader.kind"};

template <class T, class Text>
std::string list_text(const std::vector<T>& items, Text text) {
    std::vector<std::string> words;
    std::ranges::transform(items, std::back_inserter(words), text);
    return fmt::format("[{}]", fmt::join(words, ", "));
}

struct ToToml {
    std::string operator()(const std::string* text) const { return toml_text(*text); }
    std::string operator()(const std::int64_t* number) const { return std::to_string(*number); }
    std::string operator()(const std::chrono::milliseconds* time) const {
        return std::to_string(time->count());
    }
    std::string operator()(const std::chrono::sys_seconds* time) const { return to_rfc3339(*time); }
    std::string operator()(const std::vector<std::string>* texts) const {
        return list_text(*texts, [](const std::string& text) { return toml_text(text); });
    }
    std::string operator()(const std::vector<std::int64_t>* numbers) const {
        return list_text(*numbers, [](std::int64_t number) { return std::to_string(number); });
    }
};

// Lines of keys whose values are not `usual`.
std::string lines_of(std::string_view section, const config::Fields& said,
                     const config::Fields& usual) {
    std::string lines;
    for (std::size_t i = 0; i < said.size(); ++i) {
        const std::string_view key = said[i].key;
        const bool always =
            said[i].need == config::Need::Required ||
            std::ranges::find(kAlways, fmt::format("{}.{}", section, key)) != std::end(kAlways);
        const std::string value = toml_text(said[i].target);
        if (!always && value == toml_text(usual[i].target)) continue;
        const std::string line = fmt::format("{} = {}", key, value);
        std::string comment{sample_comment(section, key)};
        for (const std::string_view below : {": see below", " (see below)"}) {
            if (const auto at = comment.find(below); at != std::string::npos)
                comment.erase(at, below.size());
        }
        lines += comment.empty() ? line + "\n" : fmt::format("{:<26} # {}\n", line, comment);
    }
    return lines;
}

// A copy, because tables point into what may be changed.
template <class T>
std::string one(std::string_view name, T section) {
    T usual;
    const std::string lines = lines_of(name, config::fields(section), config::fields(usual));
    return lines.empty() ? "" : fmt::format("\n[{}]\n{}", name, lines);
}

template <class T>
std::string many(std::string_view name, const std::vector<T>& list) {
    std::string text;
    for (T item : list) {
        T usual;
        text += fmt::format("\n[[{}]]\n{}", name,
                            lines_of(name, config::fields(item), config::fields(usual)));
    }
    return text;
}

// "[[lane]]", "#[fire]" and "[site]   # ..." begin a section of the sample.
std::string_view section_begun_by(std::string_view line) {
    while (line.starts_with('#') || line.starts_with('['))
        line.remove_prefix(1);
    return line.substr(0, line.find(']'));
}

}  // namespace

std::string toml_text(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
            out += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string toml_text(const config::Field::Target& target) {
    return std::visit(ToToml{}, target);
}

std::string_view sample_comment(std::string_view section, std::string_view key) {
    std::string_view rest = sample_site();
    std::string_view now;
    while (!rest.empty()) {
        std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        if (line.starts_with('[') || line.starts_with("#[")) now = section_begun_by(line);
        if (now != section) continue;
        line.remove_prefix(std::min(line.find_first_not_of("# "), line.size()));
        const auto mark = line.rfind(" # ");
        const bool here = line.starts_with(key) && line.substr(key.size()).starts_with(" = ");
        if (here && mark != std::string_view::npos) return line.substr(mark + 3);
    }
    return {};
}

std::string site_text(const config::Site& site, std::chrono::sys_seconds now) {
    std::string text = fmt::format(kSiteHead, to_rfc3339(now));
    text += one("site", site.site) + one("paths", site.paths) + one("sockets", site.sockets);
    text += one("roles", site.roles) + one("ledger", site.ledger) + one("clock", site.clock);
    text += one("policy", site.policy) + one("platform", site.platform);
    text += one("cards", site.cards) + one("staff", site.staff) + one("mqtt", site.mqtt);
    text += one("metrics", site.metrics) + one("display", site.display);
    text += many("lane", site.lanes);
    if (!site.fire.line.empty()) text += one("fire", site.fire);
    return text + many("schedule", site.schedules) + many("reader", site.readers);
}

}  // namespace stile
