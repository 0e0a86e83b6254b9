// SPDX-License-Identifier: Apache-2.0
// The gate thread's work: take the waiting scans, decide, commit once, release.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "crypto/hash.hpp"
#include "crypto/verifier.hpp"
#include "daemon/core/decide.hpp"
#include "daemon/lane/lane.hpp"
#include "daemon/lane/latency.hpp"
#include "daemon/ledger/ledger.hpp"
#include "daemon/protocol/messages.hpp"
#include "daemon/runtime/event_loop.hpp"
#include "devices/turnstile/turnstile.hpp"

namespace stile {

// A scan, and where its answer goes.
struct WaitingScan {
    std::size_t lane = 0;
    std::string reader;
    protocol::Scan scan;
    std::function<void(const protocol::Feedback&)> answer;
};

struct LaneSetup {
    std::string name;
    Direction direction = Direction::Entry;
    std::chrono::milliseconds passage_timeout{8000};
    std::unique_ptr<devices::Turnstile> turnstile;
};

// Thread-bound to the loop. Blocks for one commit a batch and for nothing else.
class Gate {
public:
    struct Parts {
        EventLoop& loop;
        Ledger& ledger;
        Clock& clock;
        const crypto::KeyRing& keys;
        crypto::EventSecret secret{};
        Policy policy;
        // Is this ticket on the revocation list? Errors refuse the ticket (fail closed).
        std::function<Result<RevocationFacts>(const crypto::Ticket&)> revocations;
        // A scan was decided; told after the turnstiles have moved and the readers know.
        std::function<void(const Decided&)> on_decided;
        // New entries are durable.
        std::function<void()> on_committed;
        // Told once when the ledger stops or begins to store entries: an empty text means it works.
        std::function<void(std::string_view)> on_ledger_trouble;
    };
    static constexpr std::size_t kMostWaitingALane = 16;

    Gate(Parts parts, std::vector<LaneSetup> lanes);

    // Puts a scan in line; it is decided with all others that wait, once no more events are ready.
    // When 16 wait at its lane already, it is answered `wait` at once.
    void submit(WaitingScan scan);
    // Written with the next commit, at most 100 ms from now.
    void record(ListChanged change);
    void acknowledge(std::string consumer, Watermark watermark);
    // Writes what waits. For a clean stop; open admissions stay open.
    void flush();

    [[nodiscard]] const std::vector<Lane>& lanes() const { return lanes_; }
    [[nodiscard]] const LatencyWindow& latency() const { return latency_; }
    [[nodiscard]] const LatencyHistogram& latencies() const { return latencies_; }
    [[nodiscard]] std::uint64_t scans() const { return scans_; }

private:
    struct Examined;
    struct Cursor {
        std::string consumer;
        Watermark watermark;
    };
    using Deferred = std::variant<LaneOutcome, Cursor, ListChanged>;

    void process();
    [[nodiscard]] Examined examine(WaitingScan waiting);
    [[nodiscard]] Result<std::vector<Grant>> store(std::vector<Examined>& scans, Refusals refusals);
    [[nodiscard]] Result<void> store_one(Batch& batch, Examined& scan,
                                         std::vector<bool>& lane_taken);
    [[nodiscard]] Result<void> store_ticket(Batch& batch, Examined& scan);
    [[nodiscard]] Result<void> store_deferred(Batch& batch);
    void refuse_unrecorded(std::vector<Examined>& scans);
    void settle(std::vector<Examined>& scans, const std::vector<Grant>& grants);
    void release(Examined& scan, const Grant& grant);
    void close_lane(std::size_t lane, std::optional<LaneOutcome> outcome);
    void defer(Deferred deferred);
    void note_trouble(std::string_view trouble);
    [[nodiscard]] Decided entry_for(const Examined& scan) const;

    Parts parts_;
    crypto::Verifier verifier_;
    std::vector<Lane> lanes_;
    std::vector<LaneSetup> setups_;
    std::vector<EventSource> time_outs_;
    std::vector<WaitingScan> waiting_;
    std::vector<Deferred> deferred_;
    std::vector<Visit> visits_;  // of the ticket that is being decided; kept for its room
    EventSource turn_;
    EventSource flush_;
    LatencyWindow latency_;
    LatencyHistogram latencies_;
    std::uint64_t scans_ = 0;
    bool in_trouble_ = false;
};

}  // namespace stile
