// SPDX-License-Identifier: Apache-2.0
// The order is that of the readers in the site file, and of the ports.
#include "devices/usb/usb_verdict.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "devices/usb/known.hpp"
#include "devices/usb/usb_advice.hpp"

namespace stile::devices {
namespace {

constexpr std::string_view kByAProgram = "usbfs";  // what the kernel calls every user of libusb
constexpr std::string_view kOurs = "stile-reader ";

std::string_view word_for(UsbUse use) {
    return use == UsbUse::Nfc ? "nfc" : "scanner";
}

std::string driver_of_interface(const UsbFact& fact, const UsbInterfaceInfo& interface) {
    for (std::size_t i = 0; i < fact.device.interfaces.size() && i < fact.drivers.size(); ++i)
        if (fact.device.interfaces[i].number == interface.number) return fact.drivers[i];
    return {};
}

UsbVerdict taken_by(const UsbWish& wish, const UsbFact& fact) {
    UsbVerdict verdict{.fate = UsbFate::Claimed, .reader = wish.reader, .why = {}, .advice = {}};
    const std::string driver = driver_of_interface(fact, *interface_for(fact.device, wish.use));
    const auto ours = std::ranges::find_if(
        fact.programs, [](const std::string& program) { return program.starts_with(kOurs); });
    if (ours != fact.programs.end()) {
        verdict.why = fmt::format("{} has it", *ours);
    } else if (driver == kByAProgram) {
        verdict.fate = UsbFate::InUse;
        const std::string holder = fmt::format("{}", fmt::join(fact.programs, ", "));
        verdict.why = holder.empty() ? "another program has it" : holder + " has it";
        verdict.advice.push_back(busy_text(fact.device, holder));
    } else if (fact.access == UsbFact::Access::Nobody) {
        verdict.fate = UsbFate::Denied;
        verdict.why = "readers may not open it";
        verdict.advice.push_back(denied_text(fact.device));
    } else {
        verdict.why = "its reader takes it";
    }
    if (driver == "pn533_usb") verdict.advice.push_back(busy_text(fact.device, driver));
    return verdict;
}

// Devices of a kind that stile could use, and no reader does.
UsbVerdict left_over(const UsbFact& fact, const std::vector<UsbWish>& wishes) {
    UsbVerdict verdict;
    std::vector<std::string> reasons;
    std::vector<std::string_view> uses;
    for (const UsbUse use : {UsbUse::Nfc, UsbUse::Scanner}) {
        if (interface_for(fact.device, use) == nullptr) continue;
        uses.push_back(word_for(use));
        for (const UsbWish& wish : wishes)
            if (wish.use == use)
                reasons.push_back(fmt::format("reader {} does not want it: {}", wish.reader,
                                              wish.permit.why_not(fact.device, use)));
    }
    if (!fact.device.oddity.empty()) {
        verdict.why = "its descriptors are not sound: " + fact.device.oddity;
    } else if (is_relay_board(fact.device.identity.vendor, fact.device.identity.product)) {
        verdict.why = kRelayBoard;
    } else if (uses.empty()) {
        verdict.why = "it is neither a card reader nor a scanner";
    } else if (reasons.empty()) {
        verdict.why = "no reader of the site file wants it";
    } else {
        verdict.why = fmt::format("{}", fmt::join(reasons, "; "));
    }
    if (!uses.empty() && fact.device.oddity.empty()) {
        const UsbIdentity& is = fact.device.identity;
        verdict.advice.push_back(
            fmt::format("To use it, write in the site file: kind = \"{}\", source = \"usb:{}@{}\"",
                        fmt::join(uses, "\" or \""), model_text(is.vendor, is.product), is.port));
    }
    return verdict;
}

}  // namespace

std::string_view name_of(UsbFate fate) {
    switch (fate) {
        case UsbFate::Claimed:
            return "claimed";
        case UsbFate::InUse:
            return "in-use";
        case UsbFate::Denied:
            return "denied";
        case UsbFate::Ignored:
            return "ignored";
    }
    return "ignored";
}

std::vector<UsbVerdict> judge_usb(const std::vector<UsbFact>& facts,
                                  const std::vector<UsbWish>& wishes) {
    std::vector<std::optional<UsbVerdict>> verdicts(facts.size());
    for (const UsbWish& wish : wishes) {
        const UsbFact* taken = nullptr;
        for (std::size_t i = 0; i < facts.size(); ++i) {
            if (verdicts[i] || !wish.permit.why_not(facts[i].device, wish.use).empty()) continue;
            if (taken == nullptr) {
                verdicts[i] = taken_by(wish, facts[i]);
                if (verdicts[i]->fate == UsbFate::Claimed) taken = &facts[i];
            } else {
                verdicts[i] =
                    UsbVerdict{.fate = UsbFate::Ignored,
                               .reader = wish.reader,
                               .why = fmt::format("reader {} takes the one in port {}", wish.reader,
                                                  taken->device.identity.port),
                               .advice = {}};
            }
        }
    }
    std::vector<UsbVerdict> out;
    for (std::size_t i = 0; i < facts.size(); ++i)
        out.push_back(verdicts[i] ? std::move(*verdicts[i]) : left_over(facts[i], wishes));
    return out;
}

}  // namespace stile::devices
