// SPDX-License-Identifier: Apache-2.0
// What staff can do at a lane: each act is durable before anything moves.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "daemon/lane/post.hpp"

namespace stile {
namespace {

// A lane's mode is where its last SetMode stands in the log.
std::string mode_row(std::string_view lane) {
    return fmt::format("mode/{}", lane);
}

Result<void> complete(const Actor& actor, std::string_view reason) {
    if (actor.person.empty() || reason.empty())
        return fail(Errc::Invalid, "this needs a name and a reason");
    return {};
}

}  // namespace

// With what waits already, so that an act sees every passage before it.
Result<std::vector<Grant>> Gate::store_now(const Write& write) {
    auto batch = parts_.ledger.begin();
    Result<void> stored;
    if (!batch) stored = std::unexpected{batch.error()};
    if (stored) stored = store_deferred(*batch);
    if (stored) stored = write(*batch, parts_.clock.now());
    if (!stored) return std::unexpected{std::move(stored.error())};
    auto grants = std::move(*batch).commit();
    note_trouble(grants ? std::string_view{} : grants.error().context);
    if (!grants) return grants;
    deferred_.clear();
    if (parts_.on_committed) parts_.on_committed();
    return grants;
}

std::optional<std::size_t> Gate::lane_named(std::string_view name) const {
    const auto found = std::ranges::find(lanes_, name, &Lane::name);
    if (found == lanes_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - lanes_.begin());
}

Result<void> Gate::can_open(std::size_t lane) const {
    if (lane >= lanes_.size()) return fail(Errc::NotFound, "there is no such lane");
    const Lane& at = lanes_[lane];
    if (posts_[lane].test) return fail(Errc::Invalid, at.name() + " is being tested");
    if (at.open_for_all()) return fail(Errc::Invalid, at.name() + " is open for everybody");
    if (at.out_of_order()) return fail(Errc::Invalid, at.name() + " is out of order");
    if (at.busy()) return fail(Errc::Invalid, at.name() + " is open for somebody already");
    return {};
}

// An admission of nobody: its Decided stands for whoever the staff let pass.
Result<std::uint64_t> Gate::open_once(std::size_t lane, const Actor& actor,
                                      std::string_view reason) {
    if (auto said = complete(actor, reason); !said) return std::unexpected{said.error()};
    if (auto can = can_open(lane); !can) return std::unexpected{can.error()};
    const auto grants = store_now([&](Batch& batch, const ClockReading& now) -> Result<void> {
        const Act act{.what = ActKind::OpenOnce,
                      .person = actor.person,
                      .role = actor.role,
                      .reason = std::string{reason},
                      .lane = lanes_[lane].name()};
        if (auto put = batch.append(act, now); !put) return std::unexpected{put.error()};
        const Decided decided{.verdict = Verdict::Admit,
                              .reason = Reason::Valid,
                              .direction = lanes_[lane].direction(),
                              .flags = kFlagOverride,
                              .lane = lanes_[lane].name()};
        if (auto put = batch.admit({.decided = decided}, now); !put)
            return std::unexpected{put.error()};
        return {};
    });
    if (!grants) return std::unexpected{grants.error()};
    posts_[lane].answer = LaneAnswer{.state = SignState::Go,
                                     .reason = Reason::Valid,
                                     .direction = lanes_[lane].direction(),
                                     .at = std::chrono::steady_clock::now()};
    if (auto opened = release(lane, grants->front(), {}, {}); !opened)
        return std::unexpected{std::move(opened.error())};
    return grants->front().admission().admission;
}

Result<void> Gate::set_mode(std::optional<std::size_t> lane, LaneMode mode, const Actor& actor,
                            std::string_view reason) {
    if (actor.person.empty()) return fail(Errc::Invalid, "this needs a name");
    if (lane && *lane >= lanes_.size()) return fail(Errc::NotFound, "there is no such lane");
    const std::size_t first = lane.value_or(0);
    const std::size_t last = lane ? first + 1 : lanes_.size();
    const Act act{.what = ActKind::SetMode,
                  .mode = std::to_underlying(mode),
                  .person = actor.person,
                  .role = actor.role,
                  .reason = std::string{reason},
                  .lane = lane ? lanes_[first].name() : std::string{}};
    const auto stored = store_now([&](Batch& batch, const ClockReading& now) -> Result<void> {
        const auto seq = batch.append(act, now);
        if (!seq) return std::unexpected{seq.error()};
        for (std::size_t at = first; at < last; ++at) {
            const Watermark here{parts_.ledger.head().epoch, *seq};
            if (auto put = batch.set_cursor(mode_row(lanes_[at].name()), here); !put) return put;
        }
        return {};
    });
    if (!stored) return std::unexpected{stored.error()};
    for (std::size_t at = first; at < last; ++at) {
        end_test(at, actor, "its mode was set");
        posts_[at].mode_since = parts_.clock.now().time;
        lanes_[at].set_mode(mode, std::chrono::steady_clock::now());
        perform(at);
        if (parts_.on_lane_changed) parts_.on_lane_changed(lanes_[at]);
    }
    return {};
}

Result<void> Gate::note(const Act& act) {
    const auto stored = store_now([&act](Batch& batch, const ClockReading& now) -> Result<void> {
        if (auto put = batch.append(act, now); !put) return std::unexpected{put.error()};
        return {};
    });
    if (!stored) return std::unexpected{stored.error()};
    return {};
}

// A mode that cannot be read back closes the lane.
Gate::StoredMode Gate::stored_mode(std::string_view lane) const {
    const auto row = parts_.ledger.cursor(mode_row(lane));
    if (row && row->seq == 0) return {};
    const auto stored = row ? parts_.ledger.entries(row->seq, 1) : std::unexpected{row.error()};
    const auto entry =
        stored && !stored->empty() ? decode_entry(stored->front()) : Result<Entry>{std::unexpect};
    const auto* act = entry ? std::get_if<Act>(&entry->body) : nullptr;
    if (act == nullptr || act->what != ActKind::SetMode) return {.mode = LaneMode::Locked};
    return {static_cast<LaneMode>(act->mode), entry->time};
}

void Gate::follow_schedules() {
    const ClockReading now = parts_.clock.now();
    if (now.quality == ClockQuality::Wrong) return;  // nobody knows the time
    for (std::size_t at = 0; at < lanes_.size(); ++at)
        follow_schedule(at, now);
}

// A change that came after somebody set the mode. One that cannot be recorded is tried again.
void Gate::follow_schedule(std::size_t lane, const ClockReading& now) {
    Post& post = posts_[lane];
    post.mode_since = std::min(post.mode_since, now.time);  // the clock may have been ahead
    const auto local =
        rules_.local_time
            ? rules_.local_time(now.time)
            : std::chrono::local_time<std::chrono::milliseconds>{now.time.time_since_epoch()};
    const auto change = last_change(rules_.lanes[lane].schedule, local);
    if (!change) return;
    const auto came = std::chrono::floor<std::chrono::minutes>(now.time) - change->ago;
    if (came <= post.mode_since) return;
    if (change->mode == lanes_[lane].mode()) {
        post.mode_since = now.time;
        return;
    }
    (void)set_mode(lane, change->mode, {"schedule", "schedule"}, {});
}

const StaffWord* Gate::waiting_word(std::size_t lane) const {
    const auto& armed = posts_[lane].armed;
    const bool waits = armed && std::chrono::steady_clock::now() < armed->until;
    return waits && !lanes_[lane].out_of_order() ? &armed->word : nullptr;
}

void Gate::remember_refusal(const Examined& scan) {
    if (scan.identities().empty() || scan.in_test) return;
    posts_[scan.waiting.lane].refusal.emplace(scan, std::chrono::steady_clock::now());
}

Result<void> Gate::store_override(Batch& batch, Examined& scan, const StaffWord& word) {
    const Act act{.what = ActKind::Override,
                  .person = word.actor.person,
                  .role = word.actor.role,
                  .reason = word.reason,
                  .lane = lanes_[scan.waiting.lane].name()};
    if (auto put = batch.append(act, parts_.clock.now()); !put)
        return std::unexpected{std::move(put.error())};
    scan.flags |= kFlagOverride;
    scan.decision.verdict = Verdict::Admit;  // its reason stays: what was overridden
    return admit(batch, scan);
}

Result<Overridden> Gate::override_refusal(std::size_t lane, const Actor& actor,
                                          std::string_view reason) {
    if (auto said = complete(actor, reason); !said) return std::unexpected{said.error()};
    if (auto can = can_open(lane); !can) return std::unexpected{can.error()};
    const auto now = std::chrono::steady_clock::now();
    Post& post = posts_[lane];
    if (post.refusal && now < post.refusal->at + kOverrideFor)
        return override_last(lane, {actor, std::string{reason}});
    post.refusal.reset();
    post.armed = {{actor, std::string{reason}}, now + kOverrideFor};
    return Overridden::Armed;
}

Result<Overridden> Gate::override_last(std::size_t lane, const StaffWord& word) {
    Examined scan = posts_[lane].refusal->scan;
    scan.waiting.scan.captured_ns = static_cast<std::uint64_t>(EventLoop::monotonic_ns());
    const auto grants = store_now([&](Batch& batch, const ClockReading&) -> Result<void> {
        const Decision before = scan.decision;
        if (auto judged = judge(batch, scan); !judged) return judged;
        scan.decision = before;
        scan.people = 1;
        if (scan.state->pending != 0)
            return fail(Errc::Invalid, "this ticket is admitted at another lane at this moment");
        return store_override(batch, scan, word);
    });
    if (!grants) return std::unexpected{grants.error()};
    release(scan, grants->front());
    if (scan.outcome != protocol::Outcome::Admit)
        return fail(Errc::Io, "the turnstile does not answer");
    if (parts_.on_decided) parts_.on_decided(entry_for(scan));
    return Overridden::Admitted;
}

Result<AnnulAnswer> Gate::annul(const AdmissionName& admission, const Actor& actor,
                                std::string_view reason) {
    if (auto said = complete(actor, reason); !said) return std::unexpected{said.error()};
    Annulment annulment{.person = actor.person, .reason = std::string{reason}};
    if (const auto* nonce = std::get_if<std::string>(&admission)) {
        annulment.nonce = *nonce;
    } else {
        annulment.entry = std::get<Watermark>(admission);
    }
    AnnulAnswer answer = AnnulAnswer::Unknown;
    const auto stored = store_now([&](Batch& batch, const ClockReading& now) -> Result<void> {
        const auto annulled = batch.annul(annulment, now);
        if (!annulled) return std::unexpected{annulled.error()};
        answer = *annulled;
        if (answer != AnnulAnswer::Done) return {};
        return tell_annulled(batch, annulment, now.time);
    });
    if (!stored) return std::unexpected{stored.error()};
    return answer;
}

}  // namespace stile
