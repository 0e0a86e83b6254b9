// SPDX-License-Identifier: Apache-2.0
// Gates that write random entries, and a witness who tells what really happened.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "daemon/entry/entry_json.hpp"
#include "sync/collector/entry.hpp"

namespace stile::sync {

[[nodiscard]] inline crypto::TicketId ticket(std::uint64_t number) {
    crypto::TicketId out{};
    for (std::size_t i = 0; i < 8; ++i)
        out[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
    return out;
}

// What happened, as whoever stood there would tell it.
struct Happening {
    enum class What : std::uint8_t { Entered, Left, Refused, Test, WithoutTicket };
    What what = What::Refused;
    WallTime time;
    std::string gate;
    std::optional<std::uint64_t> event;
    std::uint64_t product = 0;
    std::string channel;
    std::uint64_t people = 1;
    std::string reason;
    std::uint64_t ticket = 0;
    bool overridden = false;
    bool annulled = false;
    std::uint64_t again = 0;  // of an entrance: how many had been there before
};

// How many of a happening's people had been there before, and had left.
[[nodiscard]] inline std::uint64_t come_again(const std::vector<Happening>& all,
                                              std::size_t index) {
    std::uint64_t left = 0;
    for (std::size_t i = 0; i < index; ++i) {
        if (all[i].annulled || all[i].ticket != all[index].ticket) continue;
        if (all[i].what == Happening::What::Left) left += all[i].people;
        if (all[i].what == Happening::What::Entered) left -= std::min(left, all[i].people);
    }
    return std::min(left, all[index].people);
}

// Gates that write ledgers at random, and remember what happened.
class RandomVenue {
public:
    static constexpr WallTime kBegin =
        std::chrono::sys_days{std::chrono::year{2026} / 5 / 1} + std::chrono::hours{16};

    explicit RandomVenue(unsigned seed) : random_{seed} {
        for (const char* name : {"north", "south", "west-1", "west-2"})
            gates_.push_back({name});
        for (Gate& gate : gates_)
            write(gate, EpochStarted{});
    }

    void live(int steps) {
        for (int i = 0; i < steps; ++i) {
            now_ += std::chrono::milliseconds{1 + pick(6000)};
            Gate& gate = gates_[pick(4)];
            const auto dice = pick(100);
            if (dice < 50)
                show_ticket(gate);
            else if (dice < 85)
                pass(gate);
            else if (dice < 89)
                annul(gate);
            else if (dice < 93)
                without_ticket(gate);
            else if (dice < 95)
                not_stored(gate);
            else if (dice < 99)
                write(gate, Act{.what = ActKind::Override, .person = "mia"});
            else if (pick(8) == 0)
                begin_epoch(gate);
        }
    }

    // In any order, some of them twice.
    std::vector<GateEntry> entries() {
        std::vector<GateEntry> out;
        for (const auto& [gate, json] : payloads_)
            out.push_back(parse_entry(gate, json).value());
        for (int i = 0; i < 200; ++i)
            out.push_back(out[pick(payloads_.size())]);
        std::ranges::shuffle(out, random_);
        return out;
    }

    std::vector<Happening> happenings() const {
        std::vector<Happening> out = happenings_;
        for (std::size_t i = 0; i < out.size(); ++i)
            if (out[i].what == Happening::What::Entered) out[i].again = come_again(out, i);
        return out;
    }

private:
    struct Gate {
        std::string name;
        std::uint64_t epoch = 100;
        std::uint64_t seq = 0;
        std::vector<std::pair<std::uint64_t, Decided>> open;  // not yet passed
        std::map<std::uint64_t, std::size_t> passed;          // decision to happening
    };

    std::uint64_t pick(std::uint64_t count) {
        return std::uniform_int_distribution<std::uint64_t>{0, count - 1}(random_);
    }
    std::uint64_t write(Gate& gate, EntryBody body) {
        const Entry entry{gate.epoch, ++gate.seq, now_, ClockQuality::Synced, std::move(body)};
        payloads_.emplace_back(gate.name, entry_json(gate.name, entry));
        return gate.seq;
    }
    void begin_epoch(Gate& gate) {
        const std::uint64_t before = gate.epoch++;
        const std::uint64_t seq = std::exchange(gate.seq, 0);
        gate.open.clear();
        gate.passed.clear();
        write(gate,
              EpochStarted{
                  .cause = EpochCause::Restored, .previous_epoch = before, .previous_seq = seq});
    }
    static Happening about(Happening::What what, const Gate& gate, WallTime time,
                           const Decided& decided) {
        return {.what = what,
                .time = time,
                .gate = gate.name,
                .event = decided.event,
                .product = decided.product,
                .channel = decided.channel,
                .ticket = decided.ticket[15] + 256U * decided.ticket[14],
                .overridden = (decided.flags & kFlagOverride) != 0};
    }
    void show_ticket(Gate& gate) {
        Decided body{.reason = Reason::Valid,
                     .product = 10 + pick(3),
                     .event = 2026 + static_cast<std::uint32_t>(pick(2)),
                     .ticket = ticket(1 + pick(400)),
                     .lane = "a",
                     .reader = "a-qr",
                     .issuer = "acme",
                     .channel = pick(2) == 0 ? "web" : "box-office"};
        body.direction = pick(4) == 0 ? Direction::Exit : Direction::Entry;
        body.people = static_cast<std::uint8_t>(1 + pick(3) / 2 * pick(4));
        if (pick(20) == 0) body.flags = kFlagTest;
        if (pick(15) == 0) body.flags |= kFlagOverride;
        body.verdict = pick(5) == 0 ? Verdict::Refuse : Verdict::Admit;
        if (body.verdict == Verdict::Refuse) {
            body.reason = pick(2) == 0 ? Reason::Used : Reason::Revoked;
            Happening refused = about(Happening::What::Refused, gate, now_, body);
            refused.reason = body.reason == Reason::Used ? "USED" : "REVOKED";
            if ((body.flags & kFlagTest) == 0) happenings_.push_back(refused);
        }
        if ((body.flags & kFlagTest) != 0)
            happenings_.push_back(about(Happening::What::Test, gate, now_, body));
        const std::uint64_t seq = write(gate, body);
        if (body.verdict == Verdict::Admit) gate.open.emplace_back(seq, body);
    }
    void pass(Gate& gate) {
        if (gate.open.empty()) return;
        const auto [admission, decided] = gate.open[pick(gate.open.size())];
        std::erase_if(gate.open, [&](const auto& open) { return open.first == admission; });
        Passage body{.admission = admission, .ticket = decided.ticket, .lane = "a"};
        const bool exit = decided.direction == Direction::Exit;
        body.result = exit ? PassageResult::Left : PassageResult::Entered;
        if (pick(8) == 0)
            body.result = PassageResult::Released;
        else if (!exit && pick(10) == 0)
            body.result = PassageResult::PresumedEntered;
        body.people = body.result == PassageResult::Released
                          ? std::uint8_t{0}
                          : static_cast<std::uint8_t>(1 + pick(decided.people));
        write(gate, body);
        if (body.result == PassageResult::Released || (decided.flags & kFlagTest) != 0) return;
        Happening passed =
            about(exit ? Happening::What::Left : Happening::What::Entered, gate, now_, decided);
        passed.people =
            body.result == PassageResult::PresumedEntered ? decided.people : body.people;
        gate.passed[admission] = happenings_.size();
        happenings_.push_back(passed);
    }
    void annul(Gate& gate) {
        if (gate.passed.empty()) return;
        const auto chosen =
            std::next(gate.passed.begin(), static_cast<std::ptrdiff_t>(pick(gate.passed.size())));
        happenings_[chosen->second].annulled = true;
        write(gate, Annulled{.admission = chosen->first,
                             .ticket = ticket(happenings_[chosen->second].ticket)});
    }
    void without_ticket(Gate& gate) {
        const std::array kinds{LaneEventKind::FreePassage, LaneEventKind::Tailgating,
                               LaneEventKind::PassageWithoutRelease, LaneEventKind::SensorStuck,
                               LaneEventKind::ReversePassage};
        const LaneEvent body{
            .what = kinds[pick(5)], .count = 1 + static_cast<std::uint32_t>(pick(4)), .lane = "a"};
        write(gate, body);
        if (body.what == LaneEventKind::SensorStuck || body.what == LaneEventKind::ReversePassage)
            return;
        happenings_.push_back({.what = Happening::What::WithoutTicket,
                               .time = now_,
                               .gate = gate.name,
                               .people = body.count});
    }
    void not_stored(Gate& gate) {
        const NotStored body{.refusals = 1 + pick(5)};
        write(gate, body);
        for (std::uint64_t i = 0; i < body.refusals; ++i)
            happenings_.push_back({.time = now_, .gate = gate.name, .reason = "NOT_STORED"});
    }

    std::vector<Happening> happenings_;
    std::mt19937 random_;
    WallTime now_ = kBegin;
    std::vector<Gate> gates_;
    std::vector<std::pair<std::string, std::string>> payloads_;
};

}  // namespace stile::sync
