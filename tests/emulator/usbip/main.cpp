// SPDX-License-Identifier: Apache-2.0
// stile-usbip SCRIPT: plugs emulated USB devices into this machine's own kernel, as the transcript
// (tests/emulator/TRANSCRIPT.md) says, and leaves them there after its last line. For a virtual
// machine; needs root and the module vhci_hcd.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>

#include <unistd.h>

#include "tests/emulator/script/player.hpp"
#include "tests/emulator/usbip/usbip_bus.hpp"
#include "tests/emulator/usbip/vhci.hpp"

namespace {

int play(const std::string& script) {
    using namespace stile::emulator;
    std::ifstream file;
    if (script != "-") {
        file.open(script);
        if (!file) {
            std::fprintf(stderr, "stile-usbip: %s cannot be read\n", script.c_str());
            return 2;
        }
    }
    Table table;
    UsbipBus bus{table, [](unsigned port, int connection) {
                     return attach_to_vhci(kVhci, port, connection);
                 }};
    char* no_words[] = {nullptr};
    Program none{table, no_words};
    Player player{table, bus, none, std::filesystem::path{script}.parent_path()};
    const auto played = player.play(script == "-" ? std::cin : file);
    if (!played) {
        std::fprintf(stderr, "stile-usbip: %s\n", played.error().context.c_str());
        return played.error().code == stile::Errc::Invalid ? 2 : 1;
    }
    for (;;)
        ::pause();  // until a signal ends it, and the kernel sees the connections end
}

}  // namespace

int main(int argc, char** argv) {
    if (argc == 2) return play(argv[1]);
    std::fputs("Usage: stile-usbip SCRIPT\n", stderr);
    return 2;
}
