// SPDX-License-Identifier: Apache-2.0
// GPIO chips and relay boards without moving anything; a listener on this machine.
#include <algorithm>
#include <charconv>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "daemon/doctor/probes.hpp"
#include "daemon/runtime/unique_fd.hpp"
#include "devices/turnstile/gpio/chip_look.hpp"
#include "devices/turnstile/relay/hidraw_relay.hpp"

namespace stile::doctor {
namespace {

ContactFact::State state_of(devices::LineLook::State state) {
    switch (state) {
        case devices::LineLook::State::Free:
            return ContactFact::State::Free;
        case devices::LineLook::State::Taken:
            return ContactFact::State::Taken;
        case devices::LineLook::State::Missing:
            return ContactFact::State::Missing;
    }
    return ContactFact::State::Missing;
}

// Fills in what the chip says of `fact.contacts`.
void ask_chip(const std::string& chip, WiringFact& fact) {
    if (chip.empty() || fact.contacts.empty()) return;
    std::vector<std::string> lines;
    for (const ContactFact& contact : fact.contacts)
        lines.push_back(contact.where);
    const auto looks = devices::look_at_lines(chip, lines);
    if (!looks) {
        fact.chip = looks.error().code == Errc::Denied ? Sight::Hidden : Sight::Absent;
        return;
    }
    for (std::size_t i = 0; i < looks->size(); ++i) {
        fact.contacts[i].state = state_of((*looks)[i].state);
        fact.contacts[i].taken_by = (*looks)[i].taken_by;
    }
}

WiringFact::Board look_for_board(const std::string& name) {
    using Board = WiringFact::Board;
    const auto boards = devices::list_relays();
    if (!name.starts_with("port:")) return boards.empty() ? Board::Absent : Board::One;
    const bool there = std::ranges::any_of(
        boards, [&](const devices::RelayPlace& board) { return "port:" + board.port == name; });
    return there ? Board::There : Board::Absent;
}

bool connects(int family, const sockaddr* address, socklen_t size) {
    const UniqueFd socket{::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    return socket && ::connect(socket.get(), address, size) == 0;
}

}  // namespace

WiringFact look_at_wiring(const config::Wiring& wiring) {
    WiringFact fact;
    if (wiring.turnstile == "simulated") return fact;
    const bool relay = wiring.turnstile == "relay";
    for (const config::Contact& contact : config::contacts_of(wiring)) {
        const bool on_board = relay && contact.way == config::Contact::Way::Output;
        if (contact.where.empty() || on_board) continue;
        fact.contacts.push_back({std::string{contact.key}, contact.where});
    }
    ask_chip(wiring.gpio_chip, fact);
    if (relay) fact.board = look_for_board(wiring.relay_board);
    return fact;
}

WiringFact look_at_fire(const config::FirePanel& panel) {
    WiringFact fact;
    if (panel.line.empty()) return fact;
    fact.contacts.push_back({"line", panel.line});
    ask_chip(panel.gpio_chip, fact);
    return fact;
}

bool answers_at(const std::string& address) {
    const auto colon = address.rfind(':');
    if (colon == std::string::npos) return false;
    std::string host = address.substr(0, colon);
    std::uint16_t port = 0;
    std::from_chars(address.data() + colon + 1, address.data() + address.size(), port);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    sockaddr_in four{.sin_family = AF_INET, .sin_port = htons(port)};
    if (::inet_pton(AF_INET, host.c_str(), &four.sin_addr) == 1)
        return connects(AF_INET, reinterpret_cast<const sockaddr*>(&four), sizeof four);
    sockaddr_in6 six{.sin6_family = AF_INET6, .sin6_port = htons(port)};
    if (::inet_pton(AF_INET6, host.c_str(), &six.sin6_addr) != 1) return false;
    return connects(AF_INET6, reinterpret_cast<const sockaddr*>(&six), sizeof six);
}

}  // namespace stile::doctor
