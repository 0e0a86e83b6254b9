// SPDX-License-Identifier: Apache-2.0
// Makes what a transcript names: readers, scanners and cards.
#pragma once

#include <filesystem>
#include <memory>

#include "tests/emulator/model/card.hpp"
#include "tests/emulator/model/usb_device.hpp"
#include "tests/emulator/script/words.hpp"

namespace stile::emulator {

// "acr122u", and then "with FLAW", "layout KIND", "ending KIND" of the rest of the line. Null, with
// a complaint, for what there is not.
[[nodiscard]] std::unique_ptr<UsbDevice> make_device(const std::string& make, Words& words);

// "ntag215 ticket:FILE uid:HEX": kind and properties, to the end of the line. Files are relative to
// `folder`. Null, with a complaint, for what cannot be made.
[[nodiscard]] std::shared_ptr<Card> make_card(Words& words, const std::filesystem::path& folder);

}  // namespace stile::emulator
