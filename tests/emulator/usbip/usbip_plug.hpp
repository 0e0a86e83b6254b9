// SPDX-License-Identifier: Apache-2.0
// One device in one plug, at the other end of a connection to a kernel that speaks USB/IP.
#pragma once

#include <list>
#include <optional>
#include <thread>

#include "daemon/runtime/unique_fd.hpp"
#include "tests/emulator/bus.hpp"
#include "tests/emulator/usbip/wire.hpp"

namespace stile::emulator {

class UsbipPlug {
public:
    // The device was reset; `connection` is a stream that nobody else uses.
    UsbipPlug(Table& table, UsbDevice& device, UniqueFd connection);
    // Without the lock: waits until no transfer is on its way.
    ~UsbipPlug();
    UsbipPlug(const UsbipPlug&) = delete;
    UsbipPlug& operator=(const UsbipPlug&) = delete;

    // Without the lock. Serves the host on a thread of its own, until one of both hangs up.
    void start();

    // With the lock.
    void pull();
    void pull_after(unsigned transfers) { transfers_left_ = transfers; }
    void stir();
    [[nodiscard]] bool is_pulled() const { return device_ == nullptr; }

private:
    struct Transfer {
        usbip::Submit submit;
        Buffer out;
    };
    using Transfers = std::list<Transfer>;

    void serve();
    // False: it goes on with nothing that makes sense.
    [[nodiscard]] bool serve_one();
    [[nodiscard]] bool receive(std::span<std::uint8_t> into) const;
    void send(Bytes bytes);
    void take(const usbip::Unlink& unlink);
    [[nodiscard]] bool move_one();
    // False: it stays on its way.
    [[nodiscard]] bool try_transfer(Transfers::iterator transfer);
    [[nodiscard]] Reply ask(const Transfer& transfer, Buffer& in);
    void notice(const Setup& setup);

    Table& table_;
    UsbDevice* device_;  // null: pulled
    UniqueFd connection_;
    Transfers pending_;
    std::optional<unsigned> transfers_left_;
    bool is_configured_ = false;
    std::jthread server_;
};

}  // namespace stile::emulator
