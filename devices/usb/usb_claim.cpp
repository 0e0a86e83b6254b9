// SPDX-License-Identifier: Apache-2.0
// A transfer belongs to libusb from its beginning to its end; whoever asked may be gone by then.
#include "devices/usb/usb_claim.hpp"

#include <algorithm>
#include <cassert>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <libusb.h>

namespace stile::devices {
namespace {

constexpr std::size_t kSetupBytes = 8;  // in front of the data of a control transfer
constexpr std::uint8_t kDeviceSends = 0x80;

UsbFault fault_of(libusb_error error) {
    return error == LIBUSB_ERROR_NO_DEVICE ? UsbFault::Gone : UsbFault::Failed;
}

// Nothing for a transfer that went well.
std::optional<UsbFault> fault_of(libusb_transfer_status status) {
    switch (status) {
        case LIBUSB_TRANSFER_COMPLETED:
            return std::nullopt;
        case LIBUSB_TRANSFER_TIMED_OUT:
            return UsbFault::Timeout;
        case LIBUSB_TRANSFER_STALL:
            return UsbFault::Stall;
        case LIBUSB_TRANSFER_OVERFLOW:
            return UsbFault::Overflow;
        case LIBUSB_TRANSFER_NO_DEVICE:
            return UsbFault::Gone;
        case LIBUSB_TRANSFER_ERROR:
        case LIBUSB_TRANSFER_CANCELLED:
            return UsbFault::Failed;
    }
    return UsbFault::Failed;
}

}  // namespace

struct UsbClaim::Order {
    std::uint8_t type = LIBUSB_TRANSFER_TYPE_BULK;
    std::uint8_t endpoint = 0;
    Buffer buffer;
    std::chrono::milliseconds timeout;
};

struct UsbClaim::Flight {
    std::shared_ptr<UsbHandle> handle;
    UsbClaim* owner;
    Buffer buffer;
    OnDone done;
    libusb_transfer* transfer = libusb_alloc_transfer(0);
    std::optional<UsbFault> fate;  // decided before it came back

