// SPDX-License-Identifier: Apache-2.0
// Words around a ticket. The seat and the times are those that the code holds.
#include "crypto/issue/card_text.hpp"

#include <fmt/format.h>

#include "crypto/zone/zone.hpp"

namespace stile::crypto {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr std::uint8_t kNoLimit = 255;

void set_class(Card& card, TicketClass ticket_class) {
    switch (ticket_class) {
        case TicketClass::Guest:
            return;
        case TicketClass::Vip:
            card.badge = "VIP";
            card.accent = Accent::Gold;
            return;
        case TicketClass::Crew:
            card.badge = "CREW";
            card.accent = Accent::Green;
            return;
        case TicketClass::Staff:
            card.badge = "STAFF";
            card.accent = Accent::Red;
            return;
    }
}

std::string people(std::uint8_t admissions) {
    if (admissions == 1) return "";
    return admissions == kNoLimit ? "any number" : fmt::format("{} people", admissions);
}

void add(Card& card, std::string_view label, std::string value) {
    if (!value.empty()) card.fields.push_back({std::string{label}, std::move(value)});
}

Result<std::string> validity(const Gt1Fields& fields, const std::string& zone) {
    const auto from = local_time(sys_seconds{seconds{fields.not_before}}, zone);
    const auto until = local_time(sys_seconds{seconds{fields.not_after}}, zone);
    if (!from) return std::unexpected{from.error()};
    if (!until) return std::unexpected{until.error()};
    const std::string end = from->day == until->day ? "" : until->day + ", ";
    const std::string change = from->zone == until->zone ? "" : " " + from->zone;
    return fmt::format("Valid {}, {}{} to {}{} {}", from->day, from->clock, change, end,
                       until->clock, until->zone);
}

}  // namespace

Result<Card> make_card(const Gt1Fields& fields, const PrintText& print, QrCode code) {
    Card card{.title = print.title, .subtitle = print.venue, .code = std::move(code)};
    if (card.title.empty()) card.title = fmt::format("Event {}", fields.event);
    set_class(card, print.ticket_class);
    if (print.starts) {
        const auto begin = local_time(*print.starts, print.zone);
        if (!begin) return std::unexpected{begin.error()};
        add(card, "BEGINS", fmt::format("{}, {} {}", begin->day, begin->clock, begin->zone));
    }
    add(card, "ENTRANCE", print.entrance);
    add(card, "SEAT", std::string{fields.seat.view()});
    add(card, "ADMITS", people(fields.admissions));
    add(card, "NAME", print.name);
    add(card, "NOTE", print.note);
    auto footer = validity(fields, print.zone);
    if (!footer) return std::unexpected{footer.error()};
    card.footer = std::move(*footer);
    card.code_caption = fmt::format("{} \u00B7 {}", fields.event, fields.serial);
    if (fields.reissue > 0) card.code_caption += fmt::format(" \u00B7 re-issue {}", fields.reissue);
    return card;
}

}  // namespace stile::crypto
