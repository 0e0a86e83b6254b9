// SPDX-License-Identifier: Apache-2.0
// Answers become files; what is brought is read here, once.
#include "daemon/setup/plan.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <sys/stat.h>

#include "crypto/hash.hpp"
#include "daemon/config/broker_fields.hpp"
#include "daemon/config/document.hpp"
#include "daemon/runtime/child.hpp"
#include "daemon/runtime/secret_file.hpp"
#include "daemon/setup/brought.hpp"
#include "daemon/setup/site_text.hpp"

namespace stile {
namespace {

namespace fs = std::filesystem;

using Sort = PlannedFile::Sort;
using Whose = PlannedFile::Whose;
using Old = PlannedFile::Old;

constexpr std::chrono::seconds kPatience{60};  // a slow TPM

crypto::LockedBytes locked(Bytes bytes) {
    crypto::LockedBytes out{bytes.size()};
    std::ranges::copy(bytes, out.span().begin());
    return out;
}

// Whether a file holds that secret; one that cannot be read may hold another.
bool is_in(const fs::path& file, const SecretBytes& secret) {
    auto there = read_secret_file(file, "event secret");
    const bool same = there && *there == secret;
    if (there) crypto::wipe(*there);
    return same;
}

// The files of one plan, as each part of the answers adds its own.
class Planner {
public:
    Planner(SetupAnswers answers, const GateRoot& place, const SealCredential& seal)
        : answers_{std::move(answers)}, place_{place}, seal_{seal} {
        plan_.site = answers_.site;
        const fs::path keys = place_.on_disk(plan_.site.paths.keys);
        plan_.seen = {{place_.site_on_disk(), answers_.site_stamp}, {keys, stamp_of(keys)}};
    }

    Result<void> add_secret();
    Result<void> add_password();
    Result<void> add_ca();
    // stile-sync would not start otherwise.
    [[nodiscard]] Result<void> check_broker() { return config::check_mqtt(plan_.site.mqtt); }
    Result<void> add_policy();
    Result<void> add_keys();
    void add_site(std::chrono::sys_seconds now) {
        plan_.files.push_back({.path = place_.site_on_disk(), .text = site_text(plan_.site, now)});
    }
    [[nodiscard]] Plan take() { return std::move(plan_); }

private:
    // Beside the site file, as the gate knows it.
    [[nodiscard]] std::string beside(std::string_view name) const {
        return (place_.site.parent_path() / name).native();
    }
    // Sealed where this machine can; what has the name in the other store would shadow it.
    [[nodiscard]] PlannedFile credential(const std::string& name, crypto::LockedBytes secret) {
        const fs::path plain = credential_of(place_, name);
        const fs::path sealed = sealed_credential_of(place_, name);
        auto text = seal_(name, secret.bytes());
        if (!text)
            return {.path = plain,
                    .secret = std::move(secret),
                    .sort = Sort::Secret,
                    .instead_of = sealed};
        return {
            .path = sealed, .secret = std::move(*text), .sort = Sort::Secret, .instead_of = plain};
    }
    // A public file that is taken over as it is.
    Result<void> copy(const std::string& from, const std::string& to) {
        auto text = config::read_text(from);
        if (!text) return std::unexpected{std::move(text.error())};
        plan_.files.push_back({.path = place_.on_disk(to), .text = std::move(*text)});
        return {};
    }

