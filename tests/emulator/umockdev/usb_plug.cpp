// SPDX-License-Identifier: Apache-2.0
// The ioctls of usbfs, answered by a model. libumockdev calls in on a thread of its own.
#include "tests/emulator/umockdev/usb_plug.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <linux/usbdevice_fs.h>
#include <sys/ioctl.h>

#include "tests/emulator/umockdev/udev_text.hpp"

namespace stile::emulator {
namespace {

template <class T>
T& as(UMockdevIoctlData* data) {
    return *reinterpret_cast<T*>(data->data);
}

IoctlData resolved(UMockdevIoctlData* data, gsize offset, gsize size) {
    return IoctlData{umockdev_ioctl_data_resolve(data, offset, size, nullptr)};
}

}  // namespace

UsbPlug::UsbPlug(UMockdevTestbed* bed, Table& table, UsbDevice& device, std::string port,
                 unsigned number)
    : bed_{bed},
      table_{table},
      device_{&device},
      port_{std::move(port)},
      number_{number},
      node_{node_of(number)},
      handler_{umockdev_ioctl_base_new()},
      driver_bound_{is_keyboard(device)} {
    g_signal_connect(handler_.get(), "handle-ioctl", G_CALLBACK(on_ioctl), this);
    g_signal_connect(handler_.get(), "client-vanished", G_CALLBACK(on_vanished), this);
}

UsbPlug::~UsbPlug() {
    umockdev_testbed_detach_ioctl(bed_, node_.c_str(), nullptr);
    const std::lock_guard lock{table_.mutex};
    g_signal_handlers_disconnect_by_data(handler_.get(), this);
    pending_.clear();
    done_.clear();
}

void UsbPlug::announce() {
    gchar* root = umockdev_testbed_get_root_dir(bed_);
    const std::string folder = root;
    g_free(root);
    poll_ = std::make_unique<PollNode>(folder + node_);
    if (umockdev_testbed_attach_ioctl(bed_, node_.c_str(), handler_.get(), nullptr) == 0)
        std::abort();
    const std::string text = udev_text(*device_, port_, number_);
    if (umockdev_testbed_add_from_string(bed_, text.c_str(), nullptr) == 0) std::abort();
}

void UsbPlug::withdraw() {
    const std::string device = "/sys" + path_of(port_);
    const std::string interface = device + "/" + port_ + ":1.0";
    for (const std::string& path : {interface, device}) {  // children first
        umockdev_testbed_uevent(bed_, path.c_str(), "remove");
        umockdev_testbed_remove_device(bed_, path.c_str());
    }
}

void UsbPlug::pull() {
    if (is_pulled()) return;
    device_->note("unplugged");
    device_ = nullptr;
    finish_all(-ESHUTDOWN);
    poll_.reset();
    table_.changed.notify_all();
}

gboolean UsbPlug::on_ioctl(UMockdevIoctlBase*, UMockdevIoctlClient* client, gpointer data) {
    auto* self = static_cast<UsbPlug*>(data);
    int error = 0;
    {
        const std::lock_guard lock{self->table_.mutex};
        error = self->answer(client, umockdev_ioctl_client_get_request(client),
                             umockdev_ioctl_client_get_arg(client));
        self->table_.changed.notify_all();
    }
    umockdev_ioctl_client_complete(client, error == 0 ? 0 : -1, error);
    return TRUE;
}

// The program closed the node, or ended.
void UsbPlug::on_vanished(UMockdevIoctlBase*, UMockdevIoctlClient* client, gpointer data) {
    auto* self = static_cast<UsbPlug*>(data);
    const std::lock_guard lock{self->table_.mutex};
    const auto of_client = [client](const Urb& urb) { return urb.client == client; };
    self->pending_.remove_if(of_client);
    self->done_.remove_if(of_client);
    for (const auto& [interface, owner] : std::map{self->claims_})
        if (owner == client) self->release(client, interface);
    self->table_.changed.notify_all();
}

int UsbPlug::answer(UMockdevIoctlClient* client, gulong request, UMockdevIoctlData* argument) {
    if (request == USBDEVFS_REAPURB || request == USBDEVFS_REAPURBNDELAY)
        return reap(client, argument);
    if (is_pulled()) return ENODEV;
    const gulong address = as<gulong>(argument);  // resolved, it is another one
    IoctlData data;
    if (const gsize bytes = _IOC_SIZE(request); bytes > 0) {
        data = resolved(argument, 0, bytes);
        if (!data) return EFAULT;  // the program was killed in its call
    }
    switch (request) {
        case USBDEVFS_GET_CAPABILITIES:
            return tell_capabilities(data.get());
        case USBDEVFS_GETDRIVER:
            return tell_driver(data.get());
        case USBDEVFS_IOCTL:
            return change_driver(data.get());
        case USBDEVFS_CLAIMINTERFACE:
            return claim(client, as<unsigned>(data.get()), false);
        case USBDEVFS_DISCONNECT_CLAIM:
            return claim(client, as<usbdevfs_disconnect_claim>(data.get()).interface, true);
        case USBDEVFS_RELEASEINTERFACE:
            return release(client, as<unsigned>(data.get()));
        case USBDEVFS_CLEAR_HALT:
        case USBDEVFS_SETCONFIGURATION:
        case USBDEVFS_SETINTERFACE:
            return 0;
        case USBDEVFS_RESET:
            return reset();
        case USBDEVFS_SUBMITURB:
            return submit(client, address, std::move(data));
        case USBDEVFS_DISCARDURB:
            return discard(client, argument);
        default:
            return ENOTTY;
    }
}

int UsbPlug::tell_capabilities(UMockdevIoctlData* data) {
    as<std::uint32_t>(data) = USBDEVFS_CAP_ZERO_PACKET | USBDEVFS_CAP_BULK_CONTINUATION |
                              USBDEVFS_CAP_NO_PACKET_SIZE_LIM | USBDEVFS_CAP_BULK_SCATTER_GATHER |
                              USBDEVFS_CAP_REAP_AFTER_DISCONNECT;
    return 0;
}

int UsbPlug::tell_driver(UMockdevIoctlData* data) {
    if (!driver_bound_ && claims_.empty() && !held_) return ENODATA;
    std::strcpy(as<usbdevfs_getdriver>(data).driver, driver_bound_ ? "usbhid" : "usbfs");
    return 0;
}

int UsbPlug::change_driver(UMockdevIoctlData* data) {
    const int code = as<usbdevfs_ioctl>(data).ioctl_code;
    if (code == static_cast<int>(USBDEVFS_DISCONNECT)) {
        if (!std::exchange(driver_bound_, false)) return ENODATA;
        device_->note("driver detached");
        return 0;
    }
    if (code != static_cast<int>(USBDEVFS_CONNECT) || !is_keyboard(*device_)) return ENODATA;
    driver_bound_ = true;
    return 0;
}

int UsbPlug::claim(UMockdevIoctlClient* client, unsigned interface, bool detach) {
    if (detach && std::exchange(driver_bound_, false)) device_->note("driver detached");
    const auto owner = claims_.find(interface);
    const bool others = owner != claims_.end() && owner->second != client;
    if (held_ || driver_bound_ || others) return EBUSY;
    if (claims_.emplace(interface, client).second)
        device_->note("claimed " + std::to_string(interface));
    return 0;
}

int UsbPlug::release(UMockdevIoctlClient* client, unsigned interface) {
    const auto owner = claims_.find(interface);
    if (owner == claims_.end() || owner->second != client) return EINVAL;
    claims_.erase(owner);
    if (device_ != nullptr) device_->note("released " + std::to_string(interface));
    return 0;
}

int UsbPlug::reset() {
    device_->note("reset");
    device_->reset();
    finish_all(-ENOENT);
    return 0;
}

int UsbPlug::submit(UMockdevIoctlClient* client, gulong address, IoctlData data) {
    Urb urb{.client = client, .address = address, .urb = std::move(data), .buffer = nullptr};
    const auto& fields = as<usbdevfs_urb>(urb.urb.get());
    if (fields.buffer_length > 0) {
        urb.buffer = resolved(urb.urb.get(), offsetof(usbdevfs_urb, buffer),
                              static_cast<gsize>(fields.buffer_length));
        if (!urb.buffer) return EFAULT;
    }
    pending_.push_back(std::move(urb));
    stir();
    return 0;
}

int UsbPlug::discard(UMockdevIoctlClient* client, UMockdevIoctlData* argument) {
    const gulong address = as<gulong>(argument);
    const auto urb = std::ranges::find_if(pending_, [&](const Urb& each) {
        return each.client == client && each.address == address;
    });
    if (urb == pending_.end()) return EINVAL;
    finish(urb, -ENOENT, 0);
    return 0;
}

// As usbfs does: each open file reaps its own.
int UsbPlug::reap(UMockdevIoctlClient* client, UMockdevIoctlData* argument) {
    const auto urb = std::ranges::find(done_, client, &Urb::client);
    if (urb == done_.end()) {
        if (poll_) poll_->set_ready(!done_.empty());
        return is_pulled() ? ENODEV : EAGAIN;
    }
    const auto pointer = resolved(argument, 0, sizeof(void*));
    if (!pointer) return EFAULT;
    umockdev_ioctl_data_set_ptr(pointer.get(), 0, urb->urb.get());
    done_.erase(urb);
    if (poll_ && done_.empty()) poll_->set_ready(false);
    return 0;
}

// Goes through the transfers in order until none moves; those of one endpoint never overtake.
void UsbPlug::stir() {
    for (bool moved = true; moved && !is_pulled();) {
        moved = false;
        std::uint32_t waiting = 0;
        for (auto urb = pending_.begin(); urb != pending_.end() && !moved; ++urb) {
            const unsigned endpoint = as<usbdevfs_urb>(urb->urb.get()).endpoint;
            const std::uint32_t bit = 1U << ((endpoint & 0x0FU) + ((endpoint & 0x80U) >> 3U));
            moved = (waiting & bit) == 0 && try_transfer(urb);
            waiting |= bit;
        }
    }
}

bool UsbPlug::try_transfer(Urbs::iterator urb) {
    if (transfers_left_ == 0U) {
        pull();
        return true;
    }
    auto& fields = as<usbdevfs_urb>(urb->urb.get());
    int length = fields.buffer_length;
    Reply reply = Reply::Done;
    if (fields.type == USBDEVFS_URB_TYPE_CONTROL) {
        reply = control(*urb, length);
    } else if ((fields.endpoint & 0x80U) != 0) {
        Buffer in;
        reply = device_->give(fields.endpoint, static_cast<std::size_t>(length), in);
        in.resize(std::min(in.size(), static_cast<std::size_t>(length)));  // of too much
        std::ranges::copy(in, urb->buffer ? urb->buffer->data : nullptr);
        length = static_cast<int>(in.size());
    } else {
        const std::uint8_t* out = urb->buffer ? urb->buffer->data : nullptr;
        reply = device_->take(fields.endpoint, {out, static_cast<std::size_t>(length)});
    }
    if (reply == Reply::NotYet) return false;
    finish(urb, errno_of(reply), reply == Reply::Done ? length : 0);
    if (transfers_left_) --*transfers_left_;
    return true;
}

Reply UsbPlug::control(const Urb& urb, int& length) {
    constexpr int kSetupBytes = 8;
    if (length < kSetupBytes) return Reply::Stall;
    std::uint8_t* bytes = urb.buffer->data;
    const auto word = [bytes](int at) {
        return static_cast<std::uint16_t>(bytes[at] | unsigned{bytes[at + 1]} << 8U);
    };
    const Setup setup{bytes[0], bytes[1], word(2), word(4), word(6)};
    const auto room = static_cast<std::size_t>(length - kSetupBytes);
    Buffer in;
    const bool to_host = (setup.type & 0x80U) != 0;
    const Reply reply =
        device_->control(setup, to_host ? Bytes{} : Bytes{bytes + kSetupBytes, room}, in);
    in.resize(std::min(in.size(), room));
    if (to_host) std::ranges::copy(in, bytes + kSetupBytes);
    length = static_cast<int>(to_host ? in.size() : room);
    return reply;
}

void UsbPlug::finish(Urbs::iterator urb, int status, int length) {
    auto& fields = as<usbdevfs_urb>(urb->urb.get());
    fields.status = status;
    fields.actual_length = length;
    done_.splice(done_.end(), pending_, urb);
    if (poll_) poll_->set_ready(true);
}

void UsbPlug::finish_all(int status) {
    while (!pending_.empty())
        finish(pending_.begin(), status, 0);
}

}  // namespace stile::emulator
