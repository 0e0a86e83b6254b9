// SPDX-License-Identifier: Apache-2.0
// What the machine says about itself, to stile-sync and to stilectl.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "daemon/config/gate_number.hpp"
#include "daemon/control/host_figures.hpp"
#include "daemon/machine.hpp"
#include "daemon/runtime/log.hpp"
#include "daemon/runtime/message_id.hpp"

namespace stile {
namespace {

constexpr std::chrono::milliseconds kReportDelay{200};

// Of the oldest entry that the broker, or one of the collectors, has not acknowledged.
std::chrono::seconds outbox_age(const Ledger& ledger, const std::optional<Watermark>& collectors,
                                WallTime now) {
    const Watermark mark = collectors ? *collectors : ledger.cursor("mqtt").value_or(Watermark{});
    const auto run = ledger.entries_after(mark, 1);
    if (!run || run->entries.empty()) return {};
    const auto entry = decode_entry(run->entries.front());
    if (!entry || entry->time > now) return {};
    return std::chrono::floor<std::chrono::seconds>(now - entry->time);
}

}  // namespace

void Machine::send_report(protocol::Subject subject, const std::string& name, std::string body) {
    hub_.send_all(protocol::Role::Sync, protocol::Report{subject, name, std::move(body)});
}

// A moment later, so that a reader that comes and goes makes few messages.
void Machine::report_soon() {
    if (!lanes_timer_) lanes_timer_ = loop_.after(kReportDelay, [this] { report_all(); });
}

void Machine::lane_event(const LaneEvent& event) {
    const std::string name{name_of(event.what)};
    const auto lane = gate_.lane_named(event.lane);
    const bool gone = event.what == LaneEventKind::DeviceGone && lane;
    const std::string why = gone ? gate_.device_trouble(*lane) : std::string{};
    log::warning(fmt::format("lane {}: {}{}{}", event.lane, name, why.empty() ? "" : ": ", why),
                 {log::message_id(log::kLaneTrouble), {"LANE", event.lane}, {"EVENT", name}});
    alarms_.take(event, clock_->now().time, why);
}

// Of the panel's own contact. One that is gone has not said that the fire is over, nor that there
// is none.
void Machine::panel_signal(devices::Signal signal) {
    const WallTime now = clock_->now().time;
    if (signal == devices::Signal::FireOn) return gate_.fire(FireInput::Active);
    if (signal == devices::Signal::FireOff) return gate_.fire(FireInput::Over);
    if (signal == devices::Signal::Back) {
        log::notice("the fire panel's contact can be read again",
                    {log::message_id(log::kFirePanel)});
        return alarms_.set(kFireInputGoneAlarm, {}, now);
    }
    if (signal != devices::Signal::Gone) return;
    const std::string& why = fire_panel_->trouble();
    log::error("the fire panel's contact cannot be read: " + why,
               {log::message_id(log::kFirePanel)});
    alarms_.set(kFireInputGoneAlarm, why.empty() ? "it cannot be read" : why, now);
}

void Machine::lane_changed(const Lane& lane) {
    const std::pair usual{LaneMode::Normal, LaneUse::Guests};
    auto& known = known_modes_.try_emplace(lane.name(), usual).first->second;
    if (known.second != lane.use()) {
        const bool test = lane.use() == LaneUse::Test;
        log::notice(
            fmt::format("lane {} {}", lane.name(),
                        test ? "is being tested, and no guests pass" : "is no longer being tested"),
            {log::message_id(log::kLaneMode), {"LANE", lane.name()}});
    }
    if (known.first != lane.mode()) {
        const std::string mode{name_of(lane.mode())};
        log::notice(fmt::format("lane {} is in mode {}", lane.name(), mode),
                    {log::message_id(log::kLaneMode), {"LANE", lane.name()}, {"MODE", mode}});
    }
    known = {lane.mode(), lane.use()};
    report_soon();
}

void Machine::report_all() {
    lanes_timer_.reset();
    const GateReport all = report();
    send_report(protocol::Subject::Info, {}, info_json(all));
    for (const LaneReport& lane : all.lanes)
        send_report(protocol::Subject::Lane, lane.name, lane_json(all, lane));
}

void Machine::watch_clock() {
    const ClockReading now = clock_->now();
    const std::pair state{now.quality, now.doubt};
    if (clock_state_ == state) return;
    clock_state_ = state;
    const auto text = fmt::format("the clock is {}{}{}", name_of(now.quality),
                                  now.doubt == ClockDoubt::None ? "" : ". ", advice_on(now.doubt));
    const auto level = now.doubt == ClockDoubt::None ? log::Level::Notice : log::Level::Warning;
    log::write(level, text,
               {log::message_id(log::kClockChanged), {"CLOCK", std::string{name_of(now.quality)}}});
}

void Machine::report_health() {
    watch_clock();
    GateReport all = report();
    all.temperature_c = temperature_c();
    send_report(protocol::Subject::Health, {}, health_json(all));
}

void Machine::report_counts() {
    count_timer_.reset();
    send_report(protocol::Subject::Count, {}, count_json(report()));
}

std::string Machine::config_digest(const config::Site& site) {
    return to_hex(Bytes{crypto::sha256({as_bytes(site.text)})}.first(8));
}

GateReport Machine::report() const {
    GateReport out{
        .venue = site_.site.venue,
        .gate = site_.site.gate,
        .gate_number = config::gate_number(site_.site),
        .boot = boot_,
        .software = std::string{kSoftware},
        .config_digest = config_digest(),
        .clock = clock_->now(),
        .up = std::chrono::seconds{(EventLoop::monotonic_ns() - started_ns_) / 1'000'000'000},
        .ledger = stores_.ledger.head(),
        .ledger_bytes = stores_.ledger.used_bytes(),
        .ledger_map_bytes = static_cast<std::uint64_t>(site_.ledger.map_mib) << 20,
        .disk_free_bytes = disk_free_bytes(site_.paths.state),
        .unresolved = stores_.ledger.unresolved(),
        .ledger_trouble = ledger_trouble_,
        .ledger_damage = stores_.ledger_damage,
        .catalog_damage = stores_.catalog_damage,
        .bad_rows = bad_rows_,
        .bad_row = bad_row_,
        .alarms = alarms_.raised(),
        .scans = gate_.scans(),
        .latency_p50_us = gate_.latency().quantile(0.5),
        .latency_p99_us = gate_.latency().quantile(0.99),
        .latencies = gate_.latencies(),
        .sync = link_,
        .readers = readers_};
    out.sync.outbox_depth = collectors_.empty() ? outbox_.depth("mqtt") : collectors_.depth();
    out.sync.outbox_age = outbox_age(stores_.ledger, collectors_.lowest(), out.clock.time);
    for (const auto& [event, came] : orders_came_) {
        OrdersReport& orders = out.orders.emplace_back(OrdersReport{event, {}});
        if (came) orders.age = std::chrono::floor<std::chrono::seconds>(out.clock.time) - *came;
    }
    if (const auto newest = backups_.newest())
        out.backup_age = std::chrono::floor<std::chrono::seconds>(out.clock.time - *newest);
    for (const Lane& lane : gate_.lanes()) {
        if (lane.busy()) ++out.open_admissions;
        out.lanes.push_back({.name = lane.name(),
                             .direction = lane.direction(),
                             .open = lane.busy(),
                             .mode = lane.mode(),
                             .use = lane.use(),
                             .until = desk_.until(lane.name()),
                             .state = lane.state(),
                             .counts = lane.counts(),
                             .last_event = lane.last_event()});
    }
    if (const auto list = revocations_.list(); list && list->generation != 0) {
        const auto age =
            std::chrono::floor<std::chrono::seconds>(out.clock.time) - list->imported_at;
        out.revocations = {list->generation, list->lines, age.count()};
    }
    return out;
}

}  // namespace stile
