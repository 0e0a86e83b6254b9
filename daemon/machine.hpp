// SPDX-License-Identifier: Apache-2.0
// stiled from the inside: which part gets which message. For daemon.cpp and machine_*.cpp only.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/cards/card_plan.hpp"
#include "daemon/catalog/catalog_thread.hpp"
#include "daemon/catalog/orders/orders.hpp"
#include "daemon/catalog/revocations.hpp"
#include "daemon/clock/clock.hpp"
#include "daemon/control/alarms.hpp"
#include "daemon/control/backup_desk.hpp"
#include "daemon/control/collectors.hpp"
#include "daemon/control/gate_watch.hpp"
#include "daemon/control/hub.hpp"
#include "daemon/control/outbox.hpp"
#include "daemon/control/reports.hpp"
#include "daemon/control/staff_desk.hpp"
#include "daemon/control/staff_directory.hpp"
#include "daemon/daemon.hpp"
#include "daemon/lane/gate.hpp"
#include "daemon/lane_lamps.hpp"
#include "daemon/ledger/scrubber.hpp"
#include "daemon/runtime/bounded_queue.hpp"
#include "daemon/runtime/rate_limit.hpp"
#include "daemon/site_devices.hpp"
#include "daemon/site_reload.hpp"
#include "daemon/site_rules.hpp"
#include "daemon/stores.hpp"

namespace stile {

inline constexpr std::string_view kSoftware = "stile " STILE_VERSION;

[[nodiscard]] RoleGroups role_groups(const config::Roles& roles);
// Without a policy old lists do no harm that it names, but somebody should know.
[[nodiscard]] ListLimits list_limits(const std::optional<AccessPolicy>& policy);

// Thread-bound to the gate thread.
class Machine final : public Daemon {
public:
    Machine(Rules rules, EventLoop& loop, std::unique_ptr<Clock> clock, Stores stores,
            std::uint64_t boot);
    [[nodiscard]] Result<void> open_doors();
    void panel_signal(devices::Signal signal) override;
    void reload() override;
    void stop() override;

private:
    [[nodiscard]] Hub::Handlers hub_handlers();
    void begin();
    [[nodiscard]] Outbox::Callbacks outbox_callbacks();
    [[nodiscard]] Gate::Parts gate_parts();
    [[nodiscard]] std::optional<std::chrono::seconds> list_age(LoadOf event, WallTime now);
    void take_book(Result<std::shared_ptr<const AccessBook>> book);
    void note_orders();
    [[nodiscard]] Result<RevocationFacts> revocation_facts(const crypto::Ticket& ticket);

    void knock(PeerId peer, const protocol::Peer& who);
    [[nodiscard]] Result<void> join(const PeerInfo& peer);
    void leave(const PeerInfo& peer);
    void receive(const PeerInfo& peer, protocol::Received&& received);
    void take(const PeerInfo& peer, protocol::Scan&& scan);
    void refuse_flood(const PeerInfo& peer, std::uint64_t scan);
    void make_card_corners();
    void take_card_rules();
    void take(const PeerInfo& peer, const protocol::CardPresent& card);
    void take(const PeerInfo& peer, const protocol::CardAnswer& answer);
    void take(const PeerInfo& peer, const protocol::CardGone& gone);
    void submit_card(const std::string& reader, SeenCard seen);
    [[nodiscard]] CardPlan card_plan(const std::string& reader, const protocol::CardPresent& card);
    [[nodiscard]] std::size_t lane_of(const config::Reader& reader) const;
    void reader_silent(const std::string& name);
    void take(const PeerInfo& peer, const protocol::ReaderHealth& health);
    void take(const PeerInfo& peer, const protocol::Follow& follow);
    void take(const PeerInfo& peer, const protocol::Acknowledge& acknowledge);
    void take(const PeerInfo& peer, const protocol::Stored& stored);
    void take(const PeerInfo& peer, const protocol::Fetch& fetch);
    void leave_old_numbers(std::string_view who, const Watermark& mark);
    void take(const PeerInfo& peer, const protocol::LinkState& link);
    void take(const PeerInfo& peer, const protocol::CatalogOffer& offer, UniqueFd file);
    void take(const PeerInfo& peer, const protocol::Command& command);
    void take(const PeerInfo& peer, const protocol::Tail& tail);
    void take(const PeerInfo& peer, const protocol::Watch& watch);
    [[nodiscard]] Result<void> back_up(const PeerInfo& peer, std::uint32_t request,
                                       const std::string& folder);
    struct ReloadWish {
        Actor actor;
        PeerId peer = 0;  // 0: a signal
        std::uint32_t request = 0;
    };
    [[nodiscard]] Result<void> reload(const PeerInfo& peer, std::uint32_t request);
    void read_site();
    void take_reading();
    [[nodiscard]] Result<std::vector<config::Change>> take_over(Reading reading,
                                                                const Actor& actor);
    void part_from_staff();
    void log_reload(const Actor& actor, const Result<std::vector<config::Change>>& taken);
    [[nodiscard]] std::string config_digest() const { return config_digest(site_); }
    [[nodiscard]] static std::string config_digest(const config::Site& site);

