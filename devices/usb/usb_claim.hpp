// SPDX-License-Identifier: Apache-2.0
// One claimed interface and its transfers (libusb's asynchronous ones).
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "devices/usb/usb_context.hpp"
#include "devices/usb/usb_interface.hpp"

struct libusb_transfer;

namespace stile::devices {

// Gives its interfaces back and closes its handle when nobody needs it any more.
class UsbHandle {
public:
    UsbHandle(UsbContext& context, libusb_device_handle* raw) : context_{context}, raw_{raw} {}
    ~UsbHandle() { context_.close(raw_, std::move(claimed_)); }
    UsbHandle(const UsbHandle&) = delete;
    UsbHandle& operator=(const UsbHandle&) = delete;

    [[nodiscard]] UsbContext& context() const { return context_; }
    [[nodiscard]] libusb_device_handle* raw() const { return raw_; }
    // libusb's error.
    [[nodiscard]] int claim(int interface);

private:
    UsbContext& context_;
    libusb_device_handle* raw_;
    std::vector<int> claimed_;
};

class UsbClaim final : public UsbInterface {
public:
    UsbClaim(std::shared_ptr<UsbHandle> handle, UsbIdentity identity, UsbInterfaceInfo info);
    ~UsbClaim() override;
    UsbClaim(const UsbClaim&) = delete;
    UsbClaim& operator=(const UsbClaim&) = delete;

    [[nodiscard]] const UsbIdentity& identity() const override { return identity_; }
    [[nodiscard]] const UsbInterfaceInfo& info() const override { return info_; }
    void control(const UsbControl& what, Bytes data, std::chrono::milliseconds timeout,
                 OnDone done) override;
    void send(const UsbEndpoint& to, Bytes data, std::chrono::milliseconds timeout,
              OnDone done) override;
    void receive(const UsbEndpoint& from, std::size_t most, std::chrono::milliseconds timeout,
                 OnDone done) override;
    [[nodiscard]] Result<void> clear_halt(const UsbEndpoint& endpoint) override;
    [[nodiscard]] Result<void> reset() override;

private:
    struct Flight;
    struct Order;
    void begin(Order order, OnDone done);
    static void on_done(libusb_transfer* transfer);
    static void finish(Flight* raw);
    [[nodiscard]] Received result_of(const Flight& flight);

    std::shared_ptr<UsbHandle> handle_;  // shared with its transfers: the last one closes it
    UsbIdentity identity_;
    UsbInterfaceInfo info_;
    std::vector<Flight*> flights_;  // libusb has them until they are done
    bool gone_ = false;
};

}  // namespace stile::devices