    SetupAnswers answers_;
    const GateRoot& place_;
    const SealCredential& seal_;
    Plan plan_;
};

Result<void> Planner::add_secret() {
    const fs::path old = event_secret_of(plan_.site, place_);
    const bool named = !plan_.site.paths.secret.empty();
    // Somebody put it there: it is checked and gets its owner like one that is brought.
    if (!named && answers_.event_secret.empty() && old == place_.on_disk(beside(kEventSecret)))
        answers_.event_secret = old;
    if (!old.empty() && answers_.event_secret.empty()) return {};
    SecretBytes secret{};
    if (answers_.event_secret.empty()) {
        crypto::fill_random(secret);
    } else {
        const auto read = read_secret_file(answers_.event_secret, "event secret");
        if (!read) return std::unexpected{read.error()};
        secret = *read;
    }
    if (!named) plan_.site.paths.secret = beside(kEventSecret);
    std::string text = to_hex(secret) + "\n";
    const std::string& name = plan_.site.paths.secret;
    PlannedFile file = is_credential(name) ? credential(name, locked(as_bytes(text)))
                                           : PlannedFile{.path = place_.on_disk(name),
                                                         .secret = locked(as_bytes(text)),
                                                         .sort = Sort::Secret,
                                                         .whose = Whose::Daemon};
    file.old = is_in(old, secret) ? Old::Goes : Old::Stays;
    crypto::wipe(secret);
    crypto::wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
    if (answers_.event_secret.empty()) {
        const bool sealed = is_credential(name) && file.path == sealed_credential_of(place_, name);
        plan_.advice.push_back(fmt::format(
            "A new event secret will be in {}{}: copy it to every other gate of the event and to "
            "the collector, and give it to their setup (event_secret).",
            file.path.native(), sealed ? " (systemd-creds decrypt shows it)" : ""));
    }
    plan_.files.push_back(std::move(file));
    return {};
}

Result<void> Planner::add_password() {
    auto secret = std::move(answers_.typed_password);
    if (!secret && !answers_.broker_password.empty()) {
        auto read = read_password(answers_.broker_password);
        if (!read) return std::unexpected{std::move(read.error())};
        secret = std::move(*read);
    }
    if (!secret) return {};
    plan_.site.mqtt.password_file = kPasswordCredential;
    plan_.files.push_back(credential(kPasswordCredential, std::move(*secret)));
    return {};
}

Result<void> Planner::add_ca() {
    if (answers_.broker_ca.empty()) return {};
    if (auto good = check_ca(answers_.broker_ca); !good) return good;
    plan_.site.mqtt.ca_file = beside("broker-ca.pem");
    return copy(answers_.broker_ca, plan_.site.mqtt.ca_file);
}

Result<void> Planner::add_policy() {
    if (answers_.policy.empty()) return {};
    if (plan_.site.paths.policy.empty()) plan_.site.paths.policy = beside("policy.toml");
    return copy(answers_.policy, plan_.site.paths.policy);
}

Result<void> Planner::add_keys() {
    const fs::path path = place_.on_disk(plan_.site.paths.keys);
    std::string before;
    if (is_there(path)) {
        auto text = config::read_text(path);
        if (!text) return std::unexpected{std::move(text.error())};
        before = std::move(*text);
    }
    std::string after = before;
    for (const std::string& file : answers_.issuer_keys) {
        auto text = with_keys(path, std::move(after), file);
        if (!text) return std::unexpected{std::move(text.error())};
        after = std::move(*text);
    }
    if (after != before) plan_.files.push_back({.path = path, .text = std::move(after)});
    return {};
}

}  // namespace

std::string stamp_of(const fs::path& path) {
    struct stat about{};
    if (::stat(path.c_str(), &about) != 0) return {};
    return fmt::format("{}.{}.{}.{}", about.st_ino, about.st_size, about.st_mtim.tv_sec,
                       about.st_mtim.tv_nsec);
}

const PlannedFile* Plan::file(const fs::path& path) const {
    const auto found = std::ranges::find(files, path, &PlannedFile::path);
    return found == files.end() ? nullptr : &*found;
}

Result<Plan> make_plan(SetupAnswers answers, const GateRoot& place, std::chrono::sys_seconds now,
                       const SealCredential& seal) {
    Planner planner{std::move(answers), place, seal};
    for (const auto add : {&Planner::add_secret, &Planner::add_password, &Planner::add_ca,
                           &Planner::check_broker, &Planner::add_policy, &Planner::add_keys}) {
        if (auto added = (planner.*add)(); !added) return std::unexpected{std::move(added.error())};
    }
    planner.add_site(now);
    return planner.take();
}

Result<crypto::LockedBytes> seal_by_systemd(const std::string& name, Bytes secret) {
    const ChildEnd sealed = run_child({"systemd-creds", "encrypt", "--name=" + name, "-", "-"},
                                      {kPatience, {}, secret});
    if (sealed.exit_code == 0) return locked(as_bytes(sealed.out));
    return fail(Errc::Unsupported, "systemd-creds does not seal: " + sealed.err);
}

fs::path event_secret_of(const config::Site& site, const GateRoot& place) {
    const std::string& name = site.paths.secret;
    if (is_credential(name)) {
        for (const auto& path : {credential_of(place, name), sealed_credential_of(place, name)}) {
            if (is_there(path)) return path;
        }
        return {};
    }
    const auto named = place.on_disk(name);
    if (!name.empty()) return is_there(named) ? named : fs::path{};
    for (const auto& folder : {place.site.parent_path(), fs::path{site.paths.state}}) {
        const auto path = place.on_disk(folder / kEventSecret);
        if (is_there(path)) return path;
    }
    return {};
}

fs::path credential_of(const GateRoot& place, const std::string& name) {
    return place.on_disk("/etc/credstore") / name;
}

fs::path sealed_credential_of(const GateRoot& place, const std::string& name) {
    return place.on_disk("/etc/credstore.encrypted") / name;
}

}  // namespace stile
