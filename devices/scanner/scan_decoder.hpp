// SPDX-License-Identifier: Apache-2.0
// From what one scanner sends to the texts of scans, whatever kind of scanner it is.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"
#include "devices/scanner/assembler.hpp"
#include "devices/scanner/keyboard_layout.hpp"
#include "devices/scanner/scanner_form.hpp"
#include "devices/scanner/trim.hpp"

namespace stile::devices {

struct ScannedText {
    std::string text;               // trimmed, not empty
    std::chrono::nanoseconds at{};  // its last byte or key came
    friend bool operator==(const ScannedText&, const ScannedText&) = default;
};

// Scans that were dropped as a whole, since the start.
struct ScanLosses {
    std::uint32_t too_long = 0;
    std::uint32_t spoiled = 0;  // a key or a report that cannot be read
    friend bool operator==(const ScanLosses&, const ScanLosses&) = default;
};

// Pure but for its state: time is an argument. SCANNER.md says what comes out.
class ScanDecoder {
public:
    using Time = std::chrono::nanoseconds;  // CLOCK_MONOTONIC

    virtual ~ScanDecoder() = default;

    // One report, or some bytes, which came at `now`.
    [[nodiscard]] virtual std::vector<ScannedText> take(Bytes arrived, Time now) = 0;
    // When expire() would end the scan under way. Called too late, it waits for one more gap.
    [[nodiscard]] virtual std::optional<Time> deadline() const = 0;
    [[nodiscard]] virtual std::vector<ScannedText> expire(Time now) = 0;
    // Something was lost on the way.
    virtual void spoil(Time now) = 0;

    [[nodiscard]] virtual ScanLosses losses() const = 0;
    // What an installer should know, "the scanner's keyboard layout does not fit"; empty: nothing.
    [[nodiscard]] virtual std::string note() const = 0;
};

// What the site file says of a scanner.
struct ScannerSettings {
    ScanEnds ends;
    Wrapping wrapping;
    std::string layout = "us";
};

// Of a keyboard's or a POS scanner's reports. `load` is also asked for the layouts that the scanner
// may have instead. Errors: Config (there is no such layout).
[[nodiscard]] Result<std::unique_ptr<ScanDecoder>> make_decoder(const ScannerForm& form,
                                                                const ScannerSettings& settings,
                                                                const LoadLayout& load);
// Of the bytes of a serial line.
[[nodiscard]] std::unique_ptr<ScanDecoder> make_serial_decoder(const ScannerSettings& settings);

}  // namespace stile::devices
