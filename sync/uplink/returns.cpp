// SPDX-License-Identifier: Apache-2.0
// Topics to parsers, watermarks to the daemon, wishes to the queue.
#include "sync/uplink/returns.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "daemon/runtime/log.hpp"
#include "sync/publish/requests.hpp"

namespace stile::sync {

Returns::Returns(const Settings& settings, Topics topics, TellDaemon tell_daemon)
    : gate_{settings.gate}, topics_{std::move(topics)}, tell_daemon_{std::move(tell_daemon)} {
    for (const std::string& name : settings.collectors)
        collectors_.try_emplace(name);
}

std::vector<std::string> Returns::filters() const {
    std::vector<std::string> out{topics_.replay()};
    for (const auto& [name, collector] : collectors_)
        out.push_back(topics_.ack(name));
    return out;
}

void Returns::begin_anew(Clock::time_point now) {
    replays_.clear();
    for (auto& [name, collector] : collectors_) {
        collector.catch_up.restart(now);
        collector.told = false;
    }
}

void Returns::arrived(const Arrived& message, Clock::time_point now) {
    if (message.topic == topics_.replay()) return take_replay(message);
    for (auto& [name, collector] : collectors_) {
        if (message.topic == topics_.ack(name))
            return take_watermark(name, collector, message, now);
    }
}

void Returns::take_watermark(const std::string& name, Collector& collector, const Arrived& message,
                             Clock::time_point now) {
    if (message.payload.empty()) return;  // somebody deleted it
    const auto mark = parse_watermark(name, message.payload);
    if (!mark) return ignore(message, mark.error().context);
    const auto before = collector.catch_up.mark();
    collector.catch_up.stored(*mark, now);
    if (before == *mark) return;
    collector.told = false;
    if (before && *mark < *before && log_limit_.due("step back of " + name)) {
        log::notice(fmt::format("collector {} went back from entry {} to {}; sending again", name,
                                before->seq, mark->seq));
    }
}

void Returns::take_replay(const Arrived& message) {
    const auto wanted = parse_replay(message.payload);
    if (!wanted) return ignore(message, wanted.error().context);
    const auto& [whom, epoch, from, to] = *wanted;
    if (!replays_.add({{epoch, from - 1}, {epoch, to}, to - from + 1}))
        return ignore(message, fmt::format("{} others wait already", Replays::kMostWaiting));
    if (log_limit_.due("replay")) {  // whoever floods it may use many names
        log::info(fmt::format("{} wants entries {} to {} of epoch {} again", whom, from, to,
                              hex64(epoch)));
    }
}

void Returns::ignore(const Arrived& message, const std::string& why) {
    if (log_limit_.due(message.topic + why))
        log::warning(fmt::format("a message on {}: {}, ignoring it", message.topic, why));
}

void Returns::fetched(const protocol::Fetched& answer) {
    std::vector<std::string> payloads;
    EntryKey key{answer.epoch, answer.first};
    for (const Buffer& bytes : answer.entries) {
        payloads.push_back(entry_payload(gate_, key, bytes).json);
        ++key.seq;
    }
    replays_.accept(answer, std::move(payloads));
}

void Returns::proceed(const std::optional<EntryKey>& published, Clock::time_point now) {
    for (auto& [name, collector] : collectors_) {
        const auto& mark = collector.catch_up.mark();
        if (mark && !std::exchange(collector.told, true))
            tell_daemon_(protocol::Stored{name, mark->epoch, mark->seq});
        if (!published || replays_.serves(name)) continue;
        if (const auto range = collector.catch_up.due(*published, now)) replays_.add(name, *range);
    }
    if (!published) return;  // nobody there to ask
    if (const auto fetch = replays_.take_fetch()) tell_daemon_(*fetch);
}

std::vector<CollectorHealth> Returns::health(const std::optional<EntryKey>& published) const {
    std::vector<CollectorHealth> out;
    for (const auto& [name, collector] : collectors_) {
        CollectorHealth& one = out.emplace_back(name, collector.catch_up.mark());
        if (!one.stored || !published || one.stored->epoch != published->epoch) continue;
        one.behind = published->seq - std::min(published->seq, one.stored->seq);
    }
    return out;
}

}  // namespace stile::sync
