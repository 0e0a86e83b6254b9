// SPDX-License-Identifier: Apache-2.0
// Every doubt about a position makes it a cancelled one: it must never become a better ticket.
#include "daemon/catalog/pretix/order_rows.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "crypto/hash.hpp"
#include "daemon/catalog/pretix/fields.hpp"
#include "daemon/catalog/revocation_list.hpp"

namespace stile::pretix {
namespace {

constexpr std::size_t kMostListed = 65'535;  // answers or check-ins of one position

std::optional<OrderStatus> status_of(JsonView value) {
    const std::string_view letter = value.text().value_or("");
    if (letter == "n") return OrderStatus::Pending;
    if (letter == "p") return OrderStatus::Paid;
    if (letter == "c") return OrderStatus::Canceled;
    if (letter == "e") return OrderStatus::Expired;
    return std::nullopt;
}

// Null, false and an empty list of reasons say no.
bool is_blocked(JsonView value) {
    if (value.none() || (value.is_array() && value.size() == 0)) return false;
    return value.flag().value_or(true);
}

// The identifiers of the chosen options.
std::string options_of(JsonView answer) {
    const JsonView list = answer.at("option_identifiers");
    std::string out;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const auto identifier = list.element(i).text();
        if (!identifier || out.size() + identifier->size() >= kMaxText) break;
        out.append(out.empty() ? "" : ",").append(*identifier);
    }
    return out;
}

// An answer that is not understood is none: the question is asked again.
std::vector<GivenAnswer> answers_of(JsonView list) {
    std::vector<GivenAnswer> out;
    for (std::size_t i = 0; i < std::min(list.size(), kMostListed); ++i) {
        const JsonView answer = list.element(i);
        const auto question = answer.at("question").number();
        const auto text = answer.at("answer").text();
        if (question && text && text->size() <= kMaxSecret)
            out.push_back({*question, std::string{*text}, options_of(answer)});
    }
    return out;
}

std::optional<Direction> direction_of(JsonView type) {
    if (type.none() || type.text() == "entry") return Direction::Entry;
    if (type.text() == "exit") return Direction::Exit;
    return std::nullopt;
}

PlatformVisit visit_of(Fields& row) {
    PlatformVisit out;
    out.list = row.id("list");
    out.visit.order = row.optional_id("id");
    const auto time = row.time("datetime");
    const auto direction = direction_of(row.at("type"));
    if (!time || !direction) row.doubt();
    out.visit.time = time.value_or(WallTime{});
    out.visit.direction = direction.value_or(Direction::Entry);
    const bool numbered = !row.at("device_id").none();
    out.device = row.at(numbered ? "device_id" : "device").number().value_or(0);
    return out;
}

// A check-in that is not understood may be the entry that forbids the next one.
std::vector<PlatformVisit> visits_of(Fields& position) {
    std::vector<PlatformVisit> out;
    const JsonView list = position.at("checkins");
    if (list.none()) return out;
    if (!list.is_array() || list.size() > kMostListed) position.doubt();
    for (std::size_t i = 0; i < std::min(list.size(), kMostListed); ++i) {
        Fields row{list.element(i)};
        if (row.at("successful").flag() == false) continue;
        const PlatformVisit visit = visit_of(row);
        if (!row.good()) position.doubt();
        out.push_back(visit);
    }
    return out;
}

struct OrderState {
    OrderStatus status = OrderStatus::Canceled;
    bool require_approval = false;
    bool valid_if_pending = false;
    bool attention = false;
    bool understood = false;
};

OrderState state_of(JsonView row) {
    Fields fields{row};
    OrderState out;
    const auto status = status_of(row.at("status"));
    out.require_approval = fields.flag("require_approval");
    out.valid_if_pending = fields.flag("valid_if_pending");
    out.attention = fields.warning("checkin_attention");
    out.understood = fields.good() && status;
    out.status = out.understood ? *status : OrderStatus::Canceled;
    return out;
}

void fill(KnownPosition& out, Fields& row) {
    out.id = row.id("id");
    out.product = row.id("item");
    out.variation = row.optional_id("variation");
    out.subevent = row.optional_id("subevent");
    out.addon_to = row.optional_id("addon_to");
    out.secret = row.exact("secret", kMaxSecret);
    if (out.secret.empty()) row.doubt();
    out.attendee_name = row.words("attendee_name");
    out.blocked = is_blocked(row.at("blocked"));
    out.valid_from = row.time("valid_from");
    out.valid_until = row.time("valid_until");
    out.answers = answers_of(row.at("answers"));
    out.visits = visits_of(row);
}

KnownPosition position_of(JsonView value, const OrderState& state, const Order& order,
                          std::uint32_t event) {
    Fields row{value};
    KnownPosition out;
    fill(out, row);
    out.event = event;
    out.order_code = order.code;
    out.order_text = order.text;
    out.require_approval = state.require_approval;
    out.valid_if_pending = state.valid_if_pending;
    out.order_attention = state.attention;
    const bool canceled = row.flag("canceled");
    out.understood = row.good() && state.understood;
    out.status = out.understood && !canceled ? state.status : OrderStatus::Canceled;
    return out;
}

void give_identities(KnownPosition& position) {
    position.identities = {position_identity(position.event, position.order_code, position.id)};
    if (!position.secret.empty())
        position.identities.push_back(secret_identity(position.event, position.secret));
}

std::string code_of(JsonView row) {
    Fields fields{row};
    std::string code = fields.exact("code", kMaxOrderCode);
    if (!code.empty()) return code;
    const std::string text = row.dump();
    const auto hash = crypto::blake2b_128({as_bytes(text)});
    return fmt::format("?{}", to_hex(Bytes{hash}.first(8)));
}

// Two positions with one number cannot be told apart.
void doubt_repeated(std::vector<KnownPosition>& positions) {
    std::set<std::uint64_t> seen;
    for (KnownPosition& position : positions) {
        if (seen.insert(position.id).second) continue;
        position.understood = false;
        position.status = OrderStatus::Canceled;
    }
}

}  // namespace

