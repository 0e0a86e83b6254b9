// SPDX-License-Identifier: Apache-2.0
// What is wrong comes in, what changed goes out, and what somebody took on is kept.
#include "sync/collector/alarm_desk.hpp"

#include <utility>

#include "sync/collector/ops_messages.hpp"

namespace stile::sync {
namespace {

constexpr std::string_view kOps = "_ops/";

}  // namespace

AlarmDesk::AlarmDesk(EntryStore& store, Board& board, const OpsTopics& topics)
    : store_{store}, board_{board}, topics_{topics} {}

Result<void> AlarmDesk::load() {
    const auto notes = store_.notes(kAcknowledgedNotes);
    if (!notes) return std::unexpected{notes.error()};
    for (const Note& note : *notes) {
        if (auto one = acknowledgement_of(note)) acknowledged_.put(std::move(*one));
    }
    return {};
}

void AlarmDesk::heard(const std::string& gate, std::string_view code, std::string_view payload) {
    const std::string name = gate + "/" + std::string{code};
    auto alarm = read_alarm(code, payload);
    if (!alarm) {
        of_gates_.erase(name);
        return;
    }
    if (of_gates_.size() < kMostGateAlarms || of_gates_.contains(name))
        of_gates_[name] = std::move(*alarm);
}

void AlarmDesk::remembered(std::string_view code, std::string_view payload, WallTime now) {
    if (const auto alarm = read_alarm(code, payload)) alarms_.adopt(*alarm, now);
}

const AlarmOnBoard* AlarmDesk::find(const std::string& name) const {
    if (name.starts_with(kOps)) return alarms_.find(name.substr(kOps.size()));
    const auto found = of_gates_.find(name);
    return found == of_gates_.end() ? nullptr : &found->second;
}

void AlarmDesk::update(const std::vector<Trouble>& troubles, WallTime now) {
    alarms_.update(troubles, now);
    for (const std::string& code : alarms_.take_changed()) {
        const AlarmOnBoard* const alarm = alarms_.find(code);
        if (alarm != nullptr)
            board_.keep(topics_.alarm(code), alarm_json(*alarm));
        else
            board_.remove(topics_.alarm(code));
    }
    publish_acknowledged(now);
}

void AlarmDesk::publish_acknowledged(WallTime now) {
    std::vector<Acknowledgement> all;
    for (const auto& [name, one] : acknowledged_.all()) {
        const AlarmOnBoard* const alarm = find(name);
        if (alarm != nullptr && alarm->since == one.since) all.push_back(one);
    }
    if (said_ == all) return;
    board_.keep(topics_.ops("acknowledged"), acknowledged_json(all, now));
    said_ = std::move(all);
}

Result<void> AlarmDesk::acknowledge(const AcknowledgeQuestion& question, WallTime now) {
    const AlarmOnBoard* const alarm = find(question.alarm);
    if (alarm == nullptr || alarm->since != question.since)
        return fail(Errc::Invalid, "there is no such alarm since then");
    Acknowledgement one{question.alarm, question.since, question.person, now};
    if (auto kept = store_.keep(note_of(one)); !kept) return kept;
    acknowledged_.put(std::move(one));
    return {};
}

}  // namespace stile::sync
