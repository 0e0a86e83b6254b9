// SPDX-License-Identifier: Apache-2.0
// Sums up how a scanner's reader does, for its ReaderHealth messages. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "daemon/protocol/messages.hpp"
#include "devices/scanner/scan_decoder.hpp"

namespace stile::devices {

class ScanHealth {
public:
    void ready();
    // Until ready(): the scanner is not there, or does not work.
    void trouble(std::string why);
    // What an installer should know; empty: nothing any more.
    void note(std::string what) { note_ = std::move(what); }
    void code_read() { ++codes_; }
    // Codes that could not be passed on.
    void code_dropped() { ++dropped_; }
    void lost(const ScanLosses& losses);

    [[nodiscard]] protocol::ReaderState state() const;
    // What happened since the last call.
    [[nodiscard]] protocol::ReaderHealth take();

private:
    [[nodiscard]] std::string detail() const;

    bool seen_ = false;  // ready, or in trouble
    std::string trouble_;
    std::string note_;
    std::uint32_t codes_ = 0;
    std::uint32_t dropped_ = 0;
    ScanLosses losses_;
};

}  // namespace stile::devices
