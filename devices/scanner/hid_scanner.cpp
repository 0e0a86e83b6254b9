// SPDX-License-Identifier: Apache-2.0
// The requests of HID 1.11, section 7, and reports as they come.
#include "devices/scanner/hid_scanner.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace stile::devices {
namespace {

constexpr std::chrono::seconds kAnswer{2};
constexpr std::chrono::milliseconds kForEver{0};
constexpr int kMaxFaults = 5;
constexpr std::uint16_t kMaxDescriptor = 4096;

constexpr std::uint8_t kGetDescriptor = 0x06;
constexpr std::uint8_t kSetIdle = 0x0A;
constexpr std::uint8_t kSetProtocol = 0x0B;
constexpr std::uint8_t kFromInterface = 0x81;  // a standard request, answered by the interface
constexpr std::uint8_t kClassToInterface = 0x21;
constexpr std::uint8_t kHidDescriptor = 0x21;
constexpr std::uint8_t kReportDescriptor = 0x22;

// As the HID descriptor among the interface's descriptors says; kMaxDescriptor when it does not.
std::uint16_t descriptor_bytes(Bytes extra) {
    while (extra.size() >= 2 && extra[0] >= 2 && extra[0] <= extra.size()) {
        const Bytes one = extra.first(extra[0]);
        if (one[1] == kHidDescriptor && one.size() >= 9 && one[6] == kReportDescriptor) {
            const auto bytes = static_cast<std::uint16_t>(one[7] | (one[8] << 8));
            return bytes == 0 ? kMaxDescriptor : std::min(bytes, kMaxDescriptor);
        }
        extra = extra.subspan(one.size());
    }
    return kMaxDescriptor;
}

std::string name_of(const UsbIdentity& usb) {
    return fmt::format("{:04x}:{:04x} at {}", usb.vendor, usb.product, usb.port);
}

}  // namespace

HidScanner::HidScanner(EventLoop& loop, std::unique_ptr<UsbInterface> usb, ScannerSettings settings,
                       LoadLayout load, const ScannerEvents& events)
    : loop_{loop},
      usb_{std::move(usb)},
      settings_{std::move(settings)},
      load_{std::move(load)},
      events_{events},
      name_{name_of(usb_->identity())} {}

void HidScanner::start() {
    const auto& endpoints = usb_->info().endpoints;
    const auto in =
        std::ranges::find(endpoints, UsbEndpoint::Kind::InterruptIn, &UsbEndpoint::kind);
    if (in == endpoints.end()) return end(Errc::Unsupported, "it never sends by itself");
    in_ = *in;
    usb_->control({.type = kFromInterface,
                   .request = kGetDescriptor,
                   .value = kReportDescriptor << 8,
                   .index = usb_->info().number,
                   .length = descriptor_bytes(usb_->info().extra)},
                  {}, kAnswer, [this](auto answer) { on_descriptor(answer); });
}

bool HidScanner::is_boot_keyboard() const {
    return usb_->info().subclass == 1 && usb_->info().protocol == 1;
}

void HidScanner::on_descriptor(UsbInterface::Received answer) {
    if (!answer && answer.error() == UsbFault::Gone) return on_fault(UsbFault::Gone);
    const auto fields = answer ? parse_report_descriptor(*answer)
                               : fail(Errc::Unsupported, "it does not say what its reports are");
    const auto form = fields ? scanner_form(*fields) : std::nullopt;
    if (form) {
        report_bytes_ = report_bytes(*fields);
        return set_up(*form, Protocol::Report);
    }
    if (is_boot_keyboard()) {
        report_bytes_ = kBootKeyboard.keys.end();
        return set_up(kBootKeyboard, Protocol::Boot);
    }
    end(Errc::Unsupported,
        fields ? "it is neither a keyboard nor a HID POS scanner" : fields.error().context);
}

void HidScanner::set_up(const ScannerForm& form, Protocol protocol) {
    auto decoder = make_decoder(form, settings_, load_);
    if (!decoder) return end(decoder.error().code, decoder.error().context);
    feed_.emplace(loop_, events_, std::move(*decoder));
    protocol_ = protocol;
    const bool pos = std::holds_alternative<PosForm>(form);
    name_ = fmt::format("a {} scanner ({})", pos ? "HID POS" : "keyboard", name_);
    set_idle();
}

// Reports at changes only. Many devices do not know the request, and need not.
void HidScanner::set_idle() {
    request(kSetIdle, 0, &HidScanner::set_protocol);
}

void HidScanner::set_protocol() {
    if (usb_->info().subclass != 1) return begin();
    request(kSetProtocol, static_cast<std::uint16_t>(protocol_), &HidScanner::begin);
}

void HidScanner::request(std::uint8_t number, std::uint16_t value, void (HidScanner::*next)()) {
    const auto done = [this, next](UsbInterface::Received answer) {
        if (!answer && answer.error() == UsbFault::Gone) return on_fault(UsbFault::Gone);
        (this->*next)();
    };
    usb_->control({.type = kClassToInterface,
                   .request = number,
                   .value = value,
                   .index = usb_->info().number},
                  {}, kAnswer, done);
}

void HidScanner::begin() {
    events_.on_ready(name_);
    read();
}

void HidScanner::read() {
    usb_->receive(in_, std::max<std::size_t>(report_bytes_, in_.packet), kForEver,
                  [this](auto report) { on_report(report); });
}

void HidScanner::on_report(UsbInterface::Received report) {
    if (!report) return on_fault(report.error());
    faults_ = 0;
    feed_->take(*report);
    read();
}

void HidScanner::on_fault(UsbFault fault) {
    if (fault == UsbFault::Gone) return end(Errc::Closed, "it was unplugged");
    if (++faults_ > kMaxFaults) return end(Errc::Io, "it sends errors only");
    if (feed_) feed_->spoil();
    switch (fault) {
        case UsbFault::Stall:
            if (!usb_->clear_halt(in_)) return end(Errc::Io, "it has halted");
            break;
        case UsbFault::Failed:
        case UsbFault::Timeout:
        case UsbFault::Overflow:
        case UsbFault::Gone:
            break;
    }
    read();
}

void HidScanner::end(Errc code, std::string_view why) {
    if (std::exchange(ended_, true)) return;
    events_.on_trouble({code, fmt::format("{}: {}", name_, why)});
}

}  // namespace stile::devices
