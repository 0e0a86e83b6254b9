// SPDX-License-Identifier: Apache-2.0
// What setup will write: files with their whole content, in the order in which they take their
// places. The site file is the last, so a gate whose site file is there has all the others.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "crypto/base/result.hpp"
#include "crypto/locked_bytes.hpp"
#include "daemon/config/site.hpp"
#include "daemon/setup/answers.hpp"
#include "daemon/setup/place.hpp"

namespace stile {

struct PlannedFile {
    enum class Sort { Public, Secret };  // mode 0644, or 0600
    enum class Whose { Root, Daemon };
    std::filesystem::path path;  // on this disk
    std::string text;            // of public ones
    std::optional<crypto::LockedBytes> secret;
    Sort sort = Sort::Public;
    Whose whose = Whose::Root;
    std::filesystem::path instead_of;  // is removed afterwards; empty: nothing
    enum class Old { Goes, Stays };    // Stays: under another name, that of `instead_of` too
    Old old = Old::Goes;
};

// A file as it was when it was read.
struct FileSeen {
    std::filesystem::path path;
    std::string stamp;
};
// Another one after every change; empty: the file is not there.
[[nodiscard]] std::string stamp_of(const std::filesystem::path& path);

struct Plan {
    config::Site site;                // as it is written
    std::vector<PlannedFile> files;   // site file last
    std::vector<std::string> advice;  // what is to do elsewhere, in sentences
    std::vector<FileSeen> seen;       // must be the same when the plan is carried out
    [[nodiscard]] const PlannedFile* file(const std::filesystem::path& path) const;
};

// How a secret is sealed to this machine, or Unsupported where it cannot be.
using SealCredential =
    std::function<Result<crypto::LockedBytes>(const std::string& name, Bytes secret)>;

// Reads what the answers bring and what is on the disk; writes nothing. Errors: Config, Invalid,
// NotFound, Denied, Io: one of the files is wrong.
[[nodiscard]] Result<Plan> make_plan(SetupAnswers answers, const GateRoot& place,
                                     std::chrono::sys_seconds now, const SealCredential& seal);

// systemd-creds of this machine.
[[nodiscard]] Result<crypto::LockedBytes> seal_by_systemd(const std::string& name, Bytes secret);

// The event secret of a gate that was set up or has run, or that somebody put beside its site file;
// empty: it has none.
[[nodiscard]] std::filesystem::path event_secret_of(const config::Site& site,
                                                    const GateRoot& place);
// Where credentials lie.
[[nodiscard]] std::filesystem::path credential_of(const GateRoot& place, const std::string& name);
[[nodiscard]] std::filesystem::path sealed_credential_of(const GateRoot& place,
                                                         const std::string& name);
inline constexpr const char* kEventSecret = "event.secret";
inline constexpr const char* kPasswordCredential = "stile.mqtt.password";

}  // namespace stile
