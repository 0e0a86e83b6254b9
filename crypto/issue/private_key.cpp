// SPDX-License-Identifier: Apache-2.0
// Eleven lines in a fixed order: a name, a space, a value. Strict, so that one key has one file.
#include "crypto/issue/private_key.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "crypto/issue/files.hpp"
#include "crypto/issue/time_text.hpp"
#include "crypto/issue/words.hpp"
#include "crypto/secret_box.hpp"

namespace stile::crypto {
namespace {

constexpr std::size_t kMaxFile = std::size_t{64} * 1024;
constexpr std::string_view kNone = "none";
constexpr std::string_view kAll = "all";

// Takes the lines in order. The first line that is not as expected is remembered, and everything
// after it yields nothing, so that a parser asks once at its end.
class Lines {
public:
    explicit Lines(std::string_view text) : rest_{text} {}

    std::string_view take(std::string_view name) {
        if (wrong_) return {};
        ++number_;
        const std::size_t end = rest_.find('\n');
        const std::string_view line = rest_.substr(0, end);
        const bool named = line.starts_with(name) && line.substr(name.size()).starts_with(' ');
        if (end == std::string_view::npos || !named) {
            refuse(fmt::format("expected \"{} ...\"", name));
            return {};
        }
        rest_.remove_prefix(end + 1);
        return line.substr(name.size() + 1);
    }
    // The value is taken if it is there; otherwise the line is wrong.
    template <class T>
    T need(std::optional<T> value, std::string_view expected) {
        if (!value) refuse(fmt::format("expected {}", expected));
        return std::move(value).value_or(T{});
    }
    void refuse(std::string what) {
        if (!wrong_) wrong_ = Error{Errc::Invalid, fmt::format("line {}: {}", number_, what)};
    }
    void finish() {
        ++number_;
        if (!rest_.empty()) refuse("expected the end of the file");
    }
    [[nodiscard]] const std::optional<Error>& wrong() const { return wrong_; }

private:
    std::string_view rest_;
    std::size_t number_ = 0;
    std::optional<Error> wrong_;
};

template <std::size_t N>
std::optional<std::array<std::uint8_t, N>> hex_array(std::string_view text) {
    auto bytes = from_hex(text);
    if (!bytes || bytes->size() != N) return std::nullopt;
    std::array<std::uint8_t, N> out{};
    std::ranges::copy(*bytes, out.begin());
    wipe(*bytes);
    return out;
}

std::string time_or_none(std::chrono::sys_seconds time, std::chrono::sys_seconds none) {
    return time == none ? std::string{kNone} : to_rfc3339(time);
}

std::optional<std::chrono::sys_seconds> parse_time_or(std::string_view text,
                                                      std::chrono::sys_seconds none) {
    if (text == kNone) return none;
    const auto time = parse_utc_seconds(text);
    return time ? std::optional{*time} : std::nullopt;
}

std::optional<SerialRange> parse_range(std::string_view text) {
    const auto ends = parse_numbers<std::uint64_t>(text);
    if (!ends || ends->size() != 2) return std::nullopt;
    return SerialRange{.first = ends->front(), .last = ends->back()};
}

KeyRecord take_record(Lines& lines) {
    KeyRecord record;
    record.issuer = lines.take("issuer");
    if (lines.take("algorithm") != "ed25519") lines.refuse("expected ed25519");
    record.public_key =
        lines.need(hex_array<32>(lines.take("public_key")), "64 hexadecimal digits");
    record.events = lines.need(parse_numbers<std::uint32_t>(lines.take("events")), "event numbers");
    if (const auto products = lines.take("products"); products != kAll)
        record.products = lines.need(parse_numbers<std::uint16_t>(products), "products, or all");
    if (const auto dense = lines.take("dense_serials"); dense != kNone)
        record.dense = lines.need(parse_range(dense), "two serials, or none");
    record.not_before =
        lines.need(parse_time_or(lines.take("not_before"), record.not_before), "a time, or none");
    record.not_after =
        lines.need(parse_time_or(lines.take("not_after"), record.not_after), "a time, or none");
    return record;
}

// "argon2id PASSES KIB SALT NONCE", or "none".
std::optional<SecretBox> take_box(Lines& lines) {
    const std::string_view text = lines.take("protection");
    if (text == kNone) return std::nullopt;
    const auto words = split_words(text);
    if (words.size() != 5 || words[0] != "argon2id") {
        lines.refuse("expected argon2id, passes, KiB, salt and nonce, or none");
        return std::nullopt;
    }
    SecretBox box;
    box.cost.passes = lines.need(parse_number<std::uint32_t>(words[1]), "a number of passes");
    box.cost.memory_kib = lines.need(parse_number<std::uint32_t>(words[2]), "a number of KiB");
    box.salt = lines.need(hex_array<16>(words[3]), "a salt of 32 hexadecimal digits");
    box.nonce = lines.need(hex_array<24>(words[4]), "a nonce of 48 hexadecimal digits");
    return box;
}

// The seed in locked memory, whether it was sealed or not.
Result<LockedBytes> take_seed(std::optional<SecretBox> box, Buffer secret,
                              const AskPassphrase& ask) {
    if (box) {
        box->sealed = std::move(secret);
        const auto passphrase = ask();
        if (!passphrase) return std::unexpected{passphrase.error()};
        return open_secret(*box, passphrase->bytes());
    }
    LockedBytes seed{secret.size()};
    std::ranges::copy(secret, seed.span().begin());
    wipe(secret);
    return seed;
}

Result<LockedBytes> read_file(const std::filesystem::path& path) {
    if (auto good = require_owner_only(path); !good) return std::unexpected{good.error()};
    return read_secret_file(path, kMaxFile);
}

std::string secret_lines(const SecretBox& box) {
    return fmt::format("protection argon2id {} {} {} {}\nsecret {}\n", box.cost.passes,
                       box.cost.memory_kib, to_hex(box.salt), to_hex(box.nonce),
                       to_hex(box.sealed));
}

}  // namespace

Result<std::string> private_key_text(const IssuerKey& key, const LockedBytes* passphrase) {
    const KeyRecord& record = key.record;
    const KeyRecord defaults;
    std::string text =
        fmt::format("stile-private-key 1\nissuer {}\nalgorithm ed25519\n", record.issuer);
    text += fmt::format("public_key {}\n", to_hex(key.key.public_key()));
    text += fmt::format("events {}\n", fmt::join(record.events, " "));
    text += record.products.empty() ? fmt::format("products {}\n", kAll)
                                    : fmt::format("products {}\n", fmt::join(record.products, " "));
    text += record.dense
                ? fmt::format("dense_serials {} {}\n", record.dense->first, record.dense->last)
                : fmt::format("dense_serials {}\n", kNone);
    text += fmt::format("not_before {}\n", time_or_none(record.not_before, defaults.not_before));
    text += fmt::format("not_after {}\n", time_or_none(record.not_after, defaults.not_after));
    if (passphrase == nullptr)
        return text + fmt::format("protection {}\nsecret {}\n", kNone, to_hex(key.key.seed()));
    const auto box = seal_secret(key.key.seed(), passphrase->bytes());
    if (!box) return std::unexpected{box.error()};
    return text + secret_lines(*box);
}

Result<IssuerKey> parse_private_key(std::string_view text, const AskPassphrase& ask) {
    Lines lines{text};
    if (lines.take("stile-private-key") != "1") lines.refuse("no private key of this version");
    KeyRecord record = take_record(lines);
    auto box = take_box(lines);
    Buffer secret = lines.need(from_hex(lines.take("secret")), "hexadecimal digits");
    lines.finish();
    if (const auto& wrong = lines.wrong()) return std::unexpected{*wrong};

    const auto seed = take_seed(std::move(box), std::move(secret), ask);
    if (!seed) return std::unexpected{seed.error()};
    if (seed->bytes().size() != 32) return fail(Errc::Corrupt, "the secret is not 32 bytes long");
    IssuerKey key{std::move(record), SigningKey::from_seed(seed->bytes().first<32>())};
    if (key.key.public_key() != key.record.public_key)
        return fail(Errc::Corrupt,
                    "the private key does not belong to the public key of this file");
    if (auto good = KeyRing{}.add(key.record); !good) return std::unexpected{good.error()};
    return key;
}

Result<KeyRecord> read_key_record(const std::filesystem::path& path) {
    const auto text = read_file(path);
    if (!text) return std::unexpected{text.error()};
    Lines lines{as_text(text->bytes())};
    if (lines.take("stile-private-key") != "1") lines.refuse("no private key of this version");
    KeyRecord record = take_record(lines);
    if (const auto& wrong = lines.wrong()) return fail(path.string(), *wrong);
    if (auto good = KeyRing{}.add(record); !good) return fail(path.string(), good.error());
    return record;
}

Result<IssuerKey> read_private_key(const std::filesystem::path& path, const AskPassphrase& ask) {
    const auto text = read_file(path);
    if (!text) return std::unexpected{text.error()};
    auto key = parse_private_key(as_text(text->bytes()), ask);
    if (!key) return fail(path.string(), std::move(key.error()));
    return key;
}

}  // namespace stile::crypto
