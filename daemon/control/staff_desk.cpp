// SPDX-License-Identifier: Apache-2.0
// Names to lanes, the gate's answers to JSON and advice.
#include "daemon/control/staff_desk.hpp"

#include <charconv>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "crypto/base/time_text.hpp"

namespace stile {
namespace {

using Json = nlohmann::ordered_json;

Actor actor(const Caller& who) {
    return {who.person, std::string{who.role ? name_of(*who.role) : ""}};
}

std::string answer_text(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<std::uint64_t> number(std::string_view digits) {
    std::uint64_t value = 0;
    const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || stop != digits.data() + digits.size()) return std::nullopt;
    return value;
}

}  // namespace

Result<std::size_t> StaffDesk::find(const std::string& lane) const {
    if (const auto found = gate_.lane_named(lane)) return *found;
    std::vector<std::string> names;
    for (const Lane& known : gate_.lanes())
        names.push_back(known.name());
    return fail(Errc::NotFound,
                fmt::format("there is no lane {}; the lanes are {}", lane, fmt::join(names, ", ")));
}

// Why it cannot open just now, and what would help.
Result<std::size_t> StaffDesk::find_open(const std::string& name) const {
    const auto found = find(name);
    if (!found) return found;
    const Lane& lane = gate_.lanes()[*found];
    const auto no = [&name](std::string_view why) {
        return fail(Errc::Invalid, fmt::format("lane {} {}", name, why));
    };
    if (lane.use() == LaneUse::Test) return no("is being tested; \"stilectl test-lane\" ends it");
    if (lane.mode() == LaneMode::OutOfOrder)
        return no(fmt::format("is out of order; \"stilectl mode {} normal\" puts it back", name));
    if (lane.out_of_order()) return no("is out of order: its turnstile does not answer");
    if (lane.state() == LaneState::Fire) return no("is open for everybody: fire release");
    if (lane.open_for_all())
        return no(
            fmt::format("is open for everybody; \"stilectl mode {} normal\" ends that", name));
    if (lane.busy()) return no("is open for somebody already; try again when they have passed");
    return found;
}

Result<std::string> StaffDesk::open(const Caller& who, const std::string& lane,
                                    const std::string& reason) {
    const auto at = find_open(lane);
    if (!at) return std::unexpected{at.error()};
    const auto entry = gate_.open_once(*at, actor(who), reason);
    if (!entry) return std::unexpected{entry.error()};
    return answer_text({{"lane", lane}, {"entry", *entry}});
}

Result<std::string> StaffDesk::override_refusal(const Caller& who, const std::string& lane,
                                                const std::string& reason) {
    const auto at = find_open(lane);
    if (!at) return std::unexpected{at.error()};
    const auto done = gate_.override_refusal(*at, actor(who), reason);
    if (!done) return std::unexpected{done.error()};
    return answer_text({{"lane", lane},
                        {"override", *done == Overridden::Admitted ? "admitted" : "armed"},
                        {"seconds", Gate::kOverrideFor.count()}});
}

std::vector<std::size_t> StaffDesk::all_or(std::optional<std::size_t> lane) const {
    if (lane) return {*lane};
    std::vector<std::size_t> all;
    for (std::size_t at = 0; at < gate_.lanes().size(); ++at)
        all.push_back(at);
    return all;
}

Result<std::string> StaffDesk::set_mode(const Caller& who, const ModeOrder& order,
                                        const std::string& reason) {
    std::optional<std::size_t> lane;
    if (order.lane != "all") {
        const auto found = find(order.lane);
        if (!found) return std::unexpected{found.error()};
        lane = *found;
    }
    const WallTime now = clock_.now().time;
    if (order.until && (*order.until <= now || *order.until > now + kLongest))
        return fail(Errc::Invalid, "until: within the next 24 hours");
    std::map<std::size_t, Hold> holds;
    for (const std::size_t at : all_or(lane)) {
        const auto before = holds_.find(at);
        const LaneMode back =
            before == holds_.end() ? gate_.lanes()[at].mode() : before->second.back;
        if (order.until) holds[at] = {*order.until, back};
    }
    if (auto set = gate_.set_mode(lane, order.mode, actor(who), reason); !set)
        return std::unexpected{std::move(set.error())};
    for (const std::size_t at : all_or(lane))
        holds_.erase(at);
    holds_.merge(holds);
    Json answer{{"lane", order.lane}, {"mode", name_of(order.mode)}};
    if (order.until) answer["until"] = to_rfc3339(*order.until);
    return answer_text(answer);
}

Result<std::string> StaffDesk::begin_test(const Caller& who, const std::string& lane,
                                          const std::string& reason,
                                          const std::vector<TestReader>& readers) {
    const auto at = find(lane);
    if (!at) return std::unexpected{at.error()};
    const auto begun = gate_.begin_test(*at, actor(who), reason);
    if (!begun) return std::unexpected{begun.error()};
    Json tickets = Json::array();
    for (const TestTicket& ticket : begun->tickets)
        tickets.push_back(
            {{"name", ticket.name}, {"code", ticket.text}, {"ticket", to_hex(ticket.id)}});
    Json corners = Json::array();
    for (const TestReader& reader : readers)
        corners.push_back({{"name", reader.name},
                           {"kind", reader.kind},
                           {"direction", reader.direction},
                           {"connected", reader.connected}});
    return answer_text({{"lane", lane},
                        {"seconds", begun->longest.count()},
                        {"passage_ms", begun->passage_timeout.count()},
                        {"sensor", begun->has.sensor},
                        {"second_sensor", begun->has.second_sensor},
                        {"group", begun->group == GroupWay::Together ? "together" : "single"},
                        {"readers", corners},
                        {"tickets", tickets}});
}

Result<std::string> StaffDesk::end_test(const Caller& who, const std::string& lane,
                                        const std::string& reason) {
    const auto at = find(lane);
    if (!at) return std::unexpected{at.error()};
    if (gate_.lanes()[*at].use() != LaneUse::Test)
        return fail(Errc::Invalid, fmt::format("lane {} is not being tested", lane));
    gate_.end_test(*at, actor(who), reason);
    return answer_text({{"lane", lane}, {"mode", name_of(gate_.lanes()[*at].mode())}});
}

Result<void> StaffDesk::tick() {
    const WallTime now = clock_.now().time;
    for (auto at = holds_.begin(); at != holds_.end();) {
        const auto& [lane, hold] = *at;
        if (hold.until > now) {
            ++at;
            continue;
        }
        if (auto set = gate_.set_mode(lane, hold.back, {"clock", ""}, "its time is over"); !set)
            return set;
        at = holds_.erase(at);
    }
    return {};
}

std::optional<WallTime> StaffDesk::until(std::string_view lane) const {
    const auto at = gate_.lane_named(lane);
    const auto hold = at ? holds_.find(*at) : holds_.end();
    return hold == holds_.end() ? std::nullopt : std::optional{hold->second.until};
}

// People see the passage too, and name it by that number as well.
Result<AdmissionName> StaffDesk::named(const std::string& admission) const {
    const auto seq = number(admission);
    if (!seq) return admission;
    const LedgerHead& head = ledger_.head();
    if (*seq == 0 || *seq > head.seq)
        return fail(Errc::NotFound, fmt::format("there is no entry {}", *seq));
    const auto stored = ledger_.entries(*seq, 1);
    if (!stored) return std::unexpected{stored.error()};
    const auto entry =
        stored->empty() ? Result<Entry>{std::unexpect} : decode_entry(stored->front());
    const auto* passage = entry ? std::get_if<Passage>(&entry->body) : nullptr;
    return Watermark{head.epoch, passage == nullptr ? *seq : passage->admission};
}

Result<std::string> StaffDesk::annul(const Caller& who, const std::string& admission,
                                     const std::string& reason) {
    const auto name = named(admission);
    if (!name) return std::unexpected{name.error()};
    const auto answer = gate_.annul(*name, actor(who), reason);
    if (!answer) return std::unexpected{answer.error()};
    if (*answer != AnnulAnswer::Done)
        return fail(Errc::Invalid, fmt::format("{}: {}", admission, text_of(*answer)));
    Json done{{"annulled", admission}};
    if (const auto* mark = std::get_if<Watermark>(&*name)) done["admission"] = mark->seq;
    return answer_text(done);
}

}  // namespace stile
