// SPDX-License-Identifier: Apache-2.0
// Fields that have to be there are checked to the last digit; others are ignored.
#include "sync/publish/requests.hpp"

#include <charconv>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sync/publish/topics.hpp"

namespace stile::sync {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kHexDigits = 16;
constexpr std::uint64_t kMostSeq = std::uint64_t{1} << 53U;  // what JSON numbers hold exactly

std::unexpected<Error> wrong(std::string_view field) {
    return fail(Errc::Invalid, fmt::format("\"{}\" is missing or wrong", field));
}

Result<Json> parse(std::string_view payload) {
    if (payload.size() > kMaxRequestBytes)
        return fail(Errc::Invalid, fmt::format("longer than {} bytes", kMaxRequestBytes));
    Json out = Json::parse(payload, nullptr, false);
    if (!out.is_object()) return fail(Errc::Invalid, "not a JSON object");
    const auto version = out.find("v");
    if (version == out.end() || !version->is_number_unsigned() || *version != 1U) return wrong("v");
    return out;
}

std::optional<std::uint64_t> number(const Json& in, const char* field) {
    const auto found = in.find(field);
    if (found == in.end() || !found->is_number_unsigned()) return std::nullopt;
    const auto value = found->get<std::uint64_t>();
    return value <= kMostSeq ? std::optional{value} : std::nullopt;
}

std::optional<std::string> text(const Json& in, const char* field) {
    const auto found = in.find(field);
    if (found == in.end() || !found->is_string()) return std::nullopt;
    return found->get<std::string>();
}

// hex64
std::optional<std::uint64_t> epoch(const Json& in) {
    const auto digits = text(in, "epoch");
    if (!digits || digits->size() != kHexDigits ||
        digits->find_first_not_of("0123456789abcdef") != std::string::npos)
        return std::nullopt;
    std::uint64_t value = 0;
    (void)std::from_chars(digits->data(), digits->data() + kHexDigits, value, 16);
    return value;
}

}  // namespace

Result<EntryKey> parse_watermark(std::string_view collector, std::string_view payload) {
    const auto in = parse(payload);
    if (!in) return std::unexpected{in.error()};
    if (text(*in, "collector") != collector) return wrong("collector");
    const auto of = epoch(*in);
    if (!of) return wrong("epoch");
    const auto seq = number(*in, "seq");
    if (!seq) return wrong("seq");
    return EntryKey{*of, *seq};
}

Result<ReplayRequest> parse_replay(std::string_view payload) {
    const auto in = parse(payload);
    if (!in) return std::unexpected{in.error()};
    const auto whom = text(*in, "from_whom");
    if (!whom || !is_topic_level(*whom)) return wrong("from_whom");
    const auto of = epoch(*in);
    if (!of) return wrong("epoch");
    const auto from = number(*in, "from");
    if (!from || *from == 0) return wrong("from");
    const auto to = number(*in, "to");
    if (!to || *to < *from) return wrong("to");
    if (*to - *from >= kMaxReplay)
        return fail(Errc::Invalid, fmt::format("more than {} entries", kMaxReplay));
    return ReplayRequest{*whom, *of, *from, *to};
}

}  // namespace stile::sync
