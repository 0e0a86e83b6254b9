// SPDX-License-Identifier: Apache-2.0
// Reads, merges with what runs, and says what is different.
#include "daemon/site_reload.hpp"

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <utility>

#include <fmt/format.h>
#include <pthread.h>

#include "daemon/runtime/log.hpp"
#include "daemon/site_lanes.hpp"

namespace stile {
namespace {

using config::Change;
using crypto::KeyRecord;

constexpr std::size_t kMostKeysNamed = 20;
constexpr const char* kStillNamed =
    ", but the platform names it and so it still counts; status = \"revoked\" withdraws it";

std::string key_name(const KeyRecord& key) {
    return fmt::format("key {} {}", key.issuer,
                       to_hex(crypto::key_id(key.algorithm, key.public_key)));
}

bool same_card_keys(const CardKeys& one, const CardKeys& other) {
    const auto bytes = [](const crypto::LockedBytes& a, const crypto::LockedBytes& b) {
        return std::ranges::equal(a.bytes(), b.bytes());
    };
    return std::ranges::equal(one.ev2, other.ev2,
                              [&](const crypto::Ev2Keys& a, const crypto::Ev2Keys& b) {
                                  return a.application == b.application && a.key == b.key &&
                                         a.file == b.file && a.context == b.context &&
                                         bytes(a.master, b.master);
                              }) &&
           std::ranges::equal(one.mf0aes, other.mf0aes,
                              [&](const crypto::Mf0aesKeys& a, const crypto::Mf0aesKeys& b) {
                                  return a.id == b.id && bytes(a.uid_key, b.uid_key) &&
                                         bytes(a.diversification_key, b.diversification_key);
                              });
}

bool asks(const GateRules& rules, const Book& book, std::uint32_t event) {
    const auto is_of_it = [&](const PlatformList& list) {
        const EventBook* found = book.find(list.event);
        return found != nullptr && found->event.number == event;
    };
    return std::ranges::any_of(rules.lanes, [&](const LaneTerms& lane) {
        return std::ranges::any_of(lane.lists, is_of_it);
    });
}

// Those that count beside the key file's: of events whose lists a lane asks.
crypto::KeyRing named_keys(const GateRules& rules, const AccessBook* book) {
    crypto::KeyRing out;
    const bool count = rules.platform && rules.platform->keys == PlatformSetup::Keys::OfEvents;
    if (!count || book == nullptr) return out;
    const crypto::KeyRing all = platform_keys(book->book());
    for (const KeyRecord& key : all.records()) {
        if (asks(rules, book->book(), key.events.front())) (void)out.add(key);
    }
    return out;
}

// The gate and the lanes that a policy is read for.
bool same_place(const config::Site& one, const config::Site& other) {
    return one.site.venue == other.site.venue && one.site.gate == other.site.gate &&
           std::ranges::equal(one.lanes, other.lanes,
                              [](const config::Lane& a, const config::Lane& b) {
                                  return a.name == b.name && a.direction == b.direction;
                              });
}

Error until_restart(Error error) {
    error.context += "; what is there until a restart does not go with this file";
    return error;
}

// The part of the file that counts now has to make sense by itself.
Result<void> check_merged(Rules& rules, const config::Site& read) {
    if (auto good = config::check(rules.site, rules.file); !good)
        return std::unexpected{until_restart(std::move(good.error()))};
    if (same_place(rules.site, read)) return {};
    auto policy = load_venue_policy(rules.site);
    if (!policy) return std::unexpected{until_restart(std::move(policy.error()))};
    rules.policy = std::move(*policy);
    return {};
}

}  // namespace

std::vector<Change> key_changes(const crypto::KeyRing& before, const crypto::KeyRing& now,
                                const crypto::KeyRing& named) {
    std::vector<Change> changes;
    const auto record_in = [](const crypto::KeyRing& ring, const KeyRecord& key) {
        return ring.find(crypto::key_id(key.algorithm, key.public_key));
    };
    for (const KeyRecord& key : before.records()) {
        const KeyRecord* found = record_in(now, key);
        if (found == nullptr) {
            const auto* still = record_in(named, key) == nullptr ? "" : kStillNamed;
            changes.push_back({key_name(key) + ": gone" + still, {}, {}});
        }
        if (found != nullptr && *found != key)
            changes.push_back({key_name(key) + ": changed", {}, {}});
    }
    for (const KeyRecord& key : now.records()) {
        if (record_in(before, key) == nullptr) changes.push_back({key_name(key) + ": new", {}, {}});
    }
    if (changes.size() > kMostKeysNamed) {
        const std::size_t more = changes.size() - kMostKeysNamed;
        changes.resize(kMostKeysNamed);
        changes.push_back({fmt::format("keys: {} more", more), {}, {}});
    }
    return changes;
}

std::string about(const std::vector<Change>& changes, std::size_t room) {
    std::vector<std::string> words;
    for (const Change& change : changes) {
        if (change.when != config::InForce::AtOnce) continue;
        std::string word = change.what.substr(0, change.what.find_first_of(".:"));
        if (word.starts_with("key ") || word.starts_with("keys")) word = "keys";
        if (std::ranges::find(words, word) == words.end()) words.push_back(std::move(word));
    }
    std::string out;
    for (const std::string& word : words) {
        const std::string next = out.empty() ? word : ", " + word;
        if (out.size() + next.size() + 5 > room) return out.empty() ? "..." : out + ", ...";
        out += next;
    }
    return out;
}

Result<Reading> read_anew(const Running& running) {
    auto rules = read_rules(running.rules.file);
    if (!rules) return std::unexpected{std::move(rules.error())};
    const config::Site read = std::exchange(rules->site, running.rules.site);
    auto changes = config::take_over(rules->site, read);
    if (auto good = check_merged(*rules, read); !good) return std::unexpected{good.error()};
    GateRules for_gate = gate_rules(*rules, running.orders);
    std::ranges::move(
        key_changes(running.rules.keys, rules->keys, named_keys(for_gate, running.book.get())),
        std::back_inserter(changes));
    if (rules->policy_text != running.rules.policy_text) {
        changes.push_back({rules->policy
                               ? fmt::format("policy document: version {}", rules->policy->version)
                               : "policy document: gone",
                           {},
                           {}});
    }
    if (!same_card_keys(rules->cards, running.cards)) changes.push_back({"card keys", {}, {}});
    return Reading{std::move(*rules), std::move(for_gate), std::move(changes)};
}

void SiteReader::start(const Running& running) {
    busy_ = true;
    thread_ = std::jthread{[this, running] {
        (void)::pthread_setname_np(::pthread_self(), "stile-reload");  // for people only
        try {
            if (ended_.push(read_anew(running))) loop_.wake();
        } catch (const std::exception& foreign) {
            log::error(std::string{"reload thread: "} + foreign.what());
            std::_Exit(EXIT_FAILURE);
        }
    }};
}

std::optional<Result<Reading>> SiteReader::collect() {
    auto ended = ended_.try_pop();
    if (ended) busy_ = false;
    return ended;
}

}  // namespace stile
