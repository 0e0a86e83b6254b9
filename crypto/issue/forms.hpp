// SPDX-License-Identifier: Apache-2.0
// The files that a ticket can become.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"
#include "crypto/issue/desk.hpp"
#include "crypto/issue/qr/qr_code.hpp"

namespace stile::crypto {

enum class Form : std::uint8_t { Png, Svg, Pdf, Ndef, NdefTag };

struct FormInfo {
    Form form;
    std::string_view name;  // of the option, and in JSON
    std::string_view extension;
    std::string_view help;
};
[[nodiscard]] std::span<const FormInfo> forms();

// Whether the file shows the QR code.
[[nodiscard]] bool has_code(Form form);

// A ticket with everything that its files are made of. Holds references.
struct TicketSource {
    const IssuedTicket& ticket;
    const PrintText& print;
    const QrCode& code;
    std::size_t module_pixels;
};

// The content of the file; the same ticket makes the same bytes. Thread-safe. Errors: those of the
// libraries.
[[nodiscard]] Result<Buffer> render(Form form, const TicketSource& source);

}  // namespace stile::crypto