Result<OrderRow> order_row(JsonView row, std::uint32_t event) {
    if (!row.is_object()) return fail(Errc::Invalid, "the order is no object");
    OrderRow out;
    out.order.code = code_of(row);
    if (const auto time = row.at("last_modified").text())
        out.order.last_modified = wall_time(*time);
    Fields fields{row};
    out.order.text = fields.words("checkin_text");
    const OrderState state = state_of(row);
    const JsonView list = row.at("positions");
    if (!list.is_array()) return fail(Errc::Invalid, "the order has no list of positions");
    if (list.size() > kMostListed) return fail(Errc::Invalid, "the order has too many positions");
    for (std::size_t i = 0; i < list.size(); ++i)
        out.order.positions.push_back(position_of(list.element(i), state, out.order, event));
    doubt_repeated(out.order.positions);
    for (KnownPosition& position : out.order.positions) {
        give_identities(position);
        if (!position.understood)
            out.doubts.push_back(
                fmt::format("order {}, position {}: not understood, kept as "
                            "cancelled",
                            out.order.code, position.id));
    }
    return out;
}

Result<KnownMedium> medium_row(JsonView row) {
    Fields fields{row};
    KnownMedium out;
    out.id = fields.id("id");
    out.type = fields.exact("type", 64);
    out.identifier = fields.exact("identifier", kMaxSecret);
    out.active = fields.flag("active");
    out.expires = fields.time("expires");
    out.positions = fields.ids("linked_orderpositions");
    const std::uint64_t one = fields.optional_id("linked_orderposition");
    if (one != 0 && std::ranges::find(out.positions, one) == out.positions.end())
        out.positions.push_back(one);
    if (!fields.good() || out.type.empty() || out.identifier.empty())
        return fail(Errc::Invalid, fmt::format("medium {}: not understood", out.id));
    if (out.positions.size() > kMostListed)
        return fail(Errc::Invalid, fmt::format("medium {}: too many positions", out.id));
    return out;
}

Result<ListedSecret> secret_row(JsonView row, std::uint32_t event) {
    Fields fields{row};
    ListedSecret out;
    out.id = fields.id("id");
    const std::string_view secret = row.at("secret").text().value_or("");
    if (!fields.good() || secret.empty())
        return fail(Errc::Invalid, fmt::format("secret {}: not understood", out.id));
    if (secret.size() > kMaxSecret)
        return fail(Errc::Unsupported, fmt::format("secret {}: too long to be scanned", out.id));
    out.identity = secret_identity(event, secret);
    out.listed = row.at("blocked").flag().value_or(true);
    const auto updated = row.at("updated").text();
    const auto since = updated ? updated : row.at("created").text();
    if (since) out.since = wall_time(*since);
    return out;
}

}  // namespace stile::pretix
