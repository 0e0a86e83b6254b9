// SPDX-License-Identifier: Apache-2.0
// Facts from the system, verdicts from the site file, and a paragraph for each device.
#include "devices/reader/usb_doctor.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "daemon/runtime/exit_code.hpp"
#include "devices/reader/json_lines.hpp"
#include "devices/usb/usb_advice.hpp"
#include "devices/usb/usb_bus.hpp"
#include "devices/usb/usb_files.hpp"

namespace stile::devices {
namespace {

UsbFact fact_of(UsbDevice device) {
    UsbFact fact{.device = std::move(device), .drivers = {}, .programs = {}};
    for (const UsbInterfaceInfo& interface : fact.device.interfaces)
        fact.drivers.push_back(driver_of(fact.device, interface.number));
    fact.programs = programs_with(fact.device);
    if (!readers_may_open(fact.device)) fact.access = UsbFact::Access::Nobody;
    return fact;
}

std::vector<UsbWish> wishes_of(const std::vector<config::Reader>& readers) {
    std::vector<UsbWish> wishes;
    for (const config::Reader& reader : readers) {
        const auto permit = UsbPermit::parse(reader.source);
        if (!permit) continue;  // a camera, or a scanner on a serial line
        const bool nfc = config::kind_of(reader) == config::ReaderKind::Nfc;
        wishes.push_back({reader.name, nfc ? UsbUse::Nfc : UsbUse::Scanner, *permit});
    }
    return wishes;
}

bool has_device(const config::Reader& reader, const std::vector<UsbVerdict>& verdicts) {
    std::error_code error;
    if (!UsbPermit::is_meant(reader.source)) return std::filesystem::exists(reader.source, error);
    return std::ranges::any_of(verdicts, [&reader](const UsbVerdict& verdict) {
        return verdict.reader == reader.name && verdict.fate == UsbFate::Claimed;
    });
}

UsbFindings look(const std::vector<config::Reader>& readers) {
    UsbFindings found;
    auto devices = list_usb_devices();
    if (!devices) {
        found.trouble = devices.error().context;
        devices.emplace();
    }
    for (UsbDevice& device : *devices)
        found.facts.push_back(fact_of(std::move(device)));
    found.verdicts = judge_usb(found.facts, wishes_of(readers));
    for (const config::Reader& reader : readers)
        if (config::kind_of(reader) != config::ReaderKind::Camera)
            found.readers.push_back(
                {reader.name, reader.source, has_device(reader, found.verdicts)});
    return found;
}

void print_device(const UsbFact& fact, const UsbVerdict& verdict, std::ostream& out) {
    const UsbIdentity& is = fact.device.identity;
    out << fmt::format("{:<10} {}  {}  {}\n", is.port, model_text(is.vendor, is.product),
                       name_for(fact.device), kind_of(fact.device));
    if (!is.serial.empty()) out << fmt::format("           serial number {}\n", is.serial);
    const std::string whose =
        verdict.reader.empty() ? "" : fmt::format(" for reader {}", verdict.reader);
    out << fmt::format("           {}{}: {}\n", name_of(verdict.fate), whose, verdict.why);
    for (const std::string& sentence : verdict.advice)
        out << fmt::format("           - {}\n", sentence);
    if (kind_of(fact.device) != "other")
        out << fmt::format("           udev rule: {}\n", udev_rule(fact.device));
}

void print_text(const UsbFindings& found, std::ostream& out) {
    if (!found.trouble.empty()) {
        out << found.trouble << '\n';
    } else if (found.facts.empty()) {
        out << "No USB device is plugged in, or none is visible here.\n";
    }
    for (std::size_t i = 0; i < found.facts.size(); ++i)
        print_device(found.facts[i], found.verdicts[i], out);
    for (const UsbFindings::Reader& reader : found.readers) {
        if (!reader.found)
            out << fmt::format("reader {} has no device: {}\n", reader.name, reader.source);
    }
}

}  // namespace

std::string_view kind_of(const UsbDevice& device) {
    if (interface_for(device, UsbUse::Nfc) != nullptr) return "card reader";
    return interface_for(device, UsbUse::Scanner) != nullptr ? "keyboard or scanner" : "other";
}

int examine_usb(const std::vector<config::Reader>& readers, UsbForm form, std::ostream& out) {
    const UsbFindings found = look(readers);
    if (form == UsbForm::Json) {
        out << json_usb(found) << '\n';
    } else {
        print_text(found, out);
    }
    return std::ranges::all_of(found.readers, &UsbFindings::Reader::found) ? kExitDone
                                                                           : kExitFailed;
}

}  // namespace stile::devices
