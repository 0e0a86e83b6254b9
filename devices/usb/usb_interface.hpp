// SPDX-License-Identifier: Apache-2.0
// What the drivers of card readers and scanners need of USB: one claimed interface of one device.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <vector>

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"

namespace stile::devices {

// Which device, told apart from all others of its kind by its plug and its serial number.
struct UsbIdentity {
    std::uint16_t vendor = 0;
    std::uint16_t product = 0;
    std::string port;           // "1-2.3": bus, then the way through the hubs
    std::string serial;         // as the device says it, printable characters only; empty: none
    std::string name;           // maker and product, likewise
    std::uint16_t release = 0;  // of its firmware, as the device says it (bcdDevice)
};

// One endpoint of the interface.
struct UsbEndpoint {
    enum class Kind : std::uint8_t { BulkIn, BulkOut, InterruptIn, InterruptOut };
    std::uint8_t address = 0;
    Kind kind = Kind::BulkIn;
    std::uint16_t packet = 0;  // bytes; a device may send fewer
    friend bool operator==(const UsbEndpoint&, const UsbEndpoint&) = default;
};

struct UsbInterfaceInfo {
    std::uint8_t number = 0;
    std::uint8_t class_code = 0;  // 0x0B smart card, 0x03 HID
    std::uint8_t subclass = 0;
    std::uint8_t protocol = 0;
    std::vector<UsbEndpoint> endpoints;
    Buffer extra;  // class descriptors of the interface, then those behind its endpoints
};

enum class UsbFault : std::uint8_t {
    Timeout = 1,
    Stall,     // the endpoint has halted; clear_halt() lets it go on
    Overflow,  // the device sent more than was asked for; nothing of it is given
    Gone,      // unplugged; every further transfer ends so, too
    Failed,
};

struct UsbControl {
    std::uint8_t type = 0;  // bmRequestType; bit 7 says that the device sends
    std::uint8_t request = 0;
    std::uint16_t value = 0;
    std::uint16_t index = 0;
    std::uint16_t length = 0;  // to receive
};

// Thread-bound to its event loop; no function blocks for longer than one system call. Transfers end
// in the loop, never inside the function that began them, each exactly once; one whose UsbInterface
// is destroyed is cancelled and not told of. At most one transfer an endpoint (0 included) at once.
class UsbInterface {
public:
    using Received = std::expected<Bytes, UsbFault>;  // valid during the call
    using OnDone = std::function<void(Received)>;     // to a device: empty bytes

    virtual ~UsbInterface() = default;

    [[nodiscard]] virtual const UsbIdentity& identity() const = 0;
    [[nodiscard]] virtual const UsbInterfaceInfo& info() const = 0;

    virtual void control(const UsbControl& what, Bytes data, std::chrono::milliseconds timeout,
                         OnDone done) = 0;
    // Copies `data`. A time-out of 0 waits for ever.
    virtual void send(const UsbEndpoint& to, Bytes data, std::chrono::milliseconds timeout,
                      OnDone done) = 0;
    // At most `most` bytes, rounded up to whole packets.
    virtual void receive(const UsbEndpoint& from, std::size_t most,
                         std::chrono::milliseconds timeout, OnDone done) = 0;
    // Errors: Closed (unplugged), Io.
    [[nodiscard]] virtual Result<void> clear_halt(const UsbEndpoint& endpoint) = 0;
    // Resets the port and claims the interface again. What was on its way ends with Failed. Errors:
    // Closed (the device came back as another one: it will be found anew), Io.
    [[nodiscard]] virtual Result<void> reset() = 0;
};

}  // namespace stile::devices
