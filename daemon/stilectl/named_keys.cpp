// SPDX-License-Identifier: Apache-2.0
// JSON to key records. What an entry does not say is not limited.
#include "daemon/stilectl/named_keys.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "daemon/config/key_file.hpp"
#include "daemon/stilectl/instant.hpp"

namespace stile {
namespace {

using Json = nlohmann::ordered_json;
using crypto::KeyRecord;

constexpr std::size_t kMaxFileBytes = 1 << 20;
constexpr std::string_view kTotpMaster = "totp_master";

std::unexpected<Error> wrong(std::string_view what) {
    return fail(Errc::Config, std::string{what});
}

Result<void> take_public_key(KeyRecord& record, const Json& value) {
    const auto key = value.is_string()
                         ? crypto::parse_public_key(value.get_ref<const std::string&>())
                         : std::nullopt;
    if (!key) return wrong("a public key is 64 hexadecimal digits, or base64 of its PEM");
    record.public_key = *key;
    return {};
}

Result<crypto::TotpMaster> read_master(const Json& value) {
    const auto bytes =
        value.is_string() ? from_hex(value.get_ref<const std::string&>()) : std::nullopt;
    crypto::TotpMaster master{};
    if (!bytes || bytes->size() != master.size())
        return wrong("totp_master is 64 hexadecimal digits");
    std::ranges::copy(*bytes, master.begin());
    return master;
}

Result<void> take_master(KeyRecord& record, const Json& value) {
    const auto master = read_master(value);
    if (!master) return std::unexpected{master.error()};
    record.totp_master = *master;
    return {};
}

Result<void> take_issuer(KeyRecord& record, const Json& value) {
    if (!value.is_string()) return wrong("issuer is a text");
    record.issuer = value.get<std::string>();
    return {};
}

Result<void> take_formats(KeyRecord& record, const Json& value) {
    record.formats.clear();
    for (const Json& item : value.is_array() ? value : Json::array({nullptr})) {
        if (item != "gt1" && item != "pretix_sig1")
            return wrong("formats is a list of \"gt1\" and \"pretix_sig1\"");
        record.formats.push_back(item.get<std::string>());
    }
    return {};
}

template <class T>
Result<void> take_numbers(std::vector<T>& out, const Json& value, std::string_view name) {
    for (const Json& item : value.is_array() ? value : Json::array({nullptr})) {
        const bool fits =
            item.is_number_unsigned() && item.get<std::uint64_t>() <= std::numeric_limits<T>::max();
        if (!fits)
            return wrong(fmt::format("{} is a list of numbers from 0 to {}", name,
                                     std::numeric_limits<T>::max()));
        out.push_back(item.get<T>());
    }
    return {};
}

Result<void> take_events(KeyRecord& record, const Json& value) {
    record.scope = crypto::EventScope::Listed;
    return take_numbers(record.events, value, "events");
}

Result<void> take_products(KeyRecord& record, const Json& value) {
    return take_numbers(record.products, value, "products");
}

Result<void> take_time(std::chrono::sys_seconds& out, const Json& value) {
    const auto time = parse_instant(value.is_string() ? value.get<std::string>() : value.dump());
    if (!time) return wrong(time.error().context);
    out = *time;
    return {};
}

Result<void> take_not_before(KeyRecord& record, const Json& value) {
    return take_time(record.not_before, value);
}

Result<void> take_not_after(KeyRecord& record, const Json& value) {
    return take_time(record.not_after, value);
}

Result<void> take_status(KeyRecord& record, const Json& value) {
    if (value != "active" && value != "revoked") return wrong("status is active or revoked");
    record.status = value == "revoked" ? crypto::KeyStatus::Revoked : crypto::KeyStatus::Active;
    return {};
}

struct Member {
    std::string_view name;
    Result<void> (*take)(KeyRecord& record, const Json& value);
};

constexpr Member kMembers[] = {
    {"public_key", take_public_key}, {"issuer", take_issuer},     {"formats", take_formats},
    {"events", take_events},         {"products", take_products}, {"not_before", take_not_before},
    {"not_after", take_not_after},   {"status", take_status},     {kTotpMaster, take_master}};

// A key of which nothing but the name is known: good for every event and format.
KeyRecord open_record(const std::string& name) {
    KeyRecord record;
    record.issuer = crypto::is_issuer_name(name) ? name : "unnamed";
    record.formats = {"gt1", "pretix_sig1"};
    record.scope = crypto::EventScope::Any;
    return record;
}

Result<KeyRecord> read_record(const std::string& name, const Json& entry) {
    KeyRecord record = open_record(name);
    if (!entry.is_object()) {
        if (auto taken = take_public_key(record, entry); !taken)
            return std::unexpected{taken.error()};
        return record;
    }
    if (!entry.contains("public_key")) return wrong("public_key is missing");
    for (const auto& [key, value] : entry.items()) {
        const auto member = std::ranges::find(kMembers, key, &Member::name);
        if (member == std::end(kMembers)) return wrong("unknown member " + key);
        if (auto taken = member->take(record, value); !taken) return std::unexpected{taken.error()};
    }
    return record;
}

class Reader {
public:
    Result<void> take(const std::string& name, const Json& entry) {
        if (name == kTotpMaster) {
            auto master = read_master(entry);
            if (!master) return std::unexpected{master.error()};
            master_ = *master;
            return {};
        }
        if (!entry.is_array()) return take_one(name, entry);
        for (std::size_t i = 0; i < entry.size(); ++i) {
            if (auto taken = take_one(fmt::format("{}[{}]", name, i), entry[i]); !taken)
                return taken;
        }
        return {};
    }

