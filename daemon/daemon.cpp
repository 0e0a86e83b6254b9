// SPDX-License-Identifier: Apache-2.0
// Makes every part of the daemon and wires them together.
#include "daemon/daemon.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "daemon/config/gate_number.hpp"
#include "daemon/machine.hpp"
#include "daemon/runtime/log.hpp"
#include "daemon/runtime/message_id.hpp"
#include "daemon/runtime/notify.hpp"
#include "daemon/site_lanes.hpp"

namespace stile {
namespace {
using protocol::Role;

constexpr std::chrono::seconds kScrubPeriod{1};
constexpr std::size_t kScrubRows = 200;

std::uint64_t random_number() {
    std::array<std::uint8_t, 8> bytes{};
    crypto::fill_random(bytes);
    return ByteReader{bytes}.number<std::uint64_t>();
}

std::vector<std::string> names_of(const std::vector<config::Lane>& lanes) {
    std::vector<std::string> names;
    for (const config::Lane& lane : lanes)
        names.push_back(lane.name);
    return names;
}

std::vector<Alarms::ReaderPlace> places_of(const std::vector<config::Reader>& readers) {
    std::vector<Alarms::ReaderPlace> places;
    for (const config::Reader& reader : readers)
        places.push_back({reader.name, reader.lane});
    return places;
}

}  // namespace

RoleGroups role_groups(const config::Roles& roles) {
    return {roles.viewer, roles.operators, roles.supervisor, roles.security, roles.maintainer};
}

ListLimits list_limits(const std::optional<AccessPolicy>& policy) {
    if (!policy) return {};
    using Never = ListLimits::Never;
    const Freshness& fresh = policy->freshness;
    return {.oldest = fresh.max_age,
            .never = fresh.when_stale == Doubt::Admit ? Never::Fine : Never::Stale};
}

Machine::Machine(Rules rules, EventLoop& loop, std::unique_ptr<Clock> clock, Stores stores,
                 std::uint64_t boot)
    : rules_{std::move(rules)},
      loop_{loop},
      clock_{std::move(clock)},
      boot_{boot},
      stores_{std::move(stores)},
      revocations_{stores_.catalog},
      orders_{stores_.catalog},
      alarms_{names_of(site_.lanes), places_of(site_.readers),
              [this](const Alarm& alarm) {
                  send_report(protocol::Subject::Alarm, alarm.code, alarm_json(alarm));
              }},
      watch_{alarms_, list_limits(rules_.policy)},
      devices_{loop},
      lamps_{site_, devices_},
      gate_{gate_parts(), lanes_of(site_, devices_)},
      fire_panel_{devices_.fire_panel(site_.fire)},
      desk_{gate_, stores_.ledger, *clock_},
      roles_{role_groups(site_.roles)},
      staff_{loop, {.groups = roles_}},
      hub_{loop,
           {.venue = site_.site.venue,
            .gate = site_.site.gate,
            .gate_number = config::gate_number(site_.site),
            .epoch = stores_.ledger.head().epoch,
            .boot = boot,
            .software = std::string{kSoftware}},
           hub_handlers()},
      outbox_{stores_.ledger, outbox_callbacks()},
      collectors_{stores_.ledger, site_.mqtt.collectors,
                  [this](const std::string& consumer, const Watermark& mark) {
                      gate_.acknowledge(consumer, mark);
                  }},
      backups_{loop,
               stores_.ledger.environment(),
               {.home = std::filesystem::path{site_.paths.state} / "backups",
                .gate = site_.site.gate,
                .software = std::string{kSoftware}}},
      catalog_thread_{stores_.catalog, catalog_folder(site_),
                      [this](CatalogEvent event) {
                          if (catalog_events_.push(std::move(event))) loop_.wake();
                      }},
      site_reader_{loop} {
    for (const config::Reader& r : site_.readers) {
        readers_.push_back({.name = r.name, .lane = r.lane, .kind = r.kind});
        scan_limits_.emplace(r.name, RateLimit::per_second(r.most_scans));
    }
    take_card_rules();
    make_card_corners();
    begin();
}

void Machine::begin() {
    for (std::size_t lane = 0; lane < gate_.lanes().size(); ++lane)
        lamps_.show(lane, gate_.sign(lane));
    if (fire_panel_)
        fire_panel_->on_signal([this](devices::Signal signal) { panel_signal(signal); });
    loop_.on_wake([this] {
        catalog_events();
        backups_.collect();
        take_reading();
    });
    tick_timer_ = loop_.every(std::chrono::seconds{1}, [this] { tick(); });
    health_timer_ = loop_.every(site_.mqtt.health_period, [this] { report_health(); });
}

Outbox::Callbacks Machine::outbox_callbacks() {
    return {
        [this](PeerId peer, const protocol::Entries& entries) { return hub_.send(peer, entries); },
        [this](const std::string& consumer, const Watermark& mark) {
            gate_.acknowledge(consumer, mark);
        },
        [this](PeerId peer, const Error& why) {
            hub_.drop(peer, protocol::Parting::Done, why.context);
        },
        [this](PeerId peer, const Watermark& mark) {
            hub_.send(peer, protocol::Position{mark.epoch, mark.seq});
        }};
}

Hub::Handlers Machine::hub_handlers() {
    return {[this](PeerId peer, const protocol::Peer& who) { knock(peer, who); },
            [this](const PeerInfo& peer) { return join(peer); },
            [this](const PeerInfo& peer) { leave(peer); },
            [this](const PeerInfo& peer, protocol::Received&& received) {
                receive(peer, std::move(received));
            }};
}

Gate::Parts Machine::gate_parts() {
    return {
        .loop = loop_,
        .ledger = stores_.ledger,
        .clock = *clock_,
        .secret = stores_.secret,
        .rules = gate_rules(rules_, orders_),
        .list_age = [this](LoadOf event, WallTime now) { return list_age(event, now); },
        .revocations = [this](const crypto::Ticket& ticket) { return revocation_facts(ticket); },
        .on_decided = decided,
        .on_committed = [this] { after_commit(); },
        .on_ledger_trouble = [this](std::string_view trouble) { ledger_trouble(trouble); },
        .on_lane_event = [this](const LaneEvent& event) { lane_event(event); },
        .on_lane_changed = [this](const Lane& lane) { lane_changed(lane); },
        .on_sign = [this](std::size_t lane, const LaneSign& sign) { lane_shows(lane, sign); }};
}

Result<RevocationFacts> Machine::revocation_facts(const crypto::Ticket& ticket) {
    if (!stores_.catalog_damage.empty()) return fail(Errc::Corrupt, stores_.catalog_damage);
    const auto status = revocations_.look_up(ticket);
    alarms_.set(kListsUnreadableAlarm, status ? "" : status.error().context, clock_->now().time);
    if (!status) {
        log::error("the revocation list cannot be read; all tickets are refused: " +
                       status.error().context,
                   {log::message_id(log::kListUnreadable)});
        return std::unexpected{status.error()};
    }
    return RevocationFacts{
        status->revoked ? RevocationFacts::List::Revoked : RevocationFacts::List::Clear,
        status->lowest_valid_reissue};
}

// Of an event of the platform its orders must be there; of the two lists the older counts.
std::optional<std::chrono::seconds> Machine::list_age(LoadOf event, WallTime now) {
    std::optional<std::chrono::seconds> oldest;
    const auto add = [&](std::chrono::sys_seconds at) {
        const auto age = std::chrono::floor<std::chrono::seconds>(now) - at;
        oldest = std::max(oldest.value_or(std::chrono::seconds{0}), age);
    };
    const auto list = revocations_.list();
    if (list && list->generation != 0) add(list->imported_at);
    if (!event) return oldest;
    const auto view = orders_.view();
    const auto load = view ? view->load(event) : Result<Load>{};
    if (!load || load->number == 0) return std::nullopt;
    add(load->loaded_at);
    return oldest;
}

// A book that cannot be read, or must not be believed, refuses everybody whom it is about.
void Machine::take_book(Result<std::shared_ptr<const AccessBook>> book) {
    if (!stores_.catalog_damage.empty()) return;
    if (!book) {
        log::error("the platform's lists cannot be read: " + book.error().context,
                   {log::message_id(log::kListUnreadable)});
        book_.reset();
        return gate_.take_book({});
    }
    for (const std::string& warning : (*book)->warnings())
        log::warning(warning);
    book_ = std::move(*book);
    gate_.take_book(book_);
}

Result<void> Machine::open_doors() {
    take_book(load_access_book(stores_.catalog));
    note_orders();
    const Hub::Door doors[] = {{.path = site_.socket("reader.sock"),
                                .role = Role::Reader,
                                .mode = 0666,
                                .user = site_.sockets.reader_user},
                               {.path = site_.socket("sync.sock"),
                                .role = Role::Sync,
                                .mode = 0666,
                                .user = site_.sockets.sync_user},
                               {.path = site_.socket("display.sock"),
                                .role = Role::Viewer,
                                .mode = 0666,
                                .user = site_.sockets.display_user},
                               {.path = site_.socket("control.sock"),
                                .role = Role::Control,
                                .mode = 0666,  // whoever comes in is asked for a role
                                .user = std::nullopt}};
    for (const Hub::Door& door : doors) {
        if (auto opened = hub_.open(door); !opened) return opened;
    }
    log::info(fmt::format("gate {}/{} is ready: {} lanes, {} issuer keys, ledger at entry {}",
                          site_.site.venue, site_.site.gate, site_.lanes.size(),
                          rules_.keys.records().size(), stores_.ledger.head().seq),
              {log::message_id(log::kGateReady)});
    if (stores_.ledger.unresolved() > 0) {
        log::warning(
            fmt::format("{} admissions were open when the last run ended; they count as entered",
                        stores_.ledger.unresolved()),
            {log::message_id(log::kUnresolved)});
    }
    watch_clock();
    notify::status("ready");
    tell_damage();
    return {};
}

// No restart mends a damaged file, so the gate runs, refuses, and says why.
void Machine::tell_damage() {
    for (const std::string* damage : {&stores_.ledger_damage, &stores_.catalog_damage}) {
        if (!damage->empty())
            log::error("damaged, so nobody is admitted: " + *damage,
                       {log::message_id(log::kLedgerDamaged)});
    }
    const WallTime now = clock_->now().time;
    alarms_.set(kLedgerDamagedAlarm, stores_.ledger_damage, now);
    alarms_.set(kListsUnreadableAlarm, stores_.catalog_damage, now);
    if (!stores_.ledger_damage.empty()) ledger_trouble(stores_.ledger_damage);
    scrub_timer_ = loop_.every(kScrubPeriod, [this] { scrub(); });
}

// A few rows at a time, in less time than a commit takes.
void Machine::scrub() {
    const std::size_t before = scrubber_.bad().size();
    const auto done = scrubber_.step(kScrubRows);
    if (!done) log::error("the ledger cannot be read again: " + done.error().context);
    const std::size_t bad = scrubber_.bad().size();
    const bool complete = done && *done == Scrubber::Progress::Complete;
    bad_rows_ = complete ? bad : std::max(bad_rows_, bad);
    if (bad <= before) return;
    bad_row_ = scrubber_.bad().back();
    log::error("damaged, so its ticket is refused: " + bad_row_,
               {log::message_id(log::kLedgerDamaged)});
}

void Machine::stop() {
    gate_.flush();
}

Result<std::unique_ptr<Daemon>> Daemon::make(Rules rules, EventLoop& loop,
                                             std::unique_ptr<Clock> clock) {
    const std::uint64_t boot = random_number();
    auto stores = open_stores(rules.site, boot, kSoftware, *clock);
    if (!stores) return std::unexpected{std::move(stores.error())};
    auto machine = std::make_unique<Machine>(std::move(rules), loop, std::move(clock),
                                             std::move(*stores), boot);
    if (auto opened = machine->open_doors(); !opened)
        return std::unexpected{std::move(opened.error())};
    return machine;
}

}  // namespace stile
