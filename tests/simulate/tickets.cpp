// SPDX-License-Identifier: Apache-2.0
// Keys out of the seed, GT1 tickets out of the issuing library.
#include "tests/simulate/tickets.hpp"

#include <stdexcept>
#include <string_view>

#include "crypto/issue/gt1_writer.hpp"
#include "crypto/issue/key_record_text.hpp"
#include "crypto/verifier.hpp"

namespace stile::simulate {
namespace {

using namespace std::chrono_literals;

crypto::Digest seeded(std::uint64_t seed, std::string_view purpose) {
    const std::string number = std::to_string(seed);
    return crypto::sha256({as_bytes(purpose), as_bytes(number)});
}

std::uint32_t unix_seconds(WallTime time) {
    return static_cast<std::uint32_t>(
        std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count());
}

std::chrono::hours days_off(Kind kind) {
    if (kind == Kind::ForTomorrow) return 24h;
    return kind == Kind::OfYesterday ? -24h : 0h;
}

}  // namespace

BoxOffice::BoxOffice(std::uint64_t seed, WallTime doors)
    : doors_{doors},
      issuer_{crypto::SigningKey::from_seed(seeded(seed, "issuer"))},
      forger_{crypto::SigningKey::from_seed(seeded(seed, "forger"))},
      secret_{seeded(seed, "secret")} {
    record_.public_key = issuer_.public_key();
    record_.issuer = kIssuer;
    record_.events = {kEvent};
    record_.dense = crypto::SerialRange{0, 99'999};
    if (const auto added = ring_.add(record_); !added)
        throw std::runtime_error{added.error().context};
}

std::string BoxOffice::code(const TicketOrder& order) const {
    crypto::Gt1Fields fields;
    fields.event = kEvent;
    fields.serial = order.serial;
    fields.product = order.people > 1 ? 2 : 1;
    fields.admissions = order.people;
    fields.not_before = unix_seconds(doors_ + days_off(order.kind) - 4h);
    fields.not_after = unix_seconds(doors_ + days_off(order.kind) + 10h);
    auto ticket = crypto::make_gt1(fields, order.kind == Kind::Forged ? forger_ : issuer_);
    if (!ticket) throw std::runtime_error{ticket.error().context};
    if (order.kind == Kind::Changed) ticket->back() ^= 1;
    return crypto::gt1_text(*ticket);
}

crypto::TicketId BoxOffice::id(std::uint64_t serial) const {
    const auto proof = crypto::Verifier{ring_}.prove(as_bytes(code({.serial = serial})));
    if (!proof) throw std::runtime_error{"a sold ticket is not genuine"};
    return crypto::ticket_id(secret_, (*proof)->identity);
}

std::string BoxOffice::keys_toml() const {
    return crypto::key_record_toml(record_);
}

std::string BoxOffice::secret_text() const {
    return to_hex(secret_) + "\n";
}

std::string BoxOffice::revocation(std::uint64_t serial) {
    return std::string{kIssuer} + " " + std::to_string(kEvent) + " " + std::to_string(serial) +
           "\n";
}

}  // namespace stile::simulate
