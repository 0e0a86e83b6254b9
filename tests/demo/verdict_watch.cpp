// SPDX-License-Identifier: Apache-2.0
// JSON in, sentences out.
#include "tests/demo/verdict_watch.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace stile::demo {
namespace {

using Json = nlohmann::json;

std::string text(const Json& entry, const char* key) {
    const auto found = entry.find(key);
    return found != entry.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::uint64_t number(const Json& entry, const char* key) {
    const auto found = entry.find(key);
    return found != entry.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

// As it is spelt: only its equality counts.
std::string epoch_of(const Json& entry) {
    const auto found = entry.find("epoch");
    return found == entry.end() ? std::string{} : found->dump();
}

// "2031-05-01T18:00:00.123Z" -> "18:00:00.123"
std::string clock_of(const std::string& time) {
    const auto begin = time.find('T');
    if (begin == std::string::npos) return time;
    return time.substr(begin + 1, time.find_first_of("Z+-", begin) - begin - 1);
}

// The payload, if the line has one and its topic, if it has one, is that of entries.
std::string_view payload_of(std::string_view line) {
    const auto begin = line.find('{');
    if (begin == std::string_view::npos) return {};
    std::string_view topic = line.substr(0, begin);
    while (!topic.empty() && topic.back() == ' ')
        topic.remove_suffix(1);
    return topic.empty() || topic.ends_with("/entry") ? line.substr(begin) : std::string_view{};
}

std::string_view reason_at(const std::vector<std::string>& reasons, std::size_t position) {
    return position < reasons.size() ? std::string_view{reasons[position]} : "no scan";
}

double milliseconds(std::uint64_t us) {
    return static_cast<double>(us) / 1000;
}

}  // namespace

std::vector<Shown> VerdictWatch::take(std::string_view line) {
    const Json entry = Json::parse(payload_of(line), nullptr, false);
    if (!entry.is_object()) return {};
    const EntryName name{text(entry, "gate"), epoch_of(entry), number(entry, "seq")};
    if (!known_.insert(name).second) return {};

    std::vector<Shown> out;
    if (const std::string verdict = text(entry, "verdict"); !verdict.empty()) {
        Shown shown{.verdict = verdict == "admit" ? Shown::Verdict::Admit : Shown::Verdict::Refuse,
                    .time = clock_of(text(entry, "time")),
                    .gate = text(entry, "gate"),
                    .reason = text(entry, "reason"),
                    .latency_us = number(entry, "decided_us"),
                    .passage = {}};
        reasons_.push_back(shown.reason);
        if (shown.verdict == Shown::Verdict::Admit) {
            admitted_.emplace(name, std::move(shown));
        } else {
            show(std::move(shown), out);
        }
    } else if (text(entry, "kind") == "passage") {
        const auto waiting =
            admitted_.find({text(entry, "gate"), epoch_of(entry), number(entry, "admission")});
        if (waiting == admitted_.end()) return {};
        Shown shown = std::move(waiting->second);
        admitted_.erase(waiting);
        shown.latency_us = number(entry, "release_us");
        shown.passage = text(entry, "result");
        show(std::move(shown), out);
    }
    return out;
}

void VerdictWatch::show(Shown shown, std::vector<Shown>& out) {
    if (shown.verdict == Shown::Verdict::Admit) {
        release_us_.push_back(shown.latency_us);
    } else {
        ++refused_[shown.reason];
    }
    out.push_back(std::move(shown));
}

bool VerdictWatch::complete() const {
    return !expected_.empty() && reasons_.size() >= expected_.size() && admitted_.empty();
}

bool VerdictWatch::as_expected() const {
    return expected_.empty() || (admitted_.empty() && reasons_ == expected_);
}

std::string VerdictWatch::summary() const {
    std::string out = fmt::format("admitted {}", release_us_.size());
    for (const auto& [reason, count] : refused_)
        out += fmt::format(", {} {}", reason, count);
    if (!release_us_.empty()) {
        auto sorted = release_us_;
        std::ranges::sort(sorted);
        out += fmt::format(
            "\nfrom frame to release: {:.1f} / {:.1f} / {:.1f} ms (least, median, most)",
            milliseconds(sorted.front()), milliseconds(sorted[sorted.size() / 2]),
            milliseconds(sorted.back()));
    }
    if (expected_.empty()) return out;
    for (std::size_t i = 0; i < std::max(expected_.size(), reasons_.size()); ++i) {
        const std::string_view wanted = reason_at(expected_, i);
        const std::string_view got = reason_at(reasons_, i);
        if (wanted != got) out += fmt::format("\nscan {}: expected {}, got {}", i + 1, wanted, got);
    }
    if (!admitted_.empty())
        out += fmt::format("\n{} admissions without a passage", admitted_.size());
    if (as_expected()) out += fmt::format("\nall {} verdicts as expected", expected_.size());
    return out;
}

}  // namespace stile::demo
