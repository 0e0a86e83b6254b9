// SPDX-License-Identifier: Apache-2.0
// The site file is read anew: by SIGHUP, or because a maintainer asks.
#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "daemon/machine.hpp"
#include "daemon/runtime/log.hpp"
#include "daemon/runtime/message_id.hpp"
#include "daemon/runtime/notify.hpp"
#include "daemon/site_lanes.hpp"

namespace stile {
namespace {

using config::Change;
using config::InForce;
using protocol::CommandOutcome;

constexpr std::size_t kMostWishes = 64;
constexpr std::size_t kReasonRoom = 63;  // of an entry's text

bool counts_now(const Change& change) {
    return change.when == InForce::AtOnce;
}

bool is_of_roles(const Change& change) {
    return change.what.starts_with("roles.");
}

// "lane east: new (restart stile.target)"
std::string later_text(const Change& change) {
    return fmt::format("{} (restart {})", change.what, change.unit);
}

}  // namespace

void Machine::reload() {
    const bool waits =
        std::ranges::find(reload_wishes_, PeerId{0}, &ReloadWish::peer) != reload_wishes_.end();
    if (!waits) reload_wishes_.push_back({.actor = {"signal", "signal"}});
    read_site();
}

Result<void> Machine::reload(const PeerInfo& peer, std::uint32_t request) {
    if (reload_wishes_.size() >= kMostWishes)
        return fail(Errc::Invalid, "many ask for it already; try again in a moment");
    const std::string role{peer.caller.role ? name_of(*peer.caller.role) : ""};
    log::notice(peer.caller.person + " asks for the site file to be read anew",
                {{"PERSON", peer.caller.person}});
    reload_wishes_.push_back({{peer.caller.person, role}, peer.id, request});
    read_site();
    return {};
}

// Whoever asks while a reading is under way gets the next one: theirs may have missed the change.
void Machine::read_site() {
    if (site_reader_.is_busy() || reload_wishes_.empty()) return;
    reloading_ = std::exchange(reload_wishes_, {});
    notify::reloading();
    site_reader_.start({rules_, card_site_->keys, orders_, book_});
}

void Machine::take_reading() {
    auto reading = site_reader_.collect();
    if (!reading) return;
    const auto wishes = std::exchange(reloading_, {});
    const auto person =
        std::ranges::find_if(wishes, [](const auto& wish) { return wish.peer != 0; });
    const Actor& actor = (person == wishes.end() ? wishes.front() : *person).actor;
    const auto taken = *reading ? take_over(std::move(**reading), actor)
                                : Result<std::vector<Change>>{std::unexpect, reading->error()};
    log_reload(actor, taken);
    const CommandOutcome outcome = taken ? CommandOutcome::Done : CommandOutcome::Failed;
    const std::string text = taken
                                 ? reload_json(*taken, config_digest())
                                 : "refused, the gate goes on as before: " + taken.error().context;
    for (const ReloadWish& wish : wishes) {
        if (wish.peer != 0)
            hub_.send(wish.peer, protocol::CommandResult{wish.request, outcome, text});
    }
    if (taken && std::ranges::any_of(*taken, is_of_roles)) part_from_staff();
    notify::ready();
    read_site();
}

// Written down first; between that and the last line no scan is looked at.
Result<std::vector<Change>> Machine::take_over(Reading reading, const Actor& actor) {
    std::vector<Change> changes = std::move(reading.changes);
    if (std::ranges::any_of(changes, counts_now)) {
        const std::string digest = config_digest(reading.rules.site);
        const Act act{.what = ActKind::Reload,
                      .person = actor.person,
                      .role = actor.role,
                      .reason = fmt::format("{}: {}", digest,
                                            about(changes, kReasonRoom - digest.size() - 2))};
        if (auto noted = gate_.note(act); !noted)
            return fail("it cannot be recorded", std::move(noted.error()));
    }
    rules_ = std::move(reading.rules);
    gate_.take_rules(std::move(reading.for_gate));
    take_card_rules();
    roles_ = role_groups(site_.roles);
    staff_.take_groups(roles_);
    watch_.take_limits(list_limits(rules_.policy));
    for (const config::Reader& reader : site_.readers)
        scan_limits_.insert_or_assign(reader.name, RateLimit::per_second(reader.most_scans));
    note_orders();
    report_soon();
    return changes;
}

// Their roles are those of the old groups, or will be when they are found out; whoever has one
// still comes in again.
void Machine::part_from_staff() {
    gate_.forget_words();
    hub_.drop_all(protocol::Role::Control, protocol::Parting::Done,
                  "the roles are other ones now; ask again");
}

void Machine::log_reload(const Actor& actor, const Result<std::vector<Change>>& taken) {
    const log::Field who{"PERSON", actor.person};
    if (!taken) {
        log::warning("the site file was read anew and refused, going on with the old one: " +
                         taken.error().context,
                     {log::message_id(log::kReloadRefused), who});
        if (ledger_trouble_.empty())
            notify::status("ready; a reload was refused: " + taken.error().context);
        return;
    }
    std::vector<std::string> now;
    std::vector<std::string> later;
    for (const Change& change : *taken)
        (counts_now(change) ? now : later)
            .push_back(counts_now(change) ? change.what : later_text(change));
    log::notice(fmt::format("the site file was read anew ({}): in force now: {}{}{}", actor.person,
                            now.empty() ? "nothing new" : fmt::to_string(fmt::join(now, ", ")),
                            later.empty() ? "" : "; later: ", fmt::join(later, ", ")),
                {log::message_id(log::kReloaded), who, {"CONFIG", config_digest()}});
    if (!ledger_trouble_.empty()) return;
    const std::string all = about(*taken, 200);
    notify::status(fmt::format("ready; read anew: {}{}", all.empty() ? "nothing new" : all,
                               later.empty() ? "" : "; the rest needs a restart"));
}

}  // namespace stile
