// SPDX-License-Identifier: Apache-2.0
// The evening's collector: what it is told, and whether it says what is so.
#include <algorithm>

#include <fmt/format.h>

#include "tests/simulate/evening.hpp"

namespace stile::simulate {
namespace {

// In truth, for what it computes at most once a second, once it has everything.
constexpr std::chrono::seconds kPatience{20};

// Of the whole venue; none: it has said nothing.
std::optional<std::uint64_t> inside_of(std::string_view occupancy) {
    const auto total = occupancy.find("\"total\":{");
    if (total == std::string_view::npos) return std::nullopt;
    return number_in(occupancy.substr(total), "inside");
}

}  // namespace

bool Evening::collector_is_up() {
    if (ear_->last("_ops/status").find("\"online\"") == std::string_view::npos) return false;
    if (!has_sold_) has_sold_ = collector_->import_sold(plan_).has_value();
    return has_sold_;
}

void Evening::tell_collector_of_refunds() {
    const auto done = collector_->import_refunds(plan_);
    has_refunds_ = done.has_value();
    if (!done) say("the collector does not take the refunds: " + done.error().context);
}

// Whoever was admitted and did not pass, since the lanes opened for a fire, did not enter.
Bounds Evening::doubles() const {
    Bounds out = double_entries(plan_, crowd_->seen());
    out.least -= std::min(out.least, crowd_->released());
    return out;
}

// Before the list is out nobody can find them: a fire may come first.
std::size_t Evening::refunded_inside() const {
    std::size_t count = 0;
    for (std::size_t i = 0; has_refunds_ && i < plan_.refunded_inside; ++i)
        count += crowd_->is_inside(plan_.refunds[i]) ? 1 : 0;
    return count;
}

// Its watermarks cover every ledger; and then what it computes of them, or some time has passed.
bool Evening::collector_has_all() {
    for (std::size_t i = 0; i < gates_.size(); ++i) {
        const auto mark = ear_->last(fmt::format("{}/ack/{}", gates_[i]->name(), kCollector));
        if (number_in(mark, "seq") < watches_[i]->seq()) return false;
    }
    const auto now = std::chrono::steady_clock::now();
    if (!stored_since_) stored_since_ = now;
    return collector_agrees() || now - *stored_since_ > kPatience;
}

bool Evening::collector_agrees() const {
    Findings findings;
    compare_with_collector(findings);
    return findings.differences.empty();
}

void Evening::compare_with_collector(Findings& findings) const {
    const auto compare = [&findings](std::string_view what, Bounds so, std::uint64_t said) {
        if (said < so.least || said > so.most)
            findings.differences.push_back(
                fmt::format("{}: {}, and the collector says {}", what, so.least, said));
    };
    const auto exactly = [](std::size_t count) { return Bounds{count, count}; };
    compare("people inside", exactly(static_cast<std::size_t>(crowd_->people_inside())),
            inside_of(ear_->last("_ops/occupancy")).value_or(0));
    compare("tickets that entered twice", doubles(),
            number_in(ear_->last("_ops/conflicts"), "count"));
    compare("people inside with a refunded ticket", exactly(refunded_inside()),
            ear_->count("_ops/alarm/refunded-inside-", kRaised));
}

}  // namespace stile::simulate
