// SPDX-License-Identifier: Apache-2.0
// Signs the tickets, forgets the key, and remembers who passed.
#include "daemon/lane/test_session.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "crypto/issue/gt1_writer.hpp"

namespace stile {
namespace {

using std::chrono::hours;

constexpr std::string_view kRevoked = "revoked";

// From and until when, as seen from the test; and what else differs from the plain one.
struct Kind {
    std::string_view name;
    hours from{-1};
    hours until{1};
    std::uint32_t event = TestSession::kEvent;
    std::uint8_t admissions = 1;
};

constexpr Kind kKinds[]{
    {"good"},
    {"stay"},
    {.name = "group", .admissions = TestSession::kGroup},
    {"card"},
    {"exit"},
    {.name = "expired", .from = hours{-48}, .until = hours{-24}},
    {.name = "early", .from = hours{24}, .until = hours{48}},
    {kRevoked},
    {.name = "other-event", .event = TestSession::kOtherEvent},
};

// A number that no other test has, so that no lane takes a ticket for one that it knows.
std::uint64_t first_serial() {
    std::array<std::uint8_t, 8> bytes{};
    crypto::fill_random(bytes);
    return ByteReader{bytes}.number<std::uint64_t>() >> 1U;
}

Result<TestTicket> make(const Kind& kind, std::uint64_t serial, WallTime now,
                        const crypto::SigningKey& key) {
    const auto seconds = [now](hours away) {
        return std::chrono::floor<std::chrono::seconds>(now + away).time_since_epoch().count();
    };
    if (seconds(hours{-48}) < 0 || seconds(hours{48}) > UINT32_MAX)
        return fail(Errc::Invalid, "the clock shows a time at which there are no tickets");
    crypto::Gt1Fields fields{.event = kind.event,
                             .serial = serial,
                             .not_before = static_cast<std::uint32_t>(seconds(kind.from)),
                             .not_after = static_cast<std::uint32_t>(seconds(kind.until)),
                             .admissions = kind.admissions};
    fields.seat = crypto::InlineText<crypto::kGt1MaxSeat>{"TEST"};
    const auto signed_ticket = crypto::make_gt1(fields, key);
    if (!signed_ticket) return std::unexpected{signed_ticket.error()};
    return TestTicket{.name = kind.name,
                      .text = crypto::gt1_text(*signed_ticket),
                      .identity = crypto::identity_of(crypto::issuer_id(TestSession::kIssuer),
                                                      kind.event, serial)};
}

}  // namespace

Result<std::unique_ptr<TestSession>> TestSession::begin(WallTime now,
                                                        const crypto::EventSecret& secret) {
    std::unique_ptr<TestSession> session{new TestSession};  // its constructor is private
    const auto key = crypto::SigningKey::generate();
    crypto::KeyRecord record{.public_key = key.public_key(), .issuer = std::string{kIssuer}};
    record.events = {kEvent, kOtherEvent};
    if (auto added = session->keys_.add(std::move(record)); !added)
        return std::unexpected{std::move(added.error())};
    std::uint64_t serial = first_serial();
    for (const Kind& kind : kKinds) {
        auto ticket = make(kind, serial++, now, key);
        if (!ticket) return std::unexpected{std::move(ticket.error())};
        ticket->id = crypto::ticket_id(secret, ticket->identity);
        session->tickets_.push_back(std::move(*ticket));
    }
    return session;
}

EntryFacts TestSession::entry_of(const crypto::Identity& identity) const {
    const auto found = entered_.find(identity);
    return {.entered = found == entered_.end() ? 0 : found->second};
}

Decision TestSession::judge(const crypto::VerifiedTicket& ticket, RevocationFacts list,
                            const ClockBounds& now, Direction direction) const {
    const auto& revoked = *std::ranges::find(tickets_, kRevoked, &TestTicket::name);
    const bool readable = list.list != RevocationFacts::List::Unreadable;
    if (readable && ticket->identity == revoked.identity)
        list.list = RevocationFacts::List::Revoked;
    const Facts facts{.revocation = list, .entry = entry_of(ticket->identity)};
    constexpr std::array kEvents{kEvent};
    return decide(ticket, facts, {.events = kEvents, .products = {}}, now, direction);
}

std::uint8_t TestSession::people(const crypto::VerifiedTicket& ticket, Direction direction,
                                 GroupWay way) const {
    return people_to_admit(ticket->admissions, entry_of(ticket->identity), Reentry::Never,
                           direction, way);
}

void TestSession::take(const crypto::Identity& identity, const Passage& passage) {
    switch (passage.result) {
        case PassageResult::Entered:
        case PassageResult::PresumedEntered:
            entered_[identity] += std::max<std::uint8_t>(1, passage.people);
            return;
        case PassageResult::Left:
        case PassageResult::Released:
            return;
    }
}

}  // namespace stile
