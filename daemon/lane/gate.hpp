// SPDX-License-Identifier: Apache-2.0
// The gate thread's work: take the waiting scans, decide, commit once, release.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "crypto/hash.hpp"
#include "crypto/verifier.hpp"
#include "daemon/admission/finder.hpp"
#include "daemon/core/decide.hpp"
#include "daemon/core/policy/check.hpp"
#include "daemon/lane/gate_parts.hpp"
#include "daemon/lane/lane.hpp"
#include "daemon/lane/lane_setup.hpp"
#include "daemon/lane/latency.hpp"
#include "daemon/lane/staff.hpp"
#include "daemon/lane/staff_menu.hpp"
#include "daemon/lane/test_session.hpp"
#include "daemon/lane/waiting_scan.hpp"
#include "daemon/ledger/ledger.hpp"
#include "daemon/protocol/messages.hpp"
#include "daemon/runtime/event_loop.hpp"
#include "devices/turnstile/turnstile.hpp"

namespace stile {

// Thread-bound to the loop. Blocks for one commit a batch, or an act, and for nothing else.
class Gate {
public:
    using Parts = GateParts;
    static constexpr std::size_t kMostWaitingALane = 16;
    // For so long a refused scan can be overridden, and an override waits for the next one.
    static constexpr std::chrono::seconds kOverrideFor{30};

    // Lanes go on in the mode in which they were.
    Gate(Parts parts, std::vector<LaneSetup> lanes);
    ~Gate();

    // From now on scans are decided by these rules, those in line too. What is under way goes on; a
    // refusal by a key or a list that is no longer there cannot be overridden. With other keys or
    // products of the staff, what a credential has opened is closed.
    void take_rules(GateRules rules);
    // Overrides that wait do so no longer: who said them may have lost the role.
    void forget_words();
    // From now on scans are looked up by this book; null: it cannot be read, so that all are
    // refused at lanes with lists. Shared with whoever made it; scans on their way keep the old.
    void take_book(std::shared_ptr<const AccessBook> book);
    // Puts a scan in line; all that wait are decided together, once no more events are ready. When
    // 16 wait at its lane already, it is answered `wait` at once.
    void submit(WaitingScan scan);
    void record(ListChanged change);
    void acknowledge(std::string consumer, Watermark watermark);
    // Writes what waits. For a clean stop; open admissions stay open.
    void flush();

    // What staff can do (staff.hpp). Each is durable before anything moves. Errors of all: Invalid
    // (it makes no sense now; the text says why), NotFound (no such lane), Full and Io (it cannot
    // be recorded, so it is not done).

    // One passage in the lane's direction without a ticket. Gives the admission's number.
    [[nodiscard]] Result<std::uint64_t> open_once(std::size_t lane, const Actor& actor,
                                                  std::string_view reason);
    // Of one lane, or of all, until the next scheduled change, over restarts too. Whoever is
    // admitted already may still pass.
    [[nodiscard]] Result<void> set_mode(std::optional<std::size_t> lane, LaneMode mode,
                                        const Actor& actor, std::string_view reason);
    // Admits the scan that it refused last, or else the next; never one without a genuine ticket.
    [[nodiscard]] Result<Overridden> override_refusal(std::size_t lane, const Actor& actor,
                                                      std::string_view reason);
    // Takes a passage back, by its nonce or its entry: the ticket is good again; nothing is lost.
    [[nodiscard]] Result<AnnulAnswer> annul(const AdmissionName& admission, const Actor& actor,
                                            std::string_view reason);
    // Takes test tickets at this lane and no others, until end_test(), a fire, another mode, or
    // Parts::longest_test. Nothing of it counts.
    [[nodiscard]] Result<TestOffer> begin_test(std::size_t lane, const Actor& actor,
                                               std::string_view reason);
    // Harmless at a lane that is not in test. Written down with the next commit.
    void end_test(std::size_t lane, const Actor& actor, std::string_view reason);
    // Writes down what else a person did; nothing moves.
    [[nodiscard]] Result<void> note(const Act& act);
    // The fire panel, beside the turnstiles' own inputs. All lanes open while any is active, before
    // anything is written down.
    void fire(FireInput panel);