    Result<NamedKeys> finish() && {
        NamedKeys keys;
        for (auto& [name, record] : records_) {
            if (!record.totp_master) record.totp_master = master_;
            const auto id = crypto::key_id(record.algorithm, record.public_key);
            if (const auto added = keys.ring.add(std::move(record)); !added)
                return wrong(fmt::format("\"{}\": {}", name, added.error().context));
            keys.names.emplace(id, name);
        }
        return keys;
    }

private:
    Result<void> take_one(const std::string& name, const Json& entry) {
        auto record = read_record(name, entry);
        if (!record) return std::unexpected{std::move(record.error())};
        records_.emplace_back(name, std::move(*record));
        return {};
    }

    std::vector<std::pair<std::string, KeyRecord>> records_;
    std::optional<crypto::TotpMaster> master_;
};

Result<NamedKeys> load_toml(const std::filesystem::path& file) {
    auto ring = config::load_keys(file);
    if (!ring) return std::unexpected{std::move(ring.error())};
    NamedKeys keys{std::move(*ring), {}};
    for (const KeyRecord& record : keys.ring.records()) {
        const auto id = crypto::key_id(record.algorithm, record.public_key);
        keys.names.emplace(id, record.issuer + "/" + to_hex(id));
    }
    return keys;
}

}  // namespace

Result<NamedKeys> parse_named_keys(std::string_view json) {
    const Json entries = Json::parse(json, nullptr, false);
    if (!entries.is_object()) return wrong("not a JSON object of names and public keys");
    Reader reader;
    for (const auto& [name, entry] : entries.items()) {
        if (auto taken = reader.take(name, entry); !taken)
            return wrong(fmt::format("\"{}\": {}", name, taken.error().context));
    }
    return std::move(reader).finish();
}

Result<NamedKeys> load_named_keys(const std::filesystem::path& file) {
    if (file.extension() == ".toml") return load_toml(file);
    std::ifstream in{file, std::ios::binary};
    if (!in) return fail(Errc::NotFound, file.native() + ": cannot be read");
    std::string text(kMaxFileBytes + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
    if (in.bad() || text.size() > kMaxFileBytes)
        return fail(Errc::Config, file.native() + ": cannot be read, or is larger than 1 MiB");
    auto keys = parse_named_keys(text);
    if (!keys) return fail(file.native(), std::move(keys.error()));
    return keys;
}

}  // namespace stile
