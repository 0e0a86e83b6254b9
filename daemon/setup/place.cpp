// SPDX-License-Identifier: Apache-2.0
// Paths below a root, and the users of the system that lies there.
#include "daemon/setup/place.hpp"

#include <cstdio>
#include <memory>

#include <pwd.h>
#include <unistd.h>

namespace stile {
namespace {

constexpr std::string_view kUser = "stile";

struct Close {
    void operator()(FILE* file) const { (void)std::fclose(file); }  // was only read
};

}  // namespace

std::filesystem::path GateRoot::on_disk(const std::filesystem::path& path) const {
    const auto whole = path.is_absolute() ? path : (site.parent_path() / path).lexically_normal();
    return root.empty() ? whole : root / whole.relative_path();
}

bool is_there(const std::filesystem::path& path) {
    std::error_code error;
    return std::filesystem::exists(path, error);
}

Result<std::optional<Owner>> owner_for(const GateRoot& place) {
    if (::geteuid() != 0) return std::nullopt;
    const auto users = place.on_disk("/etc/passwd");
    const std::unique_ptr<FILE, Close> file{std::fopen(users.c_str(), "re")};
    if (!file && !place.root.empty()) return std::nullopt;
    while (file) {
        const passwd* const row = ::fgetpwent(file.get());  // NOLINT(concurrency-mt-unsafe)
        if (row == nullptr) break;
        if (row->pw_name == kUser) return Owner{row->pw_uid, row->pw_gid};
    }
    return fail(Errc::NotFound,
                users.native() + ": there is no user stile; is the package stile installed?");
}

Result<config::Site> load_site_at(const GateRoot& place) {
    auto site = config::load_site(place.site_on_disk());
    if (!site || place.root.empty()) return site;
    const std::string before = std::filesystem::absolute(place.root).lexically_normal().native();
    const auto strip = [&before](std::string& path) {
        if (path.starts_with(before + "/")) path.erase(0, before.size());
    };
    for (std::string* path : {&site->paths.state, &site->paths.runtime, &site->paths.keys,
                              &site->paths.secret, &site->paths.policy, &site->display.languages,
                              &site->cards.ev2_keys, &site->cards.mf0aes_keys}) {
        strip(*path);
    }
    for (config::Reader& reader : site->readers)
        strip(reader.source);
    return site;
}

}  // namespace stile