    // Of the lane with this name.
    [[nodiscard]] std::optional<std::size_t> lane_named(std::string_view name) const;
    [[nodiscard]] const std::vector<Lane>& lanes() const { return lanes_; }
    // What a lane shows now.
    [[nodiscard]] LaneSign sign(std::size_t lane) const;
    // Why its turnstile is gone, or was the last time; empty: nobody knows.
    [[nodiscard]] std::string device_trouble(std::size_t lane) const;
    [[nodiscard]] const LatencyWindow& latency() const { return latency_; }
    [[nodiscard]] const LatencyHistogram& latencies() const { return latencies_; }
    [[nodiscard]] std::uint64_t scans() const { return scans_; }

private:
    struct Examined;
    struct Taken;
    struct Post;
    struct StoredMode {
        LaneMode mode = LaneMode::Normal;
        WallTime since;  // 1970: nobody ever set it
    };
    struct Cursor {
        std::string consumer;
        Watermark watermark;
    };
    using Deferred = std::variant<LaneOutcome, LaneEvent, Cursor, ListChanged, Act>;

    // gate.cpp: scans
    void tell_torn(const WaitingScan& scan);
    void process();
    void write_deferred();
    [[nodiscard]] Result<std::vector<Grant>> store(std::vector<Examined>& scans, Refusals refusals);
    [[nodiscard]] Result<void> store_one(Batch& batch, Examined& scan, std::span<Taken> taken);
    [[nodiscard]] Result<void> store_deferred(Batch& batch);
    void refuse_unrecorded(std::vector<Examined>& scans);
    void settle(std::vector<Examined>& scans, const std::vector<Grant>& grants);
    void defer(Deferred deferred);
    void note_trouble(std::string_view trouble);

    // gate_judge.cpp: who it is, and whether they may pass
    [[nodiscard]] Examined examine(WaitingScan waiting);
    [[nodiscard]] crypto::Proof proof_of(const WaitingScan& scan) const;
    void prove(Examined& scan);
    void take_ticket(Examined& scan, const crypto::VerifiedTicket& ticket);
    [[nodiscard]] Result<void> judge(Batch& batch, Examined& scan);
    [[nodiscard]] Result<TicketState> recall_own(const Batch& batch, Examined& scan, WallTime now);
    [[nodiscard]] Decision decision_on(const Examined& scan, const Policy& policy,
                                       const ClockBounds& now) const;
    [[nodiscard]] Result<void> store_claimant(Batch& batch, Examined& scan);
    [[nodiscard]] Result<void> store_refusal(Batch& batch, Examined& scan);
    [[nodiscard]] Result<void> admit(Batch& batch, Examined& scan);
    [[nodiscard]] Direction direction_of(const Examined& scan) const;
    [[nodiscard]] Decided entry_for(const Examined& scan) const;
    [[nodiscard]] Result<void> can_test(std::size_t lane) const;  // these three: gate_tests.cpp
    [[nodiscard]] Examined examine_test(WaitingScan waiting) const;
    [[nodiscard]] Result<void> store_test(Batch& batch, Examined& scan);

    // gate_venue.cpp: the venue's policy
    [[nodiscard]] const AccessList* own_list(const Examined& scan) const;
    [[nodiscard]] Policy own_policy(const Examined& scan) const;
    void replace_copies(const Examined& scan, WallTime now, TicketState& state) const;
    [[nodiscard]] Result<void> consult(Batch& batch, Examined& scan, const TicketState& state,
                                       std::uint8_t may_enter, const ClockReading& now);
    [[nodiscard]] Result<void> count_people(Batch& batch, WallTime now);

