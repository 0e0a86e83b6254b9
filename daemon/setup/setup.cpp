// SPDX-License-Identifier: Apache-2.0
// The steps of setup together.
#include "daemon/setup/setup.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "daemon/config/key_file.hpp"
#include "daemon/runtime/secret_file.hpp"
#include "daemon/setup/device_keys.hpp"
#include "daemon/setup/interview.hpp"
#include "daemon/setup/staging.hpp"
#include "daemon/site_rules.hpp"

namespace stile {
namespace {

namespace fs = std::filesystem;

// "Europe/Berlin" of /etc/localtime -> ../usr/share/zoneinfo/Europe/Berlin.
std::string zone_of_machine(const GateRoot& place) {
    constexpr std::string_view kFolder = "zoneinfo/";
    std::error_code error;
    const std::string link = fs::read_symlink(place.on_disk("/etc/localtime"), error).native();
    const auto at = link.find(kFolder);
    if (error || at == std::string::npos) return "UTC";
    const std::string zone = link.substr(at + kFolder.size());
    return zone.starts_with("Etc/") ? "UTC" : zone;
}

// The address of a stream without its user and password.
std::string shown_source(const std::string& source) {
    const auto scheme = source.find("://");
    const auto at = source.rfind('@');
    if (scheme == std::string::npos || at == std::string::npos || at < scheme) return source;
    return source.substr(0, scheme + 3) + source.substr(at + 1);
}

Surroundings look_around(const config::Site& site, const GateRoot& place,
                         const std::string& reader_program) {
    const auto keys = config::load_keys(place.on_disk(site.paths.keys));
    return {.place = place,
            .plugged = look_for_devices(reader_program),
            .known_keys = keys ? keys->records().size() : 0,
            .has_secret = !event_secret_of(site, place).empty(),
            .has_password = is_there(credential_of(place, kPasswordCredential)) ||
                            is_there(sealed_credential_of(place, kPasswordCredential))};
}

// Before somebody answers twenty questions for nothing.
Result<void> may_write(const GateRoot& place) {
    fs::path folder = place.site_on_disk().parent_path();
    while (!is_there(folder) && folder.has_relative_path())
        folder = folder.parent_path();
    if (::access(folder.c_str(), W_OK) != 0) {
        return fail(Errc::Denied, folder.native() +
                                      ": you may not write there; as root it is: "
                                      "sudo stilectl setup");
    }
    if (const auto owner = owner_for(place); !owner) return std::unexpected{owner.error()};
    return {};
}

// Where setup writes; the site file's comes first.
std::vector<fs::path> folders_of(const config::Site& site, const GateRoot& place) {
    std::vector<fs::path> folders{place.site_on_disk().parent_path(),
                                  credential_of(place, "x").parent_path(),
                                  sealed_credential_of(place, "x").parent_path()};
    for (const std::string& file : {site.paths.keys, site.paths.policy, site.paths.secret}) {
        if (!file.empty()) folders.push_back(place.on_disk(file).parent_path());
    }
    return folders;
}

// As the daemon will read it, from where its files are now.
Result<Rules> read_staged(const config::Site& written, const GateRoot& place,
                          const Staging& staging) {
    const fs::path file = staging.now_at(place.site_on_disk());
    auto site = config::load_site(file);
    if (!site) return std::unexpected{std::move(site.error())};
    const auto now_at = [&](const std::string& path) {
        return path.empty() ? path : staging.now_at(place.on_disk(path)).native();
    };
    site->paths.keys = now_at(written.paths.keys);
    site->paths.policy = now_at(written.paths.policy);
    // Credentials are handed over to the daemon, not to this program.
    site->paths.secret = is_credential(written.paths.secret) ? "" : now_at(written.paths.secret);
    site->cards = {};
    return read_rules(file, std::move(*site));
}

// Messages name the files as they will be called.
Result<void> check_staged(const config::Site& site, const GateRoot& place, const Staging& staging) {
    auto rules = read_staged(site, place, staging);
    if (rules) return {};
    std::string& text = rules.error().context;
    for (const fs::path& file :
         {place.site_on_disk(), place.on_disk(site.paths.keys), place.on_disk(site.paths.policy)}) {
        const std::string young = staging.now_at(file).native();
        if (text.starts_with(young)) text.replace(0, young.size(), file.native());
    }
    return std::unexpected{std::move(rules.error())};
}

}  // namespace

Result<std::optional<SetupAnswers>> ask_everything(Console& console, const GateRoot& place,
                                                   const std::string& reader_program) {
    if (auto may = may_write(place); !may) return std::unexpected{std::move(may.error())};
    SetupAnswers answers{.site_stamp = stamp_of(place.site_on_disk())};
    answers.site.site.time_zone = zone_of_machine(place);
    auto there = load_site_at(place);
    if (!there && there.error().code != Errc::NotFound)
        return fail("the site file that is here is wrong; mend it, or move it away and begin anew",
                    std::move(there.error()));
    if (there) answers.site = std::move(*there);
    const Surroundings around = look_around(answers.site, place, reader_program);
    Dialogue dialogue{console};
    interview(dialogue, around, answers);
    if (dialogue.ended()) return std::nullopt;
    return std::optional{std::move(answers)};
}

std::string summary_of(const Plan& plan) {
    const config::Site& site = plan.site;
    std::string text = fmt::format("Gate {} of {}, clocks of {}\n", site.site.gate, site.site.venue,
                                   site.site.time_zone);
    for (const config::Lane& lane : site.lanes) {
        text += fmt::format("  {}: {}, turnstile {}\n", lane.name, lane.direction,
                            lane.wiring.turnstile);
        for (const config::Reader& reader : site.readers) {
            if (reader.lane == lane.name)
                text += fmt::format("    {}: {} at {}\n", reader.name, reader.kind,
                                    shown_source(reader.source));
        }
    }
    for (const std::string& broker : site.mqtt.brokers)
        text += fmt::format("  broker {}\n", broker);
    text += "Files:\n";
    for (const PlannedFile& file : plan.files)
        text += fmt::format("  {}\n", file.path.native());
    for (const std::string& sentence : plan.advice)
        text += sentence + "\n";
    return text;
}

std::string contents_of(const Plan& plan) {
    std::string text;
    for (const PlannedFile& file : plan.files) {
        const bool secret = file.sort == PlannedFile::Sort::Secret;
        text += fmt::format("==> {} ({})\n{}\n", file.path.native(), secret ? "0600" : "0644",
                            secret ? "(a secret, which is not shown)\n" : file.text);
    }
    return text;
}

Result<SetupDone> carry_out(const Plan& plan, const GateRoot& place, std::chrono::sys_seconds now) {
    const auto owner = owner_for(place);
    if (!owner) return std::unexpected{owner.error()};
    const fs::path site_file = place.site_on_disk();
    auto staging = Staging::begin(folders_of(plan.site, place), *owner);
    if (!staging) return std::unexpected{std::move(staging.error())};
    for (const FileSeen& file : plan.seen) {
        if (stamp_of(file.path) != file.stamp) {
            return fail(Errc::Closed, file.path.native() +
                                          ": was changed while setup asked; nothing was written, "
                                          "run it again");
        }
    }
    for (const PlannedFile& file : plan.files) {
        if (auto staged = staging->put(file); !staged)
            return std::unexpected{std::move(staged.error())};
    }
    if (auto good = check_staged(plan.site, place, *staging); !good)
        return std::unexpected{std::move(good.error())};
    const auto request = enrolment_of(plan.site, place, now);
    if (!request) return std::unexpected{request.error()};
    const fs::path file = site_file.parent_path() / "enrolment.toml";
    if (auto put = staging->put({.path = file, .text = crypto::enrolment_text(*request)}); !put)
        return std::unexpected{std::move(put.error())};
    auto kept = staging->take_places(site_file, now);
    if (!kept) return std::unexpected{std::move(kept.error())};
    return SetupDone{*request, file, std::move(*kept)};
}

}  // namespace stile
