// SPDX-License-Identifier: Apache-2.0
// stile-usb-probe CLASS STEP...: does with the first USB device of that interface class what the
// steps say, by libusb alone, and prints what came of each. Proves the emulator without any of our
// drivers.
//
// Steps: detach, claim, release, send HEX, recv, irq, clear, reset, text N, close.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include <libusb.h>

#include "crypto/base/bytes.hpp"

namespace {

constexpr unsigned kTimeoutMs = 500;
constexpr std::uint8_t kOut = 0x02;
constexpr std::uint8_t kIn = 0x82;
constexpr std::uint8_t kInterruptIn = 0x81;

bool has_class(libusb_device* device, int wanted) {
    libusb_config_descriptor* configuration = nullptr;
    if (libusb_get_active_config_descriptor(device, &configuration) != 0) return false;
    const bool has = configuration->bNumInterfaces > 0 &&
                     configuration->interface[0].num_altsetting > 0 &&
                     configuration->interface[0].altsetting[0].bInterfaceClass == wanted;
    libusb_free_config_descriptor(configuration);
    return has;
}

libusb_device_handle* open_first(libusb_context* context, int wanted) {
    libusb_device** list = nullptr;
    const ssize_t count = libusb_get_device_list(context, &list);
    libusb_device_handle* handle = nullptr;
    for (ssize_t i = 0; i < count && handle == nullptr; ++i)
        if (has_class(list[i], wanted)) libusb_open(list[i], &handle);
    libusb_free_device_list(list, 1);
    return handle;
}

// What came of a step: its error, and the bytes.
void report(const char* step, int error, stile::Bytes bytes = {}) {
    const char* name = error == 0 ? "ok" : libusb_error_name(error) + std::strlen("LIBUSB_ERROR_");
    std::printf("%s %s%s%s\n", step, name, bytes.empty() ? "" : " ", stile::to_hex(bytes).c_str());
    std::fflush(stdout);
}

void receive(libusb_device_handle* handle, const char* step, std::uint8_t endpoint, int most) {
    stile::Buffer bytes(static_cast<std::size_t>(most));
    int count = 0;
    const auto transfer = endpoint == kIn ? libusb_bulk_transfer : libusb_interrupt_transfer;
    const int error = transfer(handle, endpoint, bytes.data(), most, &count, kTimeoutMs);
    bytes.resize(static_cast<std::size_t>(count));
    report(step, error, bytes);
}

void send(libusb_device_handle* handle, const std::string& hex) {
    stile::Buffer bytes = stile::from_hex(hex).value_or(stile::Buffer{});
    int count = 0;
    report("send", libusb_bulk_transfer(handle, kOut, bytes.data(), static_cast<int>(bytes.size()),
                                        &count, kTimeoutMs));
}

void read_text(libusb_device_handle* handle, const char* index) {
    stile::Buffer text(256);
    const int count = libusb_get_string_descriptor_ascii(
        handle, static_cast<std::uint8_t>(std::atoi(index)), text.data(), 255);
    text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    report("text", count > 0 ? 0 : count, text);
}

void run(libusb_device_handle* handle, char** steps) {
    for (; *steps != nullptr; ++steps) {
        const std::string step = *steps;
        if (step == "detach") report(*steps, libusb_detach_kernel_driver(handle, 0));
        if (step == "claim") report(*steps, libusb_claim_interface(handle, 0));
        if (step == "release") report(*steps, libusb_release_interface(handle, 0));
        if (step == "clear") report(*steps, libusb_clear_halt(handle, kIn));
        if (step == "reset") report(*steps, libusb_reset_device(handle));
        if (step == "recv") receive(handle, *steps, kIn, 512);
        if (step == "irq") receive(handle, *steps, kInterruptIn, 8);
        if (step == "send") send(handle, *++steps);
        if (step == "text") read_text(handle, *++steps);
    }
}

}  // namespace

int main(int argc, char** argv) {
    libusb_context* context = nullptr;
    if (argc < 2 || libusb_init(&context) != 0) return 2;
    libusb_device_handle* handle =
        open_first(context, static_cast<int>(std::strtol(argv[1], nullptr, 16)));
    if (handle != nullptr) {
        run(handle, argv + 2);
        libusb_close(handle);
    }
    libusb_exit(context);
    return handle == nullptr ? 1 : 0;
}
