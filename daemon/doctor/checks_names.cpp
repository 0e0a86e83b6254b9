// SPDX-License-Identifier: Apache-2.0
// Users and groups that the site file names. Those of the packages are seen with the files.
#include <string_view>
#include <variant>

#include <fmt/format.h>

#include "daemon/config/site_fields.hpp"
#include "daemon/doctor/checks.hpp"

namespace stile::doctor {
namespace {

// "stile-reader" for reader_user, "stile-operator" for operator.
std::string of_the_package(std::string_view key) {
    return fmt::format("stile-{}", key.substr(0, key.find('_')));
}

}  // namespace

Findings check_names(config::Site site, const Directory& known) {
    Findings found;
    for (const config::Field& field : config::fields(site.roles)) {
        for (const std::string& group : *std::get<std::vector<std::string>*>(field.target)) {
            if (group == of_the_package(field.key) || known.has_group(group)) continue;
            found.push_back(look(kSiteFile,
                                 fmt::format("roles.{} names the group {}, which this machine does "
                                             "not have: nobody gets that role by it.",
                                             field.key, group),
                                 fmt::format("Mend the name, or: sudo groupadd {}", group)));
        }
    }
    for (const config::Field& field : config::fields(site.sockets)) {
        const std::string& user = *std::get<std::string*>(field.target);
        if (user == of_the_package(field.key) || known.has_user(user)) continue;
        found.push_back(bad(kSiteFile,
                            fmt::format("sockets.{} names the user {}, which this machine does not "
                                        "have: its programs are sent away.",
                                        field.key, user),
                            "Mend the name, or leave the key out"));
    }
    return found;
}

}  // namespace stile::doctor
