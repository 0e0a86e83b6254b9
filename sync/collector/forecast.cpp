// SPDX-License-Identifier: Apache-2.0
// The model of an evening, what is known of it in steps of five minutes, and the answer as people.
#include "sync/collector/forecast.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "sync/collector/arrival_grid.hpp"

namespace stile::sync {
namespace {

using std::chrono::minutes;

constexpr minutes kStep = std::chrono::duration_cast<minutes>(Forecast::kStep);
// Of the show that is looked at: who comes outside of it counts, but has no step of their own.
constexpr minutes kBefore{6 * 60};
constexpr minutes kLongestBefore{12 * 60};
constexpr minutes kAfter{3 * 60};
// Between the first guest and a show whose start is not known.
constexpr minutes kGuessedLead{90};
// The first people queued at the doors.
constexpr minutes kDoorsQueue{10};

double real(std::uint64_t people) {
    return static_cast<double>(people);
}

Minute step_of(Minute time) {
    return Minute{
        std::chrono::floor<std::chrono::duration<int, std::ratio<300>>>(time.time_since_epoch())};
}

// ---- The model

double logistic(double x) {
    return 1 / (1 + std::exp(-x));
}

// A slow start and a quick end, with the median and the quartile distance of the logistic curve.
double late_rush(double x) {
    return 1 - std::exp(-std::exp(0.71571 * x - 0.36651));
}
double early_rush(double x) {
    return 1 - late_rush(-x);
}

ArrivalModel fitted_model() {
    return {.curves = {logistic, late_rush, early_rush},
            .shift = {-42, 20, -150, 60},
            .log_stretch = {std::log(16.0), 0.4, std::log(4.0), std::log(60.0)},
            .log_total = {}};
}

double share_reached(const PastEvening& evening, double time) {
    const auto& reached = evening.reached;
    const auto next = std::ranges::upper_bound(reached, time);
    if (next == reached.begin()) return 0;
    if (next == reached.end()) return 1;
    const double span = *next - *(next - 1);
    const double part = span > 0 ? (time - *(next - 1)) / span : 1;
    return (static_cast<double>(next - reached.begin() - 1) + part) / PastEvening::kTwentieths;
}

ArrivalModel model_of(std::span<const PastEvening> past) {
    if (past.empty()) return fitted_model();
    ArrivalModel model{.curves = {},
                       .shift = {0, 8, -90, 90},
                       .log_stretch = {0, 0.15, -0.7, 0.7},
                       .log_total = {}};
    for (const PastEvening& evening : past)
        model.curves.emplace_back([&evening](double time) { return share_reached(evening, time); });
    return model;
}

// Which share of the sold people comes, before anybody came.
double usual_turnout(std::span<const PastEvening> past) {
    double sum = 0.92;
    double count = 1;
    for (const PastEvening& evening : past) {
        if (evening.turnout < 0.2 || evening.turnout > 1.2) continue;  // sold was not known well
        sum += evening.turnout;
        count += 1;
    }
    return sum / count;
}

Belief total_belief(const ForecastFacts& facts, double arrived, std::span<const PastEvening> past) {
    const double sold = real(facts.sold.value_or(0));
    const double least = std::log(std::max(arrived, 0.5));
    if (sold <= 0) return {least + std::log(2.0), 0.8, least, least + std::log(30.0)};
    if (arrived >= sold) return {least, 0.01, least, least + std::log(1.3)};  // it was not all
    const double lowest = std::max(std::log(sold * 0.3), least);
    return {std::log(sold * usual_turnout(past)), 0.05, lowest,
            std::max(std::log(sold * 1.02), least)};
}

// ---- What is known

struct Known {
    Minute starts;
    Minute from;                        // of the first step
    std::vector<std::uint64_t> people;  // in each step that is over or running
    std::uint64_t arrived = 0;
    std::uint64_t before = 0;     // `from`
    std::optional<Minute> first;  // guest within the steps
};

std::optional<Minute> first_guest(const ForecastFacts& facts, Minute earliest) {
    std::optional<Minute> first;
    for (const MinuteOfPeople& each : facts.arrivals)
        if (each.people > 0 && each.minute >= earliest && each.minute <= facts.now)
            first = first ? std::min(*first, each.minute) : each.minute;
    return first;
}

std::optional<Minute> start_of(const ForecastFacts& facts) {
    if (facts.starts) return facts.starts;
    const auto first = first_guest(facts, facts.now - kLongestBefore);
    if (!first) return std::nullopt;
    return *first + kGuessedLead;
}

// The end of what the steps say: now, or the end of the evening.
Minute end_of(const Known& known, Minute now) {
    return std::clamp(now, known.from, step_of(known.starts + kAfter));
}

void count_arrivals(const ForecastFacts& facts, Known& known) {
    const Minute end = end_of(known, facts.now);
    known.people.resize(static_cast<std::size_t>((end - known.from + kStep - minutes{1}) / kStep));
    for (const MinuteOfPeople& each : facts.arrivals) {
        known.arrived += each.people;
        if (each.minute < known.from) known.before += each.people;
        if (each.minute < known.from || each.minute >= end) continue;
        known.people[static_cast<std::size_t>((each.minute - known.from) / kStep)] += each.people;
    }
}

Known known_of(const ForecastFacts& facts, Minute starts) {
    Known known{.starts = starts};
    known.first = first_guest(facts, starts - kLongestBefore);
    known.from = step_of(starts - kBefore);
    if (known.first) known.from = std::min(known.from, step_of(*known.first));
    count_arrivals(facts, known);
    return known;
}

// The bins that tell something about the curve, and how many had come before them.
std::pair<std::vector<Bin>, double> bins_of(const Known& known, Minute now) {
    std::vector<Bin> bins;
    double before = real(known.before);
    const Minute end = end_of(known, now);
    const Minute first = known.first ? step_of(*known.first + kDoorsQueue + kStep) : end;
    for (std::size_t i = 0; i < known.people.size(); ++i) {
        const Minute from = known.from + kStep * static_cast<int>(i);
        const Minute to = std::min(from + kStep, end);
        if (from < first) {
            before += real(known.people[i]);
            continue;
        }
        bins.push_back({static_cast<double>((from - known.starts).count()),
                        static_cast<double>((to - known.starts).count()), real(known.people[i])});
    }
    return {std::move(bins), before};
}

// ---- The answer

// What the posterior of smooth curves does not know of: measured on simulated evenings,
// FORECAST.md.
struct Widening {
    double factor = 1;  // of the posterior's own distances
    double whim = 0;    // of the people who are expected until then, as a share of them
};
constexpr Widening kFitted{1.0, 0.38};
constexpr Widening kShared{0.92, 0.22};

// By minutes to the start: the row that holds until then.
struct ErrorRow {
    double until = 0;
    ForecastError error;
};
constexpr std::array<ErrorRow, 5> kFittedErrors{{{-45, {0.038, 0.84}},
                                                 {-22, {0.037, 0.82}},
                                                 {-7, {0.035, 0.80}},
                                                 {15, {0.028, 0.80}},
                                                 {1e9, {0.008, 0.87}}}};
constexpr std::array<ErrorRow, 5> kSharedErrors{{{-45, {0.026, 0.91}},
                                                 {-22, {0.025, 0.90}},
                                                 {-7, {0.024, 0.88}},
                                                 {15, {0.020, 0.76}},
                                                 {1e9, {0.009, 0.73}}}};

ForecastError error_at(ForecastMethod method, double to_start) {
    const auto& rows = method == ForecastMethod::FittedCurve ? kFittedErrors : kSharedErrors;
    return std::ranges::find_if(rows, [&](const ErrorRow& row) { return to_start < row.until; })
        ->error;
}

// The whim is that of a walk which is tied at both ends: now, and when everybody has come.
Spread widened(const Spread& spread, const Spread& total, double arrived, Widening by) {
    const double expected = spread.mid - arrived;
    const double all = total.mid - arrived;
    const double left = all > 0 ? std::clamp(1 - expected / all, 0.0, 1.0) : 0;
    const double whim = by.whim * expected * std::sqrt(left);
    const auto reach = [&](double distance) { return std::hypot(by.factor * distance, whim); };
    return {std::max(spread.mid - reach(spread.mid - spread.low), arrived), spread.mid,
            spread.mid + reach(spread.high - spread.mid)};
}

Estimate people(const Spread& spread) {
    const auto whole = [](double value) {
        return static_cast<std::uint64_t>(std::llround(std::max(value, 0.0)));
    };
    return {whole(spread.mid), whole(spread.low), whole(spread.high)};
}

// Rising, and never beyond what is expected of the whole evening.
void straighten(std::vector<Estimate>& coming, const Estimate& expected, std::uint64_t arrived) {
    Estimate before{arrived, arrived, arrived};
    for (Estimate& each : coming) {
        each.mid = std::clamp(each.mid, before.mid, std::max(before.mid, expected.mid));
        each.low = std::clamp(each.low, before.low, std::max(before.low, expected.low));
        each.high = std::clamp(each.high, before.high, std::max(before.high, expected.high));
        before = each;
    }
}

// What comes after nearly everybody has come is not worth a step.
void cut_tail(std::vector<Estimate>& coming, const Estimate& expected, std::size_t to_start) {
    const std::uint64_t enough = expected.mid - expected.mid / 500;
    std::size_t keep = 0;
    while (keep < coming.size() && (keep < to_start || coming[keep].mid < enough))
        ++keep;
    coming.resize(std::min(keep + 1, coming.size()));
}

// When a curve reaches `people`, straight within a step.
std::optional<Minute> reached(const Forecast& forecast, Minute now, double people,
                              std::uint64_t Estimate::* which) {
    double before = real(forecast.arrived);
    if (before >= people) return now;
    Minute from = now;
    Minute to = forecast.from + kStep * static_cast<int>(forecast.past.size());
    for (const Estimate& each : forecast.coming) {
        to += kStep;
        const double after = real(each.*which);
        if (after >= people) {
            const double part = (people - before) / (after - before);
            return from + minutes{std::lround(part * static_cast<double>((to - from).count()))};
        }
        before = after;
        from = to;
    }
    return std::nullopt;
}

std::optional<FullAt> full_at(const Forecast& forecast, const ForecastFacts& facts) {
    if (!facts.capacity) return std::nullopt;
    // Who is not inside any more makes room.
    const double people = real(*facts.capacity) + real(forecast.arrived) - real(facts.inside);
    const auto mid = reached(forecast, facts.now, people, &Estimate::mid);
    if (!mid) return std::nullopt;
    const auto low = reached(forecast, facts.now, people, &Estimate::high);
    return FullAt{*mid, low.value_or(*mid), reached(forecast, facts.now, people, &Estimate::low)};
}

// The ends of the steps that are not over, in minutes to the start.
std::vector<double> ends_to_come(const Known& known, std::size_t over) {
    std::vector<double> out;
    const Minute last = step_of(known.starts + kAfter);
    for (Minute end = known.from + kStep * static_cast<int>(over + 1); end <= last; end += kStep)
        out.push_back(static_cast<double>((end - known.starts).count()));
    return out;
}

void look_ahead(const ForecastFacts& facts, const Known& known, std::span<const PastEvening> past,
                Forecast& out) {
    const std::vector<double> times = ends_to_come(known, out.past.size());
    out.expected = {out.arrived, out.arrived, out.arrived};
    if (times.empty()) return;
    ArrivalModel model = model_of(past);
    model.log_total = total_belief(facts, real(out.arrived), past);
    const auto [bins, before] = bins_of(known, facts.now);
    const double now =
        static_cast<double>((std::max(facts.now, known.from) - known.starts).count());
    const auto spreads = expect_arrivals(model, {now, real(out.arrived), before, bins}, times);
    const Widening by = out.method == ForecastMethod::FittedCurve ? kFitted : kShared;
    const auto answer = [&](const Spread& spread) {
        return people(widened(spread, spreads.back(), real(out.arrived), by));
    };
    out.expected = answer(spreads.back());
    for (std::size_t i = 0; i < times.size(); ++i)
        out.coming.push_back(answer(spreads[i]));
    straighten(out.coming, out.expected, out.arrived);
    const auto to_start = std::ranges::lower_bound(times, 0.0) - times.begin();
    cut_tail(out.coming, out.expected, static_cast<std::size_t>(to_start));
    out.error = error_at(out.method, now);
}

std::vector<std::uint64_t> steps_over(const Known& known, Minute now) {
    std::vector<std::uint64_t> out;
    std::uint64_t sum = known.before;
    for (std::size_t i = 0; i < known.people.size(); ++i) {
        if (known.from + kStep * static_cast<int>(i + 1) > now) break;
        out.push_back(sum += known.people[i]);
    }
    return out;
}

}  // namespace

std::optional<Forecast> forecast(const ForecastFacts& facts) {
    const auto starts = start_of(facts);
    if (!starts) return std::nullopt;
    const Known known = known_of(facts, *starts);
    if (known.arrived == 0 && facts.sold.value_or(0) == 0) return std::nullopt;
    const auto past = facts.past.last(std::min(facts.past.size(), kMostPast));
    Forecast out{
        .arrived = known.arrived,
        .method = past.empty() ? ForecastMethod::FittedCurve : ForecastMethod::ShareOfArrivals,
        .from = known.from,
        .past = steps_over(known, facts.now)};
    look_ahead(facts, known, past, out);
    out.full_at = full_at(out, facts);
    return out;
}

std::optional<PastEvening> past_evening(std::span<const MinuteOfPeople> arrivals, Minute starts,
                                        std::uint64_t sold) {
    std::vector<MinuteOfPeople> sorted;
    double all = 0;
    for (const MinuteOfPeople& each : arrivals) {
        if (each.people == 0 || each.minute < starts - kLongestBefore ||
            each.minute >= starts + kAfter)
            continue;
        sorted.push_back(each);
        all += real(each.people);
    }
    std::ranges::sort(sorted, {}, &MinuteOfPeople::minute);
    if (all < 100 || sorted.back().minute - sorted.front().minute < kStep) return std::nullopt;
    PastEvening out{.turnout = sold > 0 ? all / real(sold) : 0};
    std::size_t next = 0;
    double came = 0;
    for (std::size_t i = 0; i <= PastEvening::kTwentieths; ++i) {
        const double wanted = all * real(i) / PastEvening::kTwentieths;
        while (came < wanted)
            came += real(sorted[next++].people);
        const auto minute =
            next == 0 ? sorted.front().minute : sorted[next - 1].minute + minutes{1};
        out.reached[i] = static_cast<double>((minute - starts).count());
    }
    return out;
}

}  // namespace stile::sync
