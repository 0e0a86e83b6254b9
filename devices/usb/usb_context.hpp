// SPDX-License-Identifier: Apache-2.0
// libusb's context on our event loop: its descriptors, its callbacks, and what has to wait for
// them.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "crypto/base/result.hpp"
#include "daemon/runtime/event_loop.hpp"

struct libusb_context;
struct libusb_device_handle;

namespace stile::devices {

// Thread-bound to the loop. libusb's own callbacks (plugging, descriptors that come and go) only
// note; transfers end inside libusb's event handling, during which nothing may be closed.
class UsbContext {
public:
    // Errors: Unsupported.
    [[nodiscard]] static Result<std::unique_ptr<UsbContext>> open(EventLoop& loop);
    ~UsbContext();
    UsbContext(const UsbContext&) = delete;
    UsbContext& operator=(const UsbContext&) = delete;

    [[nodiscard]] libusb_context* raw() const { return context_; }
    void on_change(std::function<void()> callback) { on_change_ = std::move(callback); }

    // Calls back from the loop, in order.
    void later(std::function<void()> callback);
    // Gives the interfaces back and closes the handle, as soon as that may be.
    void close(libusb_device_handle* handle, std::vector<int> interfaces);

    // How many transfers libusb has, so that the context outlives them.
    void began() { ++in_flight_; }
    void ended() { --in_flight_; }

private:
    struct Closing {
        libusb_device_handle* handle;
        std::vector<int> interfaces;
    };
    explicit UsbContext(EventLoop& loop) : loop_{loop} {}
    void watch();
    void watch(int fd, short events);
    void note_change() { changed_ = true; }
    void handle_events();
    void tell_of_change();
    void close_all();
    void run_late();
    void await_transfers();

    EventLoop& loop_;
    libusb_context* context_ = nullptr;
    int plug_watch_ = 0;
    std::map<int, EventSource> descriptors_;
    std::function<void()> on_change_;
    bool changed_ = false;
    bool handling_ = false;
    std::vector<Closing> closing_;
    std::vector<std::function<void()>> late_;
    EventSource late_source_;
    int in_flight_ = 0;
};

}  // namespace stile::devices
