// SPDX-License-Identifier: Apache-2.0
// Who enters comes from an evening's arrivals; what they show and how often is drawn here.
#include "tests/sync/scans.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

namespace stile::sync {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Minute kStarts = std::chrono::sys_days{std::chrono::year{2026} / 5 / 1} + minutes{1200};
constexpr std::uint32_t kBoxOffice = 1;  // issuer 0 sells beforehand
constexpr std::uint32_t kTourAgency = 2;
constexpr std::uint32_t kStolen = 3;

class Maker {
public:
    Maker(std::uint64_t seed, Mischief mischief) : random_{seed * 15'485'863 + 5} {
        Venue venue = venue_of(seed);
        // Where a gate sees a handful of guests in five minutes, nobody can tell anything.
        if (mischief != Mischief::None) venue.places = std::max<std::uint64_t>(venue.places, 4000);
        const Evening evening = evening_at(venue, seed);
        out_.gates = std::uniform_int_distribution<std::uint32_t>{2, 12}(random_);
        for (std::uint32_t i = 0; i < out_.gates; ++i)
            refuses_.push_back(between(0.01, 0.04) * between(0.5, 2));
        sold_at_the_door_ = between(0, 0.15);
        mischief_ = mischief;
        plan(evening);
        for (std::size_t i = 0; i < evening.entered.size(); ++i)
            minute(evening.first + static_cast<int>(i), evening.entered[i]);
        if (between(0, 1) < 0.3) wrong_group();
        if (between(0, 1) < 0.3) tour_bus();
        if (mischief_ == Mischief::TicketWanders) wander();
    }

