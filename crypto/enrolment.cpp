// SPDX-License-Identifier: Apache-2.0
// A request is read strictly: its lines have one order, and what was read is spelled again.
#include "crypto/enrolment.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "crypto/base/time_text.hpp"
#include "crypto/hash.hpp"

namespace stile::crypto {
namespace {

constexpr std::string_view kTitle = "# Enrolment request of a stile gate\n";
constexpr std::string_view kVersion = "1";
constexpr std::string_view kSigned{"stile-enrolment-1\0", 18};
constexpr std::string_view kPrinted{"stile-fingerprint-1\0", 20};

bool is_name(std::string_view text) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    };
    return !text.empty() && text.size() <= 63 && std::ranges::all_of(text, allowed);
}

// What stands between quotes without an escape.
bool is_plain(std::string_view text) {
    const auto allowed = [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; };
    return !text.empty() && text.size() <= 63 && std::ranges::all_of(text, allowed);
}

std::string body_of(const Enrolment& it) {
    return fmt::format(
        "{}version = {}\nvenue = \"{}\"\ngate = \"{}\"\nnumber = \"{:016x}\"\nbox_key = \"{}\"\n"
        "signing_key = \"{}\"\ntime = \"{}\"\nsoftware = \"{}\"\n",
        kTitle, kVersion, it.venue, it.gate, it.number, to_hex(it.box_key), to_hex(it.signing_key),
        to_rfc3339(it.time), it.software);
}

// The lines of a request, one after the other.
class Lines {
public:
    explicit Lines(std::string_view text) : rest_{text} {}

    // What stands behind "key = " in the next line; the mark is a quotation mark or nothing.
    std::optional<std::string_view> value(std::string_view key, std::string_view mark = "\"") {
        ++line_;
        const std::string_view line = rest_.substr(0, rest_.find('\n'));
        const std::string before = fmt::format("{} = {}", key, mark);
        const bool fits = rest_.size() > line.size() && line.starts_with(before) &&
                          line.ends_with(mark) && line.size() >= before.size() + mark.size();
        if (!fits) return std::nullopt;
        rest_.remove_prefix(line.size() + 1);
        return line.substr(before.size(), line.size() - before.size() - mark.size());
    }
    template <std::size_t Size>
    bool bytes(std::string_view key, std::array<std::uint8_t, Size>& out) {
        const auto text = value(key);
        const auto raw = text ? from_hex(*text) : std::nullopt;
        if (!raw || raw->size() != Size) return false;
        std::ranges::copy(*raw, out.begin());
        return true;
    }
    [[nodiscard]] std::unexpected<Error> wrong(std::string_view what) const {
        return fail(Errc::Invalid, fmt::format("line {}: {}", line_, what));
    }
    [[nodiscard]] bool at_end() const { return rest_.empty(); }

private:
    std::string_view rest_;
    int line_ = 1;  // the title
};

Result<void> read_names(Lines& lines, Enrolment& out) {
    const auto version = lines.value("version", "");
    if (!version) return lines.wrong("not a version");
    if (*version != kVersion)
        return fail(Errc::Unsupported, fmt::format("version {} of a request; this program knows {}",
                                                   *version, kVersion));
    const auto venue = lines.value("venue");
    if (!venue || !is_name(*venue)) return lines.wrong("not a venue of a-z, 0-9 and -");
    const auto gate = lines.value("gate");
    if (!gate || !is_name(*gate)) return lines.wrong("not a gate of a-z, 0-9 and -");
    out.venue = *venue;
    out.gate = *gate;
    std::array<std::uint8_t, 8> number{};
    if (!lines.bytes("number", number)) return lines.wrong("not a number of 16 hexadecimal digits");
    out.number = ByteReader{number}.number<std::uint64_t>();
    return {};
}

Result<void> read_keys(Lines& lines, Enrolment& out) {
    if (!lines.bytes("box_key", out.box_key) || !is_box_key(out.box_key))
        return lines.wrong("not a sound X25519 key of 64 hexadecimal digits");
    if (!lines.bytes("signing_key", out.signing_key) || !is_ed25519_key(out.signing_key))
        return lines.wrong("not a sound Ed25519 key of 64 hexadecimal digits");
    return {};
}

Result<void> read_making(Lines& lines, Enrolment& out) {
    const auto time_text = lines.value("time");
    const auto time = time_text ? parse_rfc3339(*time_text) : std::nullopt;
    if (!time) return lines.wrong("not a time");
    out.time = std::chrono::floor<std::chrono::seconds>(*time);
    const auto software = lines.value("software");
    if (!software || !is_plain(*software)) return lines.wrong("not a name of software");
    out.software = *software;
    return {};
}

bool is_signed(const SignedEnrolment& request) {
    const std::string message = std::string{kSigned} + body_of(request.enrolment);
    return ed25519_verify(request.enrolment.signing_key, as_bytes(message), request.signature);
}

}  // namespace

SignedEnrolment sign_enrolment(Enrolment enrolment, const SigningKey& key) {
    SignedEnrolment request{std::move(enrolment), {}};
    request.signature = key.sign(as_bytes(std::string{kSigned} + body_of(request.enrolment)));
    return request;
}

std::string enrolment_text(const SignedEnrolment& request) {
    return body_of(request.enrolment) +
           fmt::format("signature = \"{}\"\n", to_hex(request.signature));
}

Result<SignedEnrolment> parse_enrolment(std::string_view text) {
    if (text.size() > kMaxEnrolment) return fail(Errc::Invalid, "longer than 1024 bytes");
    if (text.contains('\r'))
        return fail(Errc::Invalid,
                    "its lines end as those of Windows (CR LF); bring the file as the gate wrote "
                    "it, or run: sed -i 's/\\r$//' on it");
    if (!text.starts_with(kTitle)) return fail(Errc::Invalid, "line 1: not an enrolment request");
    Lines lines{text.substr(kTitle.size())};
    SignedEnrolment request;
    for (const auto& read : {read_names, read_keys, read_making}) {
        if (auto done = read(lines, request.enrolment); !done)
            return std::unexpected{std::move(done.error())};
    }
    if (!lines.bytes("signature", request.signature))
        return lines.wrong("not a signature of 128 hexadecimal digits");
    if (!lines.at_end()) return lines.wrong("something stands behind the signature");
    if (enrolment_text(request) != text)
        return fail(Errc::Invalid, "not spelled as stilectl writes it");
    if (!is_signed(request))
        return fail(Errc::Denied,
                    "the signature is wrong: the request was changed on its way, or is damaged");
    return request;
}

std::string fingerprint_of(const Enrolment& it) {
    const std::string names = it.venue + '\0' + it.gate + '\0';
    const Digest digest = sha256(
        {as_bytes(kPrinted), as_bytes(names), big_endian(it.number), it.box_key, it.signing_key});
    std::string text;
    ByteReader groups{digest};
    for (int group = 0; group < 8; ++group) {
        text +=
            fmt::format("{}{:05}", group == 0 ? "" : " ", groups.number<std::uint32_t>() % 100'000);
    }
    return text;
}

}  // namespace stile::crypto
