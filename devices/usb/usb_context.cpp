// SPDX-License-Identifier: Apache-2.0
// libusb_handle_events() whenever one of libusb's descriptors is ready, and never waiting.
#include "devices/usb/usb_context.hpp"

#include <chrono>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <libusb.h>
#include <poll.h>

namespace stile::devices {
namespace {

constexpr std::chrono::seconds kLongestWait{1};

std::unexpected<Error> no_usb(int error) {
    return fail(Errc::Unsupported, fmt::format("no USB here: {}", libusb_strerror(error)));
}

}  // namespace

Result<std::unique_ptr<UsbContext>> UsbContext::open(EventLoop& loop) {
    std::unique_ptr<UsbContext> made{new UsbContext{loop}};
    if (const int error = libusb_init(&made->context_); error != 0) {
        made->context_ = nullptr;
        return no_usb(error);
    }
    // Otherwise somebody would have to wake libusb for its time-outs.
    if (libusb_pollfds_handle_timeouts(made->context_) == 0)
        return fail(Errc::Unsupported, "no USB here: this libusb was built without timers");
    const auto on_plug = [](libusb_context*, libusb_device*, libusb_hotplug_event, void* self) {
        static_cast<UsbContext*>(self)->note_change();
        return 0;
    };
    const int error = libusb_hotplug_register_callback(
        made->context_, LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT, 0,
        LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY, on_plug,
        made.get(), &made->plug_watch_);
    if (error != 0) return no_usb(error);
    made->watch();
    return made;
}

UsbContext::~UsbContext() {
    if (context_ == nullptr) return;
    run_late();
    await_transfers();
    close_all();
    libusb_hotplug_deregister_callback(context_, plug_watch_);
    libusb_set_pollfd_notifiers(context_, nullptr, nullptr, nullptr);
    descriptors_.clear();
    // The memory of a transfer that never came back stays libusb's.
    if (in_flight_ == 0) libusb_exit(context_);
}

void UsbContext::watch() {
    libusb_set_pollfd_notifiers(
        context_,
        [](int fd, short events, void* self) { static_cast<UsbContext*>(self)->watch(fd, events); },
        [](int fd, void* self) { static_cast<UsbContext*>(self)->descriptors_.erase(fd); }, this);
    const libusb_pollfd** list = libusb_get_pollfds(context_);
    for (const libusb_pollfd** at = list; at != nullptr && *at != nullptr; ++at)
        watch((*at)->fd, (*at)->events);
    libusb_free_pollfds(list);
}

// libusb waits for one direction of each: timers and signals to read, devices to write.
void UsbContext::watch(int fd, short events) {
    const auto ready = [this] { handle_events(); };
    descriptors_[fd] =
        (events & POLLOUT) != 0 ? loop_.on_writable(fd, ready) : loop_.on_readable(fd, ready);
}

void UsbContext::handle_events() {
    timeval no_time{};
    handling_ = true;
    // An error is one of the descriptors, which shows again; there is nobody to tell.
    (void)libusb_handle_events_timeout_completed(context_, &no_time, nullptr);
    handling_ = false;
    close_all();
    if (std::exchange(changed_, false)) later([this] { tell_of_change(); });
}

void UsbContext::tell_of_change() {
    const auto call = on_change_;  // it may set another one
    if (call) call();
}

void UsbContext::later(std::function<void()> callback) {
    late_.push_back(std::move(callback));
    if (!late_source_)
        late_source_ = loop_.after(std::chrono::milliseconds{0}, [this] { run_late(); });
}

void UsbContext::run_late() {
    late_source_.reset();
    for (const auto& callback : std::exchange(late_, {}))
        callback();
}

void UsbContext::close(libusb_device_handle* handle, std::vector<int> interfaces) {
    closing_.push_back({handle, std::move(interfaces)});
    if (!handling_) close_all();
}

void UsbContext::close_all() {
    for (const Closing& done : std::exchange(closing_, {})) {
        for (const int interface : done.interfaces)
            (void)libusb_release_interface(done.handle, interface);  // it may be unplugged
        libusb_close(done.handle);
    }
}

void UsbContext::await_transfers() {
    const auto end = std::chrono::steady_clock::now() + kLongestWait;
    handling_ = true;
    while (in_flight_ > 0 && std::chrono::steady_clock::now() < end) {
        timeval a_while{.tv_sec = 0, .tv_usec = 50'000};
        (void)libusb_handle_events_timeout_completed(context_, &a_while, nullptr);
    }
    handling_ = false;
}

}  // namespace stile::devices