    void backup_ended(PeerId peer, std::uint32_t request, const Result<BackupMade>& made);
    [[nodiscard]] Result<std::string> begin_test(const PeerInfo& peer, const std::string& lane,
                                                 const std::string& reason);
    void end_tests_of(const PeerInfo& peer);
    static void log_act(const Caller& caller, const protocol::Command& command,
                        const protocol::CommandResult& result);
    void tick();

    static void decided(const Decided& entry);
    void lane_event(const LaneEvent& event);
    void lane_changed(const Lane& lane);
    void lane_shows(std::size_t lane, const LaneSign& sign);
    void after_commit();
    void pump();
    void ledger_trouble(std::string_view trouble);
    void tell_damage();
    void scrub();
    void catalog_events();
    void take(const ImportProgress& progress);
    void take(const ImportOutcome& outcome);
    void take(const OrdersOutcome& outcome);
    void answer(std::uint32_t job, protocol::CatalogOutcome outcome, std::string text);
    void watch_clock();
    void report_all();
    void report_health();
    void report_counts();
    void report_soon();
    void send_report(protocol::Subject subject, const std::string& name, std::string body);
    [[nodiscard]] GateReport report() const;
    [[nodiscard]] ReaderReport* reader(std::string_view name);

    Rules rules_;  // by which the gate decides now
    const config::Site& site_ = rules_.site;
    EventLoop& loop_;
    const std::unique_ptr<Clock> clock_;
    const std::uint64_t boot_;
    const std::int64_t started_ns_ = EventLoop::monotonic_ns();
    Stores stores_;
    mutable Revocations revocations_;  // caches the list's description
    Orders orders_;
    std::shared_ptr<const AccessBook> book_;  // shared with the gate; null: none that can be read
    Alarms alarms_;
    GateWatch watch_;
    // Of the platform's events that the site file names: when their orders came, if they did.
    std::map<std::string, std::optional<std::chrono::sys_seconds>> orders_came_;
    SiteDevices devices_;
    LaneLamps lamps_;
    Gate gate_;
    std::unique_ptr<devices::GpioInputs> fire_panel_;  // null: the site has none
    StaffDesk desk_;
    RoleGroups roles_;
    StaffDirectory staff_;
    Hub hub_;
    Outbox outbox_;
    Collectors collectors_;
    BoundedQueue<CatalogEvent> catalog_events_{256};
    std::map<std::uint32_t, std::pair<PeerId, std::uint32_t>>
        catalog_jobs_;  // job -> who asked, request
    std::uint32_t next_job_ = 1;
    // As they were logged last.
    std::map<std::string, std::pair<LaneMode, LaneUse>, std::less<>> known_modes_;
    std::map<std::size_t, PeerId> testers_;  // who put a lane in test last
    std::vector<ReaderReport> readers_;
    std::map<std::string, RateLimit, std::less<>> scan_limits_;  // by reader
    RateLimit flood_words_ = RateLimit::per_second(1);           // about floods, in the journal
    std::vector<std::pair<std::size_t, PeerId>> viewers_;        // who watches which lane
    // Of one reader; made once, so that a connection may end in the middle of a dialogue.
    struct CardCorner {
        explicit CardCorner(CardDesk::Parts parts) : desk{std::move(parts)} {}
        PeerId peer = 0;
        std::shared_ptr<const CardSite> site;  // by which the card is asked; shared with others
        CardDesk desk;
    };
    std::shared_ptr<const CardSite> card_site_;  // shared with cards that are being heard out
    std::map<std::string, CardCorner, std::less<>> card_corners_;  // by reader
    RateLimit silence_words_ = RateLimit::per_second(1);           // likewise
    LinkReport link_;
    std::string ledger_trouble_;
    std::optional<std::pair<ClockQuality, ClockDoubt>> clock_state_;  // as it was logged last
    Scrubber scrubber_{stores_.ledger.environment()};
    std::size_t bad_rows_ = 0;  // of the last whole round, or more
    std::string bad_row_;       // the newest of them
    EventSource scrub_timer_;
    EventSource health_timer_;
    EventSource count_timer_;
    EventSource lanes_timer_;
    EventSource tail_turn_;
    EventSource tick_timer_;
    std::vector<ReloadWish> reload_wishes_;  // for the next reading
    std::vector<ReloadWish> reloading_;      // for the one that is under way
    BackupDesk backups_;                     // these last: their threads end before what they use
    CatalogThread catalog_thread_;
    SiteReader site_reader_;
};

}  // namespace stile