    // gate_platform.cpp: what it sells and has to hear
    void look_up(Examined& scan);
    [[nodiscard]] std::shared_ptr<Case> spare_case();
    void take_keys(const AccessBook& book);
    [[nodiscard]] bool sells(std::uint32_t event) const;
    [[nodiscard]] const std::string* event_of(const ListKey& list) const;
    [[nodiscard]] Result<void> tell_released(Batch& batch, const OpenAdmission& admission,
                                             WallTime now) const;
    [[nodiscard]] Result<void> tell_annulled(Batch& batch, const Annulment& annulment,
                                             WallTime now) const;

    // gate_rules.cpp: other rules
    void adopt_rules();
    static void part_from_credential(Post& post);
    void plan_schedules();
    [[nodiscard]] bool stands(const Examined& refused) const;

    // gate_lanes.cpp: turnstiles
    void release(Examined& scan, const Grant& grant);
    // `hold`: for the first person; 0: as the lane's.
    [[nodiscard]] Result<void> release(std::size_t lane, const Grant& grant, Released released,
                                       std::chrono::milliseconds hold);
    void signal(std::size_t lane, devices::Signal signal);
    void update_fire();
    void perform(std::size_t lane);
    void perform(std::size_t lane, ArmOrder order);
    void watch(std::size_t lane);

    // gate_signs.cpp: what the lanes show
    [[nodiscard]] LaneAnswer answer_for(const Examined& scan) const;
    void answered(std::size_t lane, LaneAnswer answer);
    void show(std::size_t lane);

    // gate_menu.cpp: staff at the lane
    [[nodiscard]] bool is_staff(const crypto::VerifiedTicket& ticket) const;
    [[nodiscard]] static std::string staff_name(const crypto::Ticket& ticket);
    [[nodiscard]] Result<void> store_login(Batch& batch, Examined& scan);
    void open_menu(const Examined& scan, protocol::Feedback& answer);
    [[nodiscard]] bool has_menu(std::size_t lane, const crypto::Identity& identity) const;
    [[nodiscard]] bool take_card(const WaitingScan& scan);
    [[nodiscard]] Result<std::string_view> run_card(std::size_t lane, StaffMenu::Choice choice,
                                                    const StaffWord& word);
    [[nodiscard]] Result<void> call_supervisor(std::size_t lane, const StaffWord& word);

    // gate_acts.cpp: staff
    using Write = std::function<Result<void>(Batch&, const ClockReading&)>;
    [[nodiscard]] Result<std::vector<Grant>> store_now(const Write& write);
    [[nodiscard]] Result<void> can_open(std::size_t lane) const;
    [[nodiscard]] Result<Overridden> override_last(std::size_t lane, const StaffWord& word);
    [[nodiscard]] Result<void> store_override(Batch& batch, Examined& scan, const StaffWord& word);
    // An override that waits for the next refusal at this lane.
    [[nodiscard]] const StaffWord* waiting_word(std::size_t lane) const;
    void remember_refusal(const Examined& scan);
    [[nodiscard]] StoredMode stored_mode(std::string_view lane) const;
    void follow_schedules();
    void follow_schedule(std::size_t lane, const ClockReading& now);

    Parts parts_;
    GateRules rules_;
    crypto::KeyRing keys_;  // of the rules, and those of the platform's events if they count
    crypto::Verifier verifier_;
    std::shared_ptr<const AccessBook> book_;  // shared with whoever made it, and with the finder
    std::map<ListKey, std::string> events_;   // of all lists that were asked in this run
    std::optional<Finder> finder_;
    std::vector<std::shared_ptr<Case>> cases_;  // shared with scans on their way; kept for its room
    std::vector<Lane> lanes_;
    std::vector<Post> posts_;
    FireInput panel_ = FireInput::Over;
    std::vector<WaitingScan> waiting_;
    std::vector<Deferred> deferred_;
    std::vector<std::int64_t> people_;  // in each area of the policy; kept for its room
    std::vector<Visit> visits_;         // of the ticket that is being decided; kept for its room
    EventSource turn_;
    EventSource flush_;
    EventSource schedule_timer_;
    LatencyWindow latency_;
    LatencyHistogram latencies_;
    std::uint64_t scans_ = 0;
    bool in_trouble_ = false;
};

}  // namespace stile
