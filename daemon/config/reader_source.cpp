// SPDX-License-Identifier: Apache-2.0
// A camera's source is a path or an address, that of the others a USB permit or a serial line.
#include "daemon/config/reader_source.hpp"

#include <fmt/format.h>

#include "devices/scanner/serial_speed.hpp"
#include "devices/usb/permit.hpp"

namespace stile::config {
namespace {

using devices::UsbPermit;

constexpr std::size_t kMaxAround = 64;  // bytes of a prefix or a suffix

std::string mistake_of_scanner(const Reader& reader) {
    if (!devices::is_baud(reader.baud)) {
        return fmt::format("reader.baud: {} is no speed of a serial line; most scanners have 9600",
                           reader.baud);
    }
    for (const std::string* around : {&reader.prefix, &reader.suffix}) {
        if (around->size() > kMaxAround) {
            return fmt::format("reader.{}: longer than {} bytes",
                               around == &reader.prefix ? "prefix" : "suffix", kMaxAround);
        }
    }
    return {};
}

std::string mistake_of(const Reader& reader) {
    if (std::string what = mistake_of_scanner(reader); !what.empty()) return what;
    const bool usb = UsbPermit::is_meant(reader.source);
    if (kind_of(reader) == ReaderKind::Camera) {
        if (!usb) return {};
        return fmt::format(
            "reader.source: {} is on USB, so reader {} is no camera; write kind = \"nfc\" or kind "
            "= \"scanner\"",
            reader.source, reader.name);
    }
    const bool line = reader.source.starts_with("/dev/");
    if (kind_of(reader) == ReaderKind::Scanner && line) return {};
    if (!usb && kind_of(reader) == ReaderKind::Scanner) {
        return fmt::format(
            "reader.source: reader {} is a scanner; write usb, usb:VENDOR:PRODUCT, or a device "
            "such as /dev/ttyACM0",
            reader.name);
    }
    const auto permit = UsbPermit::parse(reader.source);
    return permit ? std::string{}
                  : fmt::format("reader.source: reader {}: {}", reader.name, permit.error());
}

// Only of sources that are right.
bool clash(const Reader& one, const Reader& two) {
    if (one.kind != two.kind || kind_of(one) == ReaderKind::Camera) return false;
    const auto permit = UsbPermit::parse(one.source);
    const auto other = UsbPermit::parse(two.source);
    return permit && other ? permit->overlaps(*other) : one.source == two.source;
}

}  // namespace

std::string mistake_in_sources(const std::vector<Reader>& readers) {
    for (auto reader = readers.begin(); reader != readers.end(); ++reader) {
        if (std::string what = mistake_of(*reader); !what.empty()) return what;
        for (auto other = readers.begin(); other != reader; ++other) {
            if (!clash(*other, *reader)) continue;
            return fmt::format(
                "reader.source: readers {} and {} may take the same device; say which is whose by "
                "model, @PORT or #SERIAL (stilectl doctor usb shows them)",
                other->name, reader->name);
        }
    }
    return {};
}

void make_source_absolute(Reader& reader, const std::filesystem::path& folder) {
    std::string& source = reader.source;
    const bool path = kind_of(reader) == ReaderKind::Camera &&
                      source.find("://") == std::string::npos && !source.starts_with('/');
    if (path) source = (folder / source).lexically_normal().native();
}

}  // namespace stile::config
