// SPDX-License-Identifier: Apache-2.0
// A relay board at a real /dev/hidraw node of umockdev: answers the ioctls as a board does, late,
// or not at all.
#pragma once

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <mutex>
#include <string>
#include <utility>

#include <linux/hidraw.h>
#include <sys/ioctl.h>
#include <umockdev.h>

namespace stile::devices::test {

// One board in a USB port: eight relays, of which its name admits to two.
class EmulatedRelay {
public:
    enum class Way : int { Works, Silent, Dead };

    EmulatedRelay(UMockdevTestbed* bed, std::string node, std::string port, std::string id)
        : bed_{bed}, node_{std::move(node)}, port_{std::move(port)}, id_{std::move(id)} {
        handler_ = umockdev_ioctl_base_new();
        g_signal_connect(handler_, "handle-ioctl", G_CALLBACK(on_ioctl), this);
        const std::string path = "/dev/" + node_;
        umockdev_testbed_attach_ioctl(bed_, path.c_str(), handler_, nullptr);
        plug_in();
    }
    ~EmulatedRelay() {
        go(Way::Works);
        umockdev_testbed_detach_ioctl(bed_, ("/dev/" + node_).c_str(), nullptr);
        g_object_unref(handler_);
    }
    EmulatedRelay(const EmulatedRelay&) = delete;
    EmulatedRelay& operator=(const EmulatedRelay&) = delete;

    void plug_in() {
        const std::string usb = "/devices/pci/usb1/" + port_;
        const std::string hid = usb + "/" + port_ + ":1.0/0003:16C0:05DF.000" + node_.back();
        add("P: " + usb + "\nE: SUBSYSTEM=usb\nE: DEVTYPE=usb_device\n");
        add("P: " + usb + "/" + port_ + ":1.0\nE: SUBSYSTEM=usb\nE: DEVTYPE=usb_interface\n");
        add("P: " + hid + "\nE: SUBSYSTEM=hid\nE: HID_NAME=www.dcttech.com USBRelay2\n");
        add("P: " + hid + "/hidraw/" + node_ + "\nN: " + node_ + "=00\nE: DEVNAME=/dev/" + node_ +
            "\nE: SUBSYSTEM=hidraw\nE: MAJOR=244\nE: MINOR=0\nA: dev=244:0\\n\n");
    }
    void go(Way way) {
        way_ = way;
        if (way == Way::Silent) return;
        const std::lock_guard lock{mutex_};
        if (late_ == nullptr) return;
        g_main_context_invoke(context_, on_late, this);
    }
    // Called on umockdev's thread. Set it before anybody switches.
    void on_change(std::function<void(std::uint8_t states)> callback) {
        change_ = std::move(callback);
    }
    [[nodiscard]] std::uint8_t states() const { return states_; }
    [[nodiscard]] std::uint8_t ever_on() const { return ever_on_; }
    [[nodiscard]] int pulses() const { return pulses_; }
    [[nodiscard]] std::chrono::steady_clock::time_point switched_on() const { return switched_on_; }
    // Somebody waits for the answer of a silent one.
    [[nodiscard]] bool is_awaited() {
        const std::lock_guard lock{mutex_};
        return late_ != nullptr;
    }

private:
    void add(const std::string& device) {
        GError* error = nullptr;
        umockdev_testbed_add_from_string(bed_, (device + "\n").c_str(), &error);
        if (error != nullptr) std::abort();  // a bug of the test
    }
    static gboolean on_ioctl(UMockdevIoctlBase*, UMockdevIoctlClient* client, gpointer data) {
        auto& self = *static_cast<EmulatedRelay*>(data);
        if (self.way_ != Way::Silent) {
            self.complete(client);
            return TRUE;
        }
        const std::lock_guard lock{self.mutex_};
        self.context_ = g_main_context_get_thread_default();
        self.late_ = static_cast<UMockdevIoctlClient*>(g_object_ref(client));
        return TRUE;
    }
    static gboolean on_late(gpointer data) {
        auto& self = *static_cast<EmulatedRelay*>(data);
        UMockdevIoctlClient* client = nullptr;
        {
            const std::lock_guard lock{self.mutex_};
            client = std::exchange(self.late_, nullptr);
        }
        if (client == nullptr) return G_SOURCE_REMOVE;
        self.complete(client);
        g_object_unref(client);
        return G_SOURCE_REMOVE;
    }
    void complete(UMockdevIoctlClient* client) {
        const gulong request = umockdev_ioctl_client_get_request(client);
        UMockdevIoctlData* data = umockdev_ioctl_data_resolve(umockdev_ioctl_client_get_arg(client),
                                                              0, _IOC_SIZE(request), nullptr);
        const int result = data == nullptr ? -EFAULT : answer(request, data->data);
        if (data != nullptr) g_object_unref(data);
        umockdev_ioctl_client_complete(client, result < 0 ? -1 : result, result < 0 ? -result : 0);
    }
    // The length of the report, or an error number below zero.
    int answer(gulong request, std::uint8_t* report) {
        if (way_ == Way::Dead) return -ENODEV;
        constexpr int kLength = 9;
        if (request == HIDIOCGFEATURE(kLength)) {
            std::fill_n(report, kLength, std::uint8_t{0});
            std::memcpy(report + 1, id_.data(), 5);
            report[8] = states_;
            return kLength;
        }
        if (request != HIDIOCSFEATURE(kLength)) return -ENOTTY;
        const auto bit = static_cast<std::uint8_t>(1U << (report[2] - 1U));
        const std::uint8_t before = states_;
        if (report[1] == 0xFF) {
            if ((states_ & bit) == 0) ++pulses_;
            switched_on_ = std::chrono::steady_clock::now();
            states_ = static_cast<std::uint8_t>(states_ | bit);
            ever_on_ |= bit;
        } else if (report[1] == 0xFD) {
            states_ = static_cast<std::uint8_t>(states_ & ~bit);
        }
        if (change_ && states_ != before) change_(states_);
        return kLength;
    }

    UMockdevTestbed* bed_;
    UMockdevIoctlBase* handler_ = nullptr;
    std::string node_;
    std::string port_;
    std::string id_;
    std::atomic<Way> way_{Way::Works};
    std::atomic<std::uint8_t> states_{0};
    std::atomic<std::uint8_t> ever_on_{0};
    std::atomic<int> pulses_{0};
    std::atomic<std::chrono::steady_clock::time_point> switched_on_{};
    std::function<void(std::uint8_t)> change_;
    std::mutex mutex_;
    GMainContext* context_ = nullptr;
    UMockdevIoctlClient* late_ = nullptr;
};

}  // namespace stile::devices::test
