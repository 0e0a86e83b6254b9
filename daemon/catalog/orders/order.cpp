// SPDX-License-Identifier: Apache-2.0
// The bytes of orders and media.
#include "daemon/catalog/orders/order.hpp"

#include <limits>
#include <utility>

#include "crypto/hash.hpp"

namespace stile {
namespace {

using namespace std::string_view_literals;
constexpr std::string_view kPositionLabel = "stile-position\0"sv;
constexpr std::uint8_t kVersion = 1;
constexpr std::uint64_t kNoTime = ~std::uint64_t{0};

enum Flag : std::uint8_t {
    RequireApproval = 1,
    ValidIfPending = 2,
    Attention = 4,
    IsBlocked = 8,
    NotUnderstood = 16,
    AllFlags = 31,
};

std::unexpected<Error> damaged(std::string_view what) {
    return fail(Errc::Corrupt, std::string{"the record of "} + std::string{what} + " is damaged");
}

template <class List>
bool counts(const List& list) {
    return list.size() <= std::numeric_limits<std::uint16_t>::max();
}

void put_text(ByteWriter& out, std::string_view text) {
    out.number(static_cast<std::uint16_t>(text.size()));
    out.raw(as_bytes(text));
}

std::string_view take_text(ByteReader& in) {
    return as_text(in.take(in.number<std::uint16_t>()));
}

void put_time(ByteWriter& out, const std::optional<WallTime>& time) {
    out.number(time ? static_cast<std::uint64_t>(time->time_since_epoch().count()) : kNoTime);
}

WallTime to_time(std::uint64_t milliseconds) {
    return WallTime{std::chrono::milliseconds{static_cast<std::int64_t>(milliseconds)}};
}

// No time of the catalog lies before 1970 or needs more than 32 bits of seconds.
std::optional<WallTime> take_time(ByteReader& in) {
    const auto number = in.number<std::uint64_t>();
    if (number == kNoTime) return std::nullopt;
    if (number > 0xFFFF'FFFFULL * 1'000) in.fail();
    return to_time(number);
}

std::uint8_t flags_of(const KnownPosition& p) {
    unsigned flags = 0;
    if (p.require_approval) flags |= RequireApproval;
    if (p.valid_if_pending) flags |= ValidIfPending;
    if (p.order_attention) flags |= Attention;
    if (p.blocked) flags |= IsBlocked;
    if (!p.understood) flags |= NotUnderstood;
    return static_cast<std::uint8_t>(flags);
}

void take_flags(ByteReader& in, KnownPosition& into) {
    const unsigned flags = in.number<std::uint8_t>();
    if (flags > AllFlags) in.fail();
    into.require_approval = (flags & RequireApproval) != 0;
    into.valid_if_pending = (flags & ValidIfPending) != 0;
    into.order_attention = (flags & Attention) != 0;
    into.blocked = (flags & IsBlocked) != 0;
    into.understood = (flags & NotUnderstood) == 0;
}

bool fits(const KnownPosition& p) {
    return counts(p.secret) && counts(p.attendee_name) && counts(p.answers) && counts(p.visits) &&
           p.identities.size() <= kMaxIdentities;
}

void put_lists(ByteWriter& out, const KnownPosition& p) {
    out.number(static_cast<std::uint16_t>(p.answers.size()));
    for (const GivenAnswer& answer : p.answers) {
        out.number(answer.question);
        put_text(out, answer.text);
        put_text(out, answer.options);
    }
    out.number(static_cast<std::uint16_t>(p.visits.size()));
    for (const PlatformVisit& v : p.visits) {
        out.number(v.list);
        put_time(out, v.visit.time);
        out.number(v.visit.order);
        out.number(std::to_underlying(v.visit.direction));
        out.number(v.device);
    }
    out.number(static_cast<std::uint8_t>(p.identities.size()));
    for (const crypto::Identity& identity : p.identities)
        out.raw(identity.bytes);
}

// In the order of OrderRecord::Head first.
void put_position(ByteWriter& out, const KnownPosition& p) {
    out.number(p.id);
    out.number(p.addon_to);
    put_text(out, p.secret);
    for (const std::uint64_t id : {p.product, p.variation, p.subevent})
        out.number(id);
    out.number(std::to_underlying(p.status));
    out.number(flags_of(p));
    put_time(out, p.valid_from);
    put_time(out, p.valid_until);
    put_text(out, p.attendee_name);
    put_lists(out, p);
}

void take_answers(ByteReader& in, std::vector<GivenAnswer>& into) {
    const auto count = in.number<std::uint16_t>();
    if (count * 12U > in.left()) return in.fail();
    into.resize(count);
    for (GivenAnswer& answer : into) {
        answer.question = in.number<std::uint64_t>();
        answer.text.assign(take_text(in));
        answer.options.assign(take_text(in));
    }
}

void take_visits(ByteReader& in, std::vector<PlatformVisit>& into) {
    const auto count = in.number<std::uint16_t>();
    if (count * 33U > in.left()) return in.fail();
    into.resize(count);
    for (PlatformVisit& v : into) {
        v.visit = {};
        v.list = in.number<std::uint64_t>();
        const auto time = take_time(in);
        if (!time) in.fail();
        v.visit.time = time.value_or(WallTime{});
        v.visit.order = in.number<std::uint64_t>();
        const auto direction = in.number<std::uint8_t>();
        if (direction < 1 || direction > std::to_underlying(Direction::Last)) in.fail();
        v.visit.direction = static_cast<Direction>(direction);
        v.device = in.number<std::uint64_t>();
    }
}

void take_identities(ByteReader& in, std::vector<crypto::Identity>& into) {
    const auto count = in.number<std::uint8_t>();
    if (count == 0 || count * 16U > in.left()) return in.fail();
    into.resize(count);
    for (crypto::Identity& identity : into)
        in.copy(identity.bytes);
}

OrderRecord::Head take_head(ByteReader& in) {
    OrderRecord::Head head;
    head.id = in.number<std::uint64_t>();
    head.addon_to = in.number<std::uint64_t>();
    head.secret = take_text(in);
    return head;
}

}  // namespace

crypto::Identity position_identity(std::uint32_t event, std::string_view order_code,
                                   std::uint64_t position) {
    const auto length = static_cast<std::uint8_t>(order_code.size());
    return {crypto::blake2b_128({as_bytes(kPositionLabel), big_endian(event), big_endian(length),
                                 as_bytes(order_code), big_endian(position)})};
}

Result<Buffer> encode(const Order& order) {
    if (!counts(order.text) || !counts(order.positions) || order.code.size() > kMaxOrderCode)
        return fail(Errc::Invalid, "the order is too large");
    Buffer positions;
    Buffer offsets;
    ByteWriter body{positions};
    ByteWriter table{offsets};
    for (const KnownPosition& p : order.positions) {
        if (!fits(p)) return fail(Errc::Invalid, "a position is too large");
        table.number(static_cast<std::uint32_t>(positions.size()));
        put_position(body, p);
    }
    if (positions.size() > std::numeric_limits<std::uint32_t>::max())
        return fail(Errc::Invalid, "the order is too large");
    Buffer out;
    ByteWriter writer{out};
    writer.number(kVersion);
    put_time(writer, order.last_modified);
    put_text(writer, order.code);
    put_text(writer, order.text);
    writer.number(static_cast<std::uint16_t>(order.positions.size()));
    writer.raw(offsets);
    writer.raw(positions);
    return out;
}

Result<OrderRecord> OrderRecord::open(Bytes stored, std::uint32_t event) {
    ByteReader in{stored};
    OrderRecord record;
    record.event_ = event;
    if (in.number<std::uint8_t>() != kVersion) in.fail();
    record.last_modified_ = take_time(in);
    record.code_ = take_text(in);
    record.text_ = take_text(in);
    record.positions_ = in.number<std::uint16_t>();
    record.offsets_ = in.take(4 * record.positions_);
    record.stored_ = in.take(in.left());
    if (!in.ok()) return damaged("an order");
    return record;
}

Bytes OrderRecord::position(std::size_t index) const {
    const auto offset = [this](std::size_t i) -> std::size_t {
        if (i == positions_) return stored_.size();
        return ByteReader{offsets_.subspan(4 * i)}.number<std::uint32_t>();
    };
    const std::size_t begin = offset(index);
    const std::size_t end = offset(index + 1);
    if (begin > end || end > stored_.size()) return {};
    return stored_.subspan(begin, end - begin);
}

Result<OrderRecord::Head> OrderRecord::head(std::size_t index) const {
    if (index >= positions_) return fail(Errc::NotFound, "the order has no such position");
    ByteReader in{position(index)};
    const Head head = take_head(in);
    if (!in.ok()) return damaged("a position");
    return head;
}

Result<void> OrderRecord::read(std::size_t index, KnownPosition& into) const {
    if (index >= positions_) return fail(Errc::NotFound, "the order has no such position");
    ByteReader in{position(index)};
    const Head head = take_head(in);
    into.id = head.id;
    into.addon_to = head.addon_to;
    into.secret.assign(head.secret);
    into.event = event_;
    into.order_code.assign(code_);
    into.order_text.assign(text_);
    for (std::uint64_t* id : {&into.product, &into.variation, &into.subevent})
        *id = in.number<std::uint64_t>();
    const auto status = in.number<std::uint8_t>();
    if (status < 1 || status > std::to_underlying(OrderStatus::Expired)) in.fail();
    into.status = static_cast<OrderStatus>(status);
    take_flags(in, into);
    into.valid_from = take_time(in);
    into.valid_until = take_time(in);
    into.attendee_name.assign(take_text(in));
    take_answers(in, into.answers);
    take_visits(in, into.visits);
    take_identities(in, into.identities);
    if (!in.complete()) return damaged("a position");
    return {};
}

Result<Order> decode_order(Bytes stored, std::uint32_t event) {
    const auto record = OrderRecord::open(stored, event);
    if (!record) return std::unexpected{record.error()};
    Order order;
    order.code = record->code();
    order.last_modified = record->last_modified();
    order.positions.resize(record->positions());
    for (std::size_t i = 0; i < order.positions.size(); ++i)
        if (auto read = record->read(i, order.positions[i]); !read)
            return std::unexpected{std::move(read.error())};
    if (!order.positions.empty()) order.text = order.positions.front().order_text;
    return order;
}

Buffer encode(const KnownMedium& medium) {
    Buffer out;
    ByteWriter writer{out};
    writer.number(kVersion);
    writer.number(medium.id);
    writer.number(static_cast<std::uint8_t>(medium.active ? 1 : 0));
    put_time(writer, medium.expires);
    put_text(writer, medium.type);
    put_text(writer, medium.identifier);
    writer.number(static_cast<std::uint16_t>(medium.positions.size()));
    for (const std::uint64_t id : medium.positions)
        writer.number(id);
    return out;
}

Result<void> decode_medium(Bytes stored, KnownMedium& into) {
    ByteReader in{stored};
    if (in.number<std::uint8_t>() != kVersion) in.fail();
    into.id = in.number<std::uint64_t>();
    const auto active = in.number<std::uint8_t>();
    if (active > 1) in.fail();
    into.active = active == 1;
    into.expires = take_time(in);
    into.type.assign(take_text(in));
    into.identifier.assign(take_text(in));
    const auto count = in.number<std::uint16_t>();
    if (in.left() != count * std::size_t{8}) in.fail();
    into.positions.resize(in.ok() ? count : 0);
    for (std::uint64_t& id : into.positions)
        id = in.number<std::uint64_t>();
    if (!in.complete()) return damaged("a medium");
    return {};
}

}  // namespace stile