    Flight(UsbClaim& claim, Buffer bytes, OnDone call)
        : handle{claim.handle_}, owner{&claim}, buffer{std::move(bytes)}, done{std::move(call)} {
        handle->context().began();
    }
    ~Flight() {
        libusb_free_transfer(transfer);
        handle->context().ended();
    }
    Flight(const Flight&) = delete;
    Flight& operator=(const Flight&) = delete;
};

int UsbHandle::claim(int interface) {
    const int error = libusb_claim_interface(raw_, interface);
    if (error == 0) claimed_.push_back(interface);
    return error;
}

UsbClaim::UsbClaim(std::shared_ptr<UsbHandle> handle, UsbIdentity identity, UsbInterfaceInfo info)
    : handle_{std::move(handle)}, identity_{std::move(identity)}, info_{std::move(info)} {}

UsbClaim::~UsbClaim() {
    for (Flight* flight : flights_) {
        flight->owner = nullptr;
        (void)libusb_cancel_transfer(flight->transfer);  // it may be on its way back already
    }
}

void UsbClaim::begin(Order order, OnDone done) {
    auto* flight = new Flight{*this, std::move(order.buffer), std::move(done)};
    libusb_transfer& transfer = *flight->transfer;
    transfer.dev_handle = handle_->raw();
    transfer.type = order.type;
    transfer.endpoint = order.endpoint;
    transfer.timeout = static_cast<unsigned>(order.timeout.count());
    transfer.buffer = flight->buffer.data();
    transfer.length = static_cast<int>(flight->buffer.size());
    transfer.user_data = flight;
    transfer.callback = on_done;
    assert(std::ranges::none_of(flights_, [&order](const Flight* other) {
        return !other->fate && other->transfer->endpoint == order.endpoint;
    }));
    flights_.push_back(flight);
    const int error = gone_ ? LIBUSB_ERROR_NO_DEVICE : libusb_submit_transfer(&transfer);
    if (error == 0) return;
    flight->fate = fault_of(static_cast<libusb_error>(error));
    handle_->context().later([flight] { finish(flight); });
}

void UsbClaim::on_done(libusb_transfer* transfer) {
    finish(static_cast<Flight*>(transfer->user_data));
}

void UsbClaim::finish(Flight* raw) {
    const std::unique_ptr<Flight> flight{raw};
    if (flight->owner == nullptr) return;
    std::erase(flight->owner->flights_, raw);
    flight->done(flight->owner->result_of(*flight));  // may destroy the owner
}

UsbInterface::Received UsbClaim::result_of(const Flight& flight) {
    const libusb_transfer& transfer = *flight.transfer;
    const auto fault = flight.fate ? flight.fate : fault_of(transfer.status);
    if (fault == UsbFault::Gone) gone_ = true;
    if (fault) return std::unexpected{*fault};
    const bool control = transfer.type == LIBUSB_TRANSFER_TYPE_CONTROL;
    const std::uint8_t direction = control ? flight.buffer[0] : transfer.endpoint;
    if ((direction & kDeviceSends) == 0) return Bytes{};
    const Bytes data = Bytes{flight.buffer}.subspan(control ? kSetupBytes : 0);
    return data.first(std::min(data.size(), static_cast<std::size_t>(transfer.actual_length)));
}

void UsbClaim::control(const UsbControl& what, Bytes data, std::chrono::milliseconds timeout,
                       OnDone done) {
    const bool in = (what.type & kDeviceSends) != 0;
    const auto length = in ? what.length : static_cast<std::uint16_t>(data.size());
    assert(data.size() <= UINT16_MAX);
    Buffer buffer(kSetupBytes + length);
    libusb_fill_control_setup(buffer.data(), what.type, what.request, what.value, what.index,
                              length);
    if (!in) std::ranges::copy(data, buffer.begin() + kSetupBytes);
    begin({LIBUSB_TRANSFER_TYPE_CONTROL, 0, std::move(buffer), timeout}, std::move(done));
}

void UsbClaim::send(const UsbEndpoint& to, Bytes data, std::chrono::milliseconds timeout,
                    OnDone done) {
    const bool bulk = to.kind == UsbEndpoint::Kind::BulkOut;
    assert(bulk || to.kind == UsbEndpoint::Kind::InterruptOut);
    begin({bulk ? std::uint8_t{LIBUSB_TRANSFER_TYPE_BULK}
                : std::uint8_t{LIBUSB_TRANSFER_TYPE_INTERRUPT},
           to.address, Buffer(data.begin(), data.end()), timeout},
          std::move(done));
}

void UsbClaim::receive(const UsbEndpoint& from, std::size_t most, std::chrono::milliseconds timeout,
                       OnDone done) {
    const bool bulk = from.kind == UsbEndpoint::Kind::BulkIn;
    assert(bulk || from.kind == UsbEndpoint::Kind::InterruptIn);
    assert(from.packet > 0);
    const std::size_t packets = std::max<std::size_t>((most + from.packet - 1) / from.packet, 1);
    begin({bulk ? std::uint8_t{LIBUSB_TRANSFER_TYPE_BULK}
                : std::uint8_t{LIBUSB_TRANSFER_TYPE_INTERRUPT},
           from.address, Buffer(packets * from.packet), timeout},
          std::move(done));
}

Result<void> UsbClaim::clear_halt(const UsbEndpoint& endpoint) {
    const int error = libusb_clear_halt(handle_->raw(), endpoint.address);
    if (error == 0) return {};
    const bool gone = error == LIBUSB_ERROR_NO_DEVICE;
    return fail(
        gone ? Errc::Closed : Errc::Io,
        fmt::format("endpoint {:02x} stays halted: {}", endpoint.address, libusb_strerror(error)));
}

Result<void> UsbClaim::reset() {
    for (Flight* flight : flights_) {
        flight->fate = flight->fate.value_or(UsbFault::Failed);
        (void)libusb_cancel_transfer(flight->transfer);
    }
    const int error = libusb_reset_device(handle_->raw());
    if (error == 0) return {};
    const bool another = error == LIBUSB_ERROR_NOT_FOUND || error == LIBUSB_ERROR_NO_DEVICE;
    gone_ = gone_ || another;
    return fail(another ? Errc::Closed : Errc::Io,
                fmt::format("cannot be reset: {}", libusb_strerror(error)));
}

}  // namespace stile::devices
