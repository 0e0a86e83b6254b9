// SPDX-License-Identifier: Apache-2.0
// A small JSON object with fixed members.
#include "daemon/ledger/manifest.hpp"

#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "crypto/base/bytes.hpp"
#include "crypto/base/time_text.hpp"

namespace stile {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kVersion = 1;
constexpr std::size_t kDigestDigits = 64;

std::string text_at(const Json& json, const char* name) {
    const auto member = json.find(name);
    return member != json.end() && member->is_string() ? member->get<std::string>() : "";
}

std::uint64_t number_at(const Json& json, const char* name) {
    const auto member = json.find(name);
    return member != json.end() && member->is_number_unsigned() ? member->get<std::uint64_t>() : 0;
}

bool is_digest(std::string_view text) {
    return text.size() == kDigestDigits && from_hex(text).has_value();
}

Json members(const Manifest& manifest) {
    return {{"v", kVersion},
            {"time", to_rfc3339(manifest.time)},
            {"gate", manifest.gate},
            {"software", manifest.software},
            {"epoch", fmt::format("{:016x}", manifest.end.epoch)},
            {"seq", manifest.end.seq},
            {"head", manifest.head},
            {"rows", manifest.rows},
            {"bytes", manifest.bytes},
            {"sha256", manifest.sha256}};
}

}  // namespace

std::string manifest_json(const Manifest& manifest) {
    return members(manifest).dump(2) + "\n";
}

std::string backup_json(const BackupMade& made) {
    Json json{{"folder", made.folder.native()}};
    json.update(members(made.manifest));
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<BackupMade> parse_backup(std::string_view text) {
    auto manifest = parse_manifest(text);
    if (!manifest) return std::unexpected{std::move(manifest.error())};
    return BackupMade{text_at(Json::parse(text, nullptr, false), "folder"), std::move(*manifest)};
}

Result<Manifest> parse_manifest(std::string_view text) {
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object() || number_at(json, "v") == 0)
        return fail(Errc::Corrupt, "that is not the manifest of a backup");
    if (number_at(json, "v") != kVersion)
        return fail(Errc::Unsupported, "the backup is of a later version; install that version");
    const std::string epoch = text_at(json, "epoch");
    const auto time = parse_rfc3339(text_at(json, "time"));
    Manifest manifest{.gate = text_at(json, "gate"),
                      .software = text_at(json, "software"),
                      .end = {0, number_at(json, "seq")},
                      .head = text_at(json, "head"),
                      .rows = number_at(json, "rows"),
                      .bytes = number_at(json, "bytes"),
                      .sha256 = text_at(json, "sha256")};
    const auto [end, error] =
        std::from_chars(epoch.data(), epoch.data() + epoch.size(), manifest.end.epoch, 16);
    const bool good = time && error == std::errc{} && end == epoch.data() + epoch.size() &&
                      manifest.end.seq != 0 && is_digest(manifest.head) &&
                      is_digest(manifest.sha256);
    if (!good) return fail(Errc::Corrupt, "the manifest of the backup is damaged");
    manifest.time = *time;
    return manifest;
}

}  // namespace stile
