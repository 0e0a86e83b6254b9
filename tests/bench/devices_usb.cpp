// SPDX-License-Identifier: Apache-2.0
// What our interface and our loop add to libusb's own asynchronous transfers, in time of the
// processor, to the same emulated device. The kernel's part is played by umockdev, which makes
// every system call of either side dearer than it is.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <libusb.h>
#include <time.h>

#include "devices/usb/usb_bus.hpp"
#include "tests/bench/ratio.hpp"
#include "tests/devices/echo_device.hpp"
#include "tests/devices/preload.hpp"
#include "tests/emulator/umockdev/umockdev_bus.hpp"

namespace {

using namespace stile;
using namespace stile::devices;
using namespace std::chrono_literals;

constexpr std::size_t kBytes = 64;
constexpr int kExchanges = 20;
constexpr int kRounds = 101;

template <class Value>
Value must(Result<Value> value) {
    if (!value) {
        std::fprintf(stderr, "%s\n", value.error().context.c_str());
        std::exit(1);
    }
    return std::move(*value);
}

void must_be_zero(int error) {
    if (error == 0) return;
    std::fprintf(stderr, "%s\n", libusb_strerror(error));
    std::exit(1);
}

// Both sides send 64 bytes and take them back.
class Ours {
public:
    explicit Ours(const std::string& port) : usb_{must(UsbBus::open(loop_))} {
        const auto devices = usb_->devices();
        const auto at = std::ranges::find_if(
            devices, [&port](const UsbDevice& each) { return each.identity.port == port; });
        const UsbInterfaceInfo& info = *interface_for(*at, UsbUse::Nfc);
        in_ = *endpoint_of(info, UsbEndpoint::Kind::BulkIn);
        out_ = *endpoint_of(info, UsbEndpoint::Kind::BulkOut);
        interface_ = must(usb_->claim(*at, info));
    }
    void operator()() {
        interface_->send(out_, data_, 1s, [this](const UsbInterface::Received&) {
            interface_->receive(in_, kBytes, 1s, [this](const UsbInterface::Received& got) {
                if (!got || got->size() != kBytes) std::exit(1);
                loop_.stop(0);
            });
        });
        (void)loop_.run();
    }

private:
    EventLoop loop_;
    std::unique_ptr<UsbBus> usb_;
    std::unique_ptr<UsbInterface> interface_;
    UsbEndpoint in_;
    UsbEndpoint out_;
    Buffer data_ = Buffer(kBytes, 7);
};

class Bare {
public:
    explicit Bare(int port) {
        must_be_zero(libusb_init(&context_));
        libusb_device** list = nullptr;
        const ssize_t count = libusb_get_device_list(context_, &list);
        for (ssize_t i = 0; i < count; ++i)
            if (libusb_get_port_number(list[i]) == port)
                must_be_zero(libusb_open(list[i], &handle_));
        libusb_free_device_list(list, 1);
        must_be_zero(libusb_claim_interface(handle_, 0));
    }
    ~Bare() {
        libusb_close(handle_);
        libusb_exit(context_);
    }
    Bare(const Bare&) = delete;
    Bare& operator=(const Bare&) = delete;

    void operator()() {
        done_ = 0;
        begin(0x02, [](libusb_transfer* out) {
            auto* self = static_cast<Bare*>(out->user_data);
            libusb_free_transfer(out);
            self->begin(0x82, [](libusb_transfer* in) {
                if (in->actual_length != kBytes) std::exit(1);
                static_cast<Bare*>(in->user_data)->done_ = 1;
                libusb_free_transfer(in);
            });
        });
        while (done_ == 0)
            must_be_zero(libusb_handle_events_completed(context_, &done_));
    }

private:
    void begin(unsigned char endpoint, libusb_transfer_cb_fn on_done) {
        libusb_transfer* one = libusb_alloc_transfer(0);
        libusb_fill_bulk_transfer(one, handle_, endpoint, data_.data(), kBytes, on_done, this,
                                  1000);
        must_be_zero(libusb_submit_transfer(one));
    }

    int done_ = 0;
    libusb_context* context_ = nullptr;
    libusb_device_handle* handle_ = nullptr;
    Buffer data_ = Buffer(kBytes, 7);
};

// Of this thread: the emulated kernel has one of its own.
double processor_us() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

template <class Exchange>
double round_us(Exchange& exchange) {
    const double before = processor_us();
    for (int i = 0; i < kExchanges; ++i)
        exchange();
    return (processor_us() - before) / (2 * kExchanges);  // a transfer each way
}

}  // namespace

int main(int, char** argv) {
    require_preload(argv);
    EchoDevice one;
    EchoDevice two;
    emulator::Table table;
    emulator::UmockdevBus bus{table};
    (void)bus.plug(one, "1-1");
    (void)bus.plug(two, "1-2");
    Ours ours{"1-1"};
    Bare bare{2};
    std::vector<double> ours_us;
    std::vector<double> bare_us;
    for (int i = 0; i < kRounds; ++i) {
        ours_us.push_back(round_us(ours));
        bare_us.push_back(round_us(bare));
    }
    std::printf("%-58s %6.3f  (%.2f us / %.2f us)\n",
                "processor time of a bulk transfer / bare libusb",
                bench::median(ours_us) / bench::median(bare_us), bench::median(ours_us),
                bench::median(bare_us));
    return 0;
}
