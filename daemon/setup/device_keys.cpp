// SPDX-License-Identifier: Apache-2.0
// Keys are made in the daemon's folder by the daemon's user: root follows nobody else's links.
#include "daemon/setup/device_keys.hpp"

#include <cerrno>
#include <system_error>

#include <sys/stat.h>
#include <unistd.h>

#include "daemon/config/gate_number.hpp"
#include "daemon/ledger/own_secret.hpp"
#include "daemon/runtime/other_rights.hpp"

namespace stile {
namespace {

namespace fs = std::filesystem;

Result<void> make_state_folder(const fs::path& folder, const std::optional<Owner>& owner) {
    std::error_code error;
    fs::create_directories(folder.parent_path(), error);
    if (::mkdir(folder.c_str(), 0700) == 0) {
        if (!owner || ::lchown(folder.c_str(), owner->user, owner->group) == 0) return {};
    } else if (errno == EEXIST) {
        return {};
    }
    return fail(Errc::Denied, folder.native() + ": " + std::system_category().message(errno));
}

}  // namespace

Result<crypto::SignedEnrolment> enrolment_of(const config::Site& site, const GateRoot& place,
                                             std::chrono::sys_seconds now) {
    const auto owner = owner_for(place);
    if (!owner) return std::unexpected{owner.error()};
    const fs::path state = place.on_disk(site.paths.state);
    if (auto made = make_state_folder(state, *owner); !made)
        return std::unexpected{std::move(made.error())};
    const OtherRights rights{*owner};
    if (!rights.good()) return fail(Errc::Denied, "cannot become the user stile");
    const auto box = own_device_key(state / "device.key");
    if (!box) return std::unexpected{box.error()};
    const auto signing = own_signing_key(state / "device.signing.key");
    if (!signing) return std::unexpected{signing.error()};
    return crypto::sign_enrolment({.venue = site.site.venue,
                                   .gate = site.site.gate,
                                   .number = config::gate_number(site.site),
                                   .box_key = box->public_key(),
                                   .signing_key = signing->public_key(),
                                   .time = now,
                                   .software = "stile " STILE_VERSION},
                                  *signing);
}

}  // namespace stile
