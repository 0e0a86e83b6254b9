// SPDX-License-Identifier: Apache-2.0
// One device in one plug, as the kernel's usbfs shows it to programs.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <umockdev.h>

#include "tests/emulator/bus.hpp"
#include "tests/emulator/umockdev/poll_node.hpp"

namespace stile::emulator {

struct Unref {
    void operator()(auto* object) const { g_object_unref(object); }
};
using IoctlData = std::unique_ptr<UMockdevIoctlData, Unref>;

// Lives on when it is unplugged: programs reap their transfers afterwards.
class UsbPlug {
public:
    UsbPlug(UMockdevTestbed* bed, Table& table, UsbDevice& device, std::string port,
            unsigned number);
    ~UsbPlug();
    UsbPlug(const UsbPlug&) = delete;
    UsbPlug& operator=(const UsbPlug&) = delete;

    // Without the lock: what udev tells the programs.
    void announce();
    void withdraw();

    // With the lock.
    void pull();
    void pull_after(unsigned transfers) { transfers_left_ = transfers; }
    void stir();
    void hold() { held_ = true; }
    void let_go() { held_ = false; }
    [[nodiscard]] const UsbDevice* device() const { return device_; }
    [[nodiscard]] bool is_pulled() const { return device_ == nullptr; }
    [[nodiscard]] unsigned number() const { return number_; }

private:
    struct Urb {
        UMockdevIoctlClient* client = nullptr;
        gulong address = 0;  // the program's
        IoctlData urb;
        IoctlData buffer;
    };
    using Urbs = std::list<Urb>;

    static gboolean on_ioctl(UMockdevIoctlBase*, UMockdevIoctlClient* client, gpointer self);
    static void on_vanished(UMockdevIoctlBase*, UMockdevIoctlClient* client, gpointer self);
    // 0 or an error number.
    int answer(UMockdevIoctlClient* client, gulong request, UMockdevIoctlData* argument);
    int tell_capabilities(UMockdevIoctlData* data);
    int tell_driver(UMockdevIoctlData* data);
    int change_driver(UMockdevIoctlData* data);
    int claim(UMockdevIoctlClient* client, unsigned interface, bool detach);
    int release(UMockdevIoctlClient* client, unsigned interface);
    int reset();
    int submit(UMockdevIoctlClient* client, gulong address, IoctlData data);
    int discard(UMockdevIoctlClient* client, UMockdevIoctlData* argument);
    int reap(UMockdevIoctlClient* client, UMockdevIoctlData* argument);
    // False: it stays on its way.
    bool try_transfer(Urbs::iterator urb);
    Reply control(const Urb& urb, int& length);
    void finish(Urbs::iterator urb, int status, int length);
    void finish_all(int status);
    [[nodiscard]] std::string text_for_udev() const;

    UMockdevTestbed* bed_;
    Table& table_;
    UsbDevice* device_;  // null: pulled
    std::string port_;
    unsigned number_;
    std::string node_;
    std::unique_ptr<UMockdevIoctlBase, Unref> handler_;
    std::unique_ptr<PollNode> poll_;
    Urbs pending_;
    Urbs done_;
    std::optional<unsigned> transfers_left_;
    std::map<unsigned, UMockdevIoctlClient*> claims_;
    bool driver_bound_;  // usbhid takes keyboards
    bool held_ = false;
};

}  // namespace stile::emulator
