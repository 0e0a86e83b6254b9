// SPDX-License-Identifier: Apache-2.0
// Between the driver of a card reader and the desk.
#include "devices/reader/card_reader.hpp"

#include <utility>

#include <fmt/format.h>

#include "daemon/runtime/exit_code.hpp"
#include "daemon/runtime/log.hpp"
#include "daemon/runtime/notify.hpp"

namespace stile::devices {
namespace {

constexpr std::chrono::seconds kHealthPeriod{2};
// Before a reader that is none for us is claimed again: somebody may have plugged in another one.
constexpr std::chrono::seconds kSlowSearch{10};

std::string described(const UsbIdentity& device) {
    return fmt::format("{} at {}", device.name.empty() ? "a card reader" : device.name,
                       device.port);
}

}  // namespace

CardReader::CardReader(const config::Site& site, const config::Reader& settings, UsbPermit permit)
    : name_{settings.name},
      permit_{std::move(permit)},
      reader_timer_{loop_,
                    [this] {
                        if (ccid_) ccid_->on_alarm();
                    }},
      visits_timer_{loop_, [this] { visits_.on_alarm(); }},
      desk_{
          loop_,
          site,
          settings,
          protocol::Medium::Nfc,
          {.on_up =
               [this] {
                   send_health();
                   visits_.on_up();
               },
           .on_message = [this](const protocol::Message& message) { visits_.on_message(message); },
           .on_down = [this] { visits_.on_down(); }}},
      visits_{ports(), visits_timer_, settings.hold_off} {}

CardVisits::Ports CardReader::ports() {
    return {
        .up = [this] { return desk_.up(); },
        .next_number = [this] { return desk_.next_number(); },
        .send =
            [this](const protocol::Message& message) { return desk_.send(message).has_value(); },
        .transmit =
            [this](Bytes apdu, std::chrono::milliseconds budget, CcidReader::OnAnswer done) {
                ccid_->transmit(apdu, budget, std::move(done));
            },
        .restart_card = [this] { ccid_->restart_card(); },
        .show =
            [this](Signal signal) {
                if (ccid_) ccid_->show(signal);
            }};
}

int CardReader::run() {
    loop_.handle_signals();
    loop_.feed_watchdog();
    auto bus = UsbBus::open(loop_);
    if (!bus) {
        log::error(bus.error().context);
        return kExitFailed;
    }
    bus_ = std::move(*bus);
    search_ = std::make_unique<UsbSearch>(
        loop_, *bus_, permit_, UsbUse::Nfc,
        UsbSearch::Events{
            .on_found = [this](std::unique_ptr<UsbInterface> usb) { on_found(std::move(usb)); },
            .on_trouble = [this](const Error& why) { on_trouble(why); }});
    tick_ = loop_.every(kHealthPeriod, [this] { send_health(); });
    desk_.start();
    search_->again();
    notify::ready();  // with or without a reader: waiting for one is this program's work
    const int code = loop_.run();
    notify::stopping();
    ccid_.reset();
    desk_.close();
    return code;
}

void CardReader::on_found(std::unique_ptr<UsbInterface> usb) {
    const std::string what = described(usb->identity());
    auto ccid = CcidReader::open(std::move(usb), reader_timer_,
                                 {.on_card = [this](Bytes atr) { visits_.on_card(atr); },
                                  .on_gone = [this] { visits_.on_gone(); },
                                  .on_condition = [this] { on_condition(); }});
    if (!ccid) {
        tell(CardTroubleName::Unusable, fmt::format("{}: {}", what, ccid.error().context));
        next_ = loop_.after(kSlowSearch, [this] { search_->again(); });
        return;
    }
    ccid_ = std::move(*ccid);
    log::info(fmt::format("reader {}: reading cards with {}", name_, what));
    const CcidProfile& profile = ccid_->profile();
    const bool old = ccid_->usb().identity().release < profile.oldest_release;
    health_.note(old ? fmt::format("the firmware of the {} is old and known to fail: get a newer "
                                   "reader",
                                   profile.name)
                     : std::string{});
    if (old) log::warning(fmt::format("reader {}: {}, going on", name_, health_.detail()));
    ccid_->start();
}

void CardReader::on_trouble(const Error& why) {
    tell(why.code == Errc::NotFound ? CardTroubleName::Unplugged : CardTroubleName::Unusable,
         why.context);
}

void CardReader::on_condition() {
    switch (ccid_->condition()) {
        case CcidCondition::Starting:
            return;
        case CcidCondition::Working:
            visits_.on_ready();
            return tell(CardTroubleName::None, "");
        case CcidCondition::Recovering:
            return tell(CardTroubleName::Wedged, ccid_->reason());
        case CcidCondition::Resting:
            return tell(CardTroubleName::Wedged,
                        fmt::format("{}; it is reset again in a while", ccid_->reason()));
        case CcidCondition::Unplugged:
            tell(CardTroubleName::Unplugged, "it was pulled out");
            next_ = loop_.when_idle([this] { let_go(); });  // not from inside itself
            return;
    }
}

void CardReader::let_go() {
    ccid_.reset();
    search_->again();
}

void CardReader::tell(CardTroubleName name, std::string_view why) {
    if (!health_.is(name, why)) return;
    if (name == CardTroubleName::None) {
        log::notice(fmt::format("reader {}: cards can be read", name_));
    } else {
        log::warning(fmt::format("reader {}: {}, going on", name_, health_.detail()));
    }
    send_health();
}

void CardReader::send_health() {
    if (!desk_.up()) return;  // the counts wait for the next connection
    (void)desk_.send(health_.take(visits_.take_counts()));  // lost with the connection
}

}  // namespace stile::devices