    ScanEvening finish() && {
        std::ranges::sort(out_.scans, {}, &Scan::time);
        out_.first = out_.scans.front().time;
        out_.last = out_.scans.back().time;
        return std::move(out_);
    }

private:
    double between(double low, double high) {
        return std::uniform_real_distribution{low, high}(random_);
    }
    std::uint32_t pick(std::uint32_t count) {
        return std::uniform_int_distribution<std::uint32_t>{0, count - 1}(random_);
    }
    WallTime moment(int minute) {
        return kStarts + minutes{minute} + std::chrono::milliseconds{pick(60'000)};
    }

    // While about the middle half of the people come.
    void plan(const Evening& evening) {
        int at = evening.first;
        const auto quarter = evening.came * 2 / 5;
        while (evening.entered_by(at) < quarter)
            ++at;
        busy_ = at;
        if (mischief_ == Mischief::None) return;
        out_.mischief = kStarts + minutes{at};
        out_.target = mischief_ == Mischief::KeyStolen ? kStolen : pick(out_.gates);
        strength_ = mischief_ == Mischief::KeyStolen ? between(0.1, 0.3) : between(0.3, 0.7);
    }

    void minute(int at, std::uint32_t people) {
        const bool on = out_.mischief && kStarts + minutes{at} >= *out_.mischief;
        for (std::uint32_t i = 0; i < people; ++i) {
            Scan scan{
                .time = moment(at), .gate = pick(out_.gates), .lane = pick(4), .ticket = ++ticket_};
            // The box office opens late: its share grows.
            if (between(-150, 0) < at && between(0, 1) < sold_at_the_door_)
                scan.issuer = kBoxOffice;
            if (mischief_ == Mischief::KeyStolen && on && between(0, 1) < strength_)
                scan.issuer = kStolen;
            out_.scans.push_back(scan);
            double refuse = refuses_[scan.gate];
            if (at < -75) refuse *= 2;  // too early for their slot
            if (mischief_ == Mischief::GateRefuses && on && scan.gate == out_.target)
                refuse = strength_;
            if (between(0, 1) < refuse) refused(scan);
        }
    }

    // Tries again and again at one lane, perhaps at a neighbour's, seldom at a third.
    void refused(Scan scan) {
        scan.verdict = Verdict::Refuse;
        scan.ticket = between(0, 1) < 0.6 ? ++ticket_ : 0;
        const int gates = between(0, 1) < 0.25 ? (between(0, 1) < 0.01 ? 3 : 2) : 1;
        for (int i = 0; i < gates; ++i) {
            const int tries = 1 + static_cast<int>(pick(6));
            for (int k = 0; k < tries; ++k) {
                out_.scans.push_back(scan);
                scan.time += std::chrono::milliseconds{800 + pick(4000)};
            }
            scan.gate = (scan.gate + 1) % out_.gates;
            scan.time += seconds{60 + pick(300)};
        }
    }

    // A party with tickets of another day, all at one gate.
    void wrong_group() {
        Scan scan{.gate = pick(out_.gates)};
        const std::uint32_t people = 3 + pick(10);
        for (std::uint32_t i = 0; i < people; ++i) {
            scan.time = moment(busy_ + static_cast<int>(pick(4)));
            scan.lane = pick(4);
            refused(scan);
        }
    }

    void tour_bus() {
        const std::uint32_t people = 30 + pick(30);
        const std::uint32_t gate = pick(out_.gates);
        for (std::uint32_t i = 0; i < people; ++i)
            out_.scans.push_back({moment(busy_ + static_cast<int>(pick(6))), gate, pick(4),
                                  kTourAgency, ++ticket_, Verdict::Admit});
    }

    void wander() {
        const std::uint64_t ticket = ++ticket_;
        for (std::uint32_t i = 0; i < 4; ++i)
            out_.scans.push_back({*out_.mischief + seconds{90} * i, i % out_.gates, pick(4), 0,
                                  ticket, Verdict::Refuse});
    }

    std::mt19937_64 random_;
    ScanEvening out_;
    Mischief mischief_ = Mischief::None;
    double strength_ = 0;
    double sold_at_the_door_ = 0;
    std::vector<double> refuses_;
    std::uint64_t ticket_ = 0;
    int busy_ = 0;
};

crypto::TicketId id_of(std::uint64_t ticket) {
    crypto::TicketId out{};
    for (std::size_t i = 0; i < 8; ++i)
        out[i] = static_cast<std::uint8_t>(ticket * 0x9E37'79B9'7F4A'7C15 >> (8 * i));
    return out;
}

}  // namespace

ScanEvening scans_of(std::uint64_t seed, Mischief mischief) {
    return Maker{seed, mischief}.finish();
}

Watched watch(const ScanEvening& evening, Mischief mischief) {
    std::vector<std::string> names;
    for (std::uint32_t i = 0; i < std::max<std::uint32_t>(evening.gates, 8); ++i)
        names.push_back("n-" + std::to_string(i));
    Detectors detectors;
    std::array<std::set<std::string>, 3> struck;
    Watched out;
    auto next = evening.scans.begin();
    for (WallTime now = evening.first; now < evening.last; now += seconds{10}) {
        for (; next != evening.scans.end() && next->time <= now; ++next) {
            Attempt attempt{.time = next->time,
                            .gate = names[next->gate],
                            .lane = names[next->lane],
                            .verdict = next->verdict};
            if (next->ticket != 0) {
                attempt.issuer = names[next->issuer];
                attempt.ticket = id_of(next->ticket);
            }
            detectors.take(attempt, now);
        }
        for (const Strike& strike : detectors.look(now)) {
            const auto kind = static_cast<std::size_t>(strike.kind);
            std::string name = strike.gate + strike.issuer;
            if (strike.ticket) name.assign(strike.ticket->begin(), strike.ticket->end());
            struck[kind].insert(name);
            const bool wanted = (mischief == Mischief::GateRefuses && kind == 0) ||
                                (mischief == Mischief::TicketWanders && kind == 1) ||
                                (mischief == Mischief::KeyStolen && kind == 2);
            if (!wanted || out.delay || now < *evening.mischief) continue;
            if (kind == 1 || name == names[evening.target])
                out.delay = std::chrono::duration_cast<seconds>(now - *evening.mischief);
        }
    }
    for (const auto& names_struck : struck)
        out.struck.push_back(static_cast<int>(names_struck.size()));
    return out;
}

}  // namespace stile::sync
