// SPDX-License-Identifier: Apache-2.0
// One request to the daemon at a time, and no more entries in memory than two of them.
#include "sync/publish/replays.hpp"

#include <algorithm>

namespace stile::sync {

bool Replays::add(EntryRange range) {
    const auto same = [&range](const Job& job) {
        return job.collector.empty() && job.range == range;
    };
    if (std::ranges::any_of(jobs_, same)) return true;
    if (std::ranges::count(jobs_, std::string{}, &Job::collector) >=
        static_cast<std::ptrdiff_t>(kMostWaiting))
        return false;
    jobs_.push_back({"", range});
    return true;
}

void Replays::add(const std::string& collector, EntryRange range) {
    if (!serves(collector)) jobs_.push_back({collector, range});
}

bool Replays::serves(const std::string& collector) const {
    return std::ranges::find(jobs_, collector, &Job::collector) != jobs_.end();
}

void Replays::clear() {
    jobs_.clear();
    held_.clear();
    asked_.reset();
}

std::optional<protocol::Fetch> Replays::take_fetch() {
    constexpr std::size_t kAtOnce = protocol::kMaxEntriesInFetch;
    if (asked_ || jobs_.empty() || held_.size() + kAtOnce > kMostHeld) return std::nullopt;
    asked_ = ++last_request_;
    found_ = false;
    const EntryRange& range = jobs_.front().range;
    const auto most = std::min<std::uint64_t>(range.most, kAtOnce);
    return protocol::Fetch{*asked_, range.after.epoch, range.after.seq,
                           static_cast<std::uint8_t>(most)};
}

void Replays::accept(const protocol::Fetched& answer, std::vector<std::string> payloads) {
    if (asked_ != answer.request || held_.size() + payloads.size() > kMostHeld) return;
    EntryRange& range = jobs_.front().range;
    EntryKey key{answer.epoch, answer.first};
    for (std::string& payload : payloads) {
        found_ = true;
        if (key > range.last) range.most = 0;
        if (range.most > 0) {
            held_.push_back(std::move(payload));
            range.after = key;
            --range.most;
        }
        ++key.seq;
    }
    if (answer.part == protocol::Part::Last) finish_turn();
}

void Replays::finish_turn() {
    asked_.reset();
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    const bool more = found_ && job.range.most > 0 && job.range.after < job.range.last;
    if (more) jobs_.push_back(std::move(job));
}

std::string Replays::next() {
    std::string payload = std::move(held_.front());
    held_.pop_front();
    ++sent_;
    return payload;
}

}  // namespace stile::sync
