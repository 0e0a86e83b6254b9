// SPDX-License-Identifier: Apache-2.0
// The site file, and what it names that people made: keys, secret, policy, languages, schedule.
#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "daemon/doctor/checks.hpp"
#include "daemon/doctor/words.hpp"
#include "daemon/runtime/secret_file.hpp"

namespace stile::doctor {
namespace {

constexpr std::chrono::days kSoon{14};
constexpr std::string_view kAskForKeys = "Ask the organiser for the present keys.toml";

bool is_usable(const crypto::KeyRecord& key, std::chrono::sys_seconds now) {
    return key.status == crypto::KeyStatus::Active && key.not_after > now;
}

// What is to be said of one key.
Findings of_key(const crypto::KeyRecord& key, std::chrono::sys_seconds now) {
    const auto soon = [&](std::string says) {
        return Findings{
            about(key.issuer, look(kSiteKeys, std::move(says), std::string{kAskForKeys}))};
    };
    if (key.status == crypto::KeyStatus::Revoked)
        return soon(
            fmt::format("The key of {} is withdrawn: its tickets are refused.", key.issuer));
    if (key.not_after <= now)
        return soon(fmt::format("The key of {} ended on {}: its tickets are refused.", key.issuer,
                                day_of(key.not_after)));
    if (key.not_after < now + kSoon)
        return soon(
            fmt::format("The key of {} ends on {}: tickets that are valid for longer are "
                        "refused.",
                        key.issuer, day_of(key.not_after)));
    if (key.not_before > now)
        return soon(
            fmt::format("The key of {} begins on {} only.", key.issuer, day_of(key.not_before)));
    return {};
}

bool signs_for(const crypto::KeyRecord& key, std::int64_t event) {
    return key.scope == crypto::EventScope::Any ||
           std::ranges::any_of(key.events, [event](std::uint32_t of) { return of == event; });
}

Findings of_event(std::int64_t event, std::span<const crypto::KeyRecord> keys,
                  std::chrono::sys_seconds now) {
    const bool any = std::ranges::any_of(
        keys, [&](const auto& key) { return is_usable(key, now) && signs_for(key, event); });
    if (any) return {};
    return {bad(kSiteKeys,
                fmt::format("No trusted key may sign for event {}, which policy.events of the site "
                            "file admits: its guests would all be refused.",
                            event),
                std::string{kAskForKeys})};
}

Finding good_keys(std::span<const crypto::KeyRecord> keys) {
    std::set<std::uint32_t> events;
    auto end = std::chrono::sys_seconds::max();
    for (const crypto::KeyRecord& key : keys) {
        events.insert(key.events.begin(), key.events.end());
        end = std::min(end, key.not_after);
    }
    return good(kSiteKeys, fmt::format("{} trusted, for event {}{}.",
                                       counted(keys.size(), "issuer key"), fmt::join(events, ", "),
                                       end == std::chrono::sys_seconds::max()
                                           ? ""
                                           : ", the first ends on " + day_of(end)));
}

}  // namespace

Finding check_site_file(const config::Site& site, std::string_view file) {
    return good(kSiteFile, fmt::format("{} is right: gate {} of {}, {}, {}.", file, site.site.gate,
                                       site.site.venue, counted(site.lanes.size(), "lane"),
                                       counted(site.readers.size(), "reader")));
}

Finding wrong_site_file(const Error& error, std::string_view file) {
    if (error.code == Errc::NotFound) {
        return bad(kSiteFile, fmt::format("There is no site file {}: the gate cannot start.", file),
                   "sudo stilectl setup");
    }
    if (error.code == Errc::Denied)
        return bad(kSiteFile, error.context + ".", fmt::format("sudo chmod 644 {}", file));
    return bad(kSiteFile, error.context + ". The gate does not start with it.",
               "Mend that line; then: /usr/libexec/stile/stiled --check-config");
}

Findings check_keys(const config::Site& site, std::span<const crypto::KeyRecord> keys,
                    WallTime time) {
    Findings found;
    // Not finer: the end of a key without an end has no milliseconds.
    const auto now = std::chrono::floor<std::chrono::seconds>(time);
    const bool usable =
        std::ranges::any_of(keys, [now](const auto& key) { return is_usable(key, now); });
    if (!usable)
        found.push_back(bad(kSiteKeys, "No issuer key is good any more: every ticket is refused.",
                            std::string{kAskForKeys}));
    for (const crypto::KeyRecord& key : keys)
        append(found, of_key(key, now));
    for (const std::int64_t event : site.policy.events)
        append(found, of_event(event, keys, now));
    if (found.empty()) found.push_back(good_keys(keys));
    return found;
}

Finding check_secret(const config::Site& site, const FileFact& fact, const Result<void>& readable) {
    const std::string& file = site.paths.secret;
    if (file.empty()) {
        return good(kSiteSecret,
                    "The gate makes its event secret itself. Several gates of one event need the "
                    "same one (paths.secret).");
    }
    if (is_credential(file)) {
        return good(
            kSiteSecret,
            fmt::format("The event secret comes from systemd, as the credential {}.", file));
    }
    if (fact.sight == Sight::Absent) {
        return bad(kSiteSecret,
                   fmt::format("The event secret {} is missing: the gate does not "
                               "start.",
                               file),
                   "Copy it from another gate of the event; for the first: openssl rand -hex 32");
    }
    if (fact.sight == Sight::Hidden) return hidden(kSiteSecret, file);
    if (!readable)
        return bad(kSiteSecret, readable.error().context + ".",
                   fmt::format("sudo chown stile {0} && sudo chmod 600 {0}", file));
    return good(kSiteSecret,
                fmt::format("The event secret {} is there, and closed to others.", file));
}

Findings check_policy(std::string_view file, std::span<const config::Mistake> mistakes,
                      std::span<const config::Mistake> warnings) {
    Findings found;
    const std::string fix = fmt::format("Mend that line; then: stilectl policy check {}", file);
    for (const config::Mistake& mistake : mistakes) {
        found.push_back(bad(
            kSitePolicy,
            config::text_of(mistake, file) + ". The gate does not start with this policy.", fix));
    }
    for (const config::Mistake& warning : warnings)
        found.push_back(look(kSitePolicy, config::text_of(warning, file) + ".", fix));
    if (found.empty())
        found.push_back(good(kSitePolicy, fmt::format("The policy {} is right.", file)));
    return found;
}

Finding check_languages(std::string_view folder, const ProgramFact& display) {
    if (!display.exit_code)
        return look(kSiteLanguages,
                    "The language files were not checked: stile-display is not "
                    "installed, or did not end.",
                    "apt install stile");
    if (*display.exit_code == 0)
        return good(kSiteLanguages, fmt::format("The language files in {} are complete.", folder));
    auto says = display.err.empty() ? display.out : display.err;
    while (says.ends_with('\n'))
        says.pop_back();
    return look(kSiteLanguages,
                fmt::format("{}. The screens at the lanes stay dark; guests are let in.", says),
                "Mend that file; then: sudo systemctl restart stile-display");
}

Findings check_schedule(const config::Site& site) {
    Findings found;
    for (const config::Lane& lane : site.lanes) {
        bool closes = false;
        bool opens = false;
        for (const config::Schedule& row : site.schedules) {
            if (!row.lane.empty() && row.lane != lane.name) continue;
            (row.mode == "normal" || row.mode == "free" ? opens : closes) = true;
        }
        if (!closes || opens) continue;
        found.push_back(about(
            lane.name,
            look(kSiteSchedule,
                 fmt::format("The schedule closes {} and never opens it again: guests would wait "
                             "there for staff.",
                             lane.name),
                 "Add to the site file: [[schedule]] with from = \"07:30\" and mode = "
                 "\"normal\"")));
    }
    if (found.empty() && !site.schedules.empty()) {
        found.push_back(good(kSiteSchedule, fmt::format("The schedule has {}, on the clocks of {}.",
                                                        counted(site.schedules.size(), "rule"),
                                                        site.site.time_zone)));
    }
    return found;
}

}  // namespace stile::doctor
