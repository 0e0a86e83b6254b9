// SPDX-License-Identifier: Apache-2.0
// What our driver of card readers costs beside bare libusb that moves the same bytes: the CPU time
// of the host's thread for one tap of a tag, with an emulated reader behind the real libusb.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <mutex>

#include <libusb.h>
#include <unistd.h>

#include "devices/ccid/ccid_reader.hpp"
#include "devices/reader/loop_timer.hpp"
#include "devices/usb/usb_bus.hpp"
#include "tests/bench/ratio.hpp"
#include "tests/emulator/model/ccid_reader.hpp"
#include "tests/emulator/model/tags.hpp"
#include "tests/emulator/umockdev/umockdev_bus.hpp"

namespace {

using namespace stile;
using namespace std::chrono_literals;

constexpr int kRounds = 151;
constexpr int kTaps = 10;  // in a round
// What a gate asks a tag: its number, its container, and its first pages.
const std::array<Buffer, 5> kCommands{*from_hex("FFCA000000"), *from_hex("FFB0000310"),
                                      *from_hex("FFB0000410"), *from_hex("FFB0000810"),
                                      *from_hex("FFB0000C10")};

// A reader with a card that comes and goes.
class Field {
public:
    explicit Field(std::string_view port) { bus().plug(reader_, std::string{port}); }
    void insert() {
        const std::lock_guard lock{table().mutex};
        reader_.insert(std::make_shared<emulator::Type2Tag>(*emulator::find_type2("ntag215"),
                                                            *from_hex("04112233445566"), Bytes{}));
        bus().stir(reader_);
    }
    void remove() {
        const std::lock_guard lock{table().mutex};
        reader_.remove();
        bus().stir(reader_);
    }
    static emulator::Table& table() {
        static emulator::Table one;
        return one;
    }
    static emulator::UmockdevBus& bus() {
        static emulator::UmockdevBus one{table()};
        return one;
    }

private:
    emulator::CcidReader reader_{*emulator::find_reader_make("utrust3700f")};
};

class Ours {
public:
    explicit Ours(Field& field) : field_{field} {
        const auto device = bus_->devices().front();
        reader_ = devices::CcidReader::open(bus_->claim(device, device.interfaces.front()).value(),
                                            timer_,
                                            {.on_card = [this](Bytes) { ask(0); },
                                             .on_gone = [this] { loop_.stop(0); },
                                             .on_condition = [this] { loop_.stop(0); }})
                      .value();
        reader_->start();
        (void)loop_.run();
    }
    void operator()() {
        field_.insert();
        (void)loop_.run();
        field_.remove();
        (void)loop_.run();
    }
    [[nodiscard]] std::uint64_t transfers() const { return reader_->transfers(); }

private:
    void ask(std::size_t number) {
        if (number == kCommands.size()) return loop_.stop(0);
        reader_->transmit(kCommands.at(number), 1s,
                          [this, number](const devices::CcidReader::Answer& answer) {
                              if (!answer) std::abort();
                              ask(number + 1);
                          });
    }

    Field& field_;
    EventLoop loop_;
    devices::LoopTimer timer_{loop_, [this] { reader_->on_alarm(); }};
    std::unique_ptr<devices::UsbBus> bus_ = devices::UsbBus::open(loop_).value();
    std::unique_ptr<devices::CcidReader> reader_;
};

// The same transfers in the same order, and not a line around them.
class Bare {
public:
    Bare(Field& field, int port) : field_{field} {
        libusb_init(&context_);
        libusb_device** list = nullptr;
        const ssize_t count = libusb_get_device_list(context_, &list);
        for (ssize_t i = 0; i < count; ++i) {
            if (libusb_get_port_number(list[i]) == port) (void)libusb_open(list[i], &handle_);
        }
        libusb_free_device_list(list, 1);
        if (handle_ == nullptr || libusb_claim_interface(handle_, 0) != 0) std::abort();
        add(devices::CcidRequest::PowerOn, {});
        add(devices::CcidRequest::SetParameters, *from_hex("1110004D002000"));
        for (const Buffer& command : kCommands)
            add(devices::CcidRequest::Transfer, command);
    }
    ~Bare() {
        libusb_close(handle_);
        libusb_exit(context_);
    }
    Bare(const Bare&) = delete;
    Bare& operator=(const Bare&) = delete;

    void operator()() {
        field_.insert();
        listen();
        for (Buffer& frame : frames_) {
            move(0x02, frame);
            move(0x82, room_);
        }
        field_.remove();
        listen();
    }

private:
    void add(devices::CcidRequest request, Bytes data) {
        const std::uint8_t first = request == devices::CcidRequest::SetParameters ? 1 : 0;
        frames_.push_back(devices::encode({.request = request,
                                           .sequence = static_cast<std::uint8_t>(frames_.size()),
                                           .specific = {first, 0, 0},
                                           .data = data}));
    }
    void listen() {
        int moved = 0;
        if (libusb_interrupt_transfer(handle_, 0x81, room_.data(), 8, &moved, 1000) != 0)
            std::abort();
    }
    void move(std::uint8_t endpoint, Buffer& bytes) {
        int moved = 0;
        if (libusb_bulk_transfer(handle_, endpoint, bytes.data(), static_cast<int>(bytes.size()),
                                 &moved, 1000) != 0)
            std::abort();
    }

    Field& field_;
    libusb_context* context_ = nullptr;
    libusb_device_handle* handle_ = nullptr;
    std::vector<Buffer> frames_;
    Buffer room_ = Buffer(8192 + 64);
};

double cpu_us() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

template <class Tap>
double cpu_us_of(Tap& tap) {
    const double begin = cpu_us();
    for (int i = 0; i < kTaps; ++i)
        tap();
    return (cpu_us() - begin) / kTaps;
}

}  // namespace

int main(int, char** argv) {
    if (std::getenv("STILE_BENCH_STAGE") == nullptr) {  // again, with the emulator's library
        ::setenv("STILE_BENCH_STAGE", "1", 1);
        ::setenv("LD_PRELOAD", "libumockdev-preload.so.0", 1);
        ::execv("/proc/self/exe", argv);
        return 1;
    }
    Field first{"1-1"};
    Ours ours{first};
    Field second{"1-2"};
    Bare bare{second, 2};
    (void)cpu_us_of(ours);  // warm
    (void)cpu_us_of(bare);
    const std::uint64_t before = ours.transfers();
    std::vector<double> ours_us;
    std::vector<double> bare_us;
    for (int i = 0; i < kRounds; ++i) {
        ours_us.push_back(cpu_us_of(ours));
        bare_us.push_back(cpu_us_of(bare));
    }
    const double transfers = static_cast<double>(ours.transfers() - before) / (kRounds * kTaps);
    const double us = bench::median(ours_us);
    std::printf("%-58s %6.3f  (%.2f us / %.2f us, %.2f bulk transfers)\n",
                "a tap of a tag / bare libusb, the same bytes", us / bench::median(bare_us), us,
                bench::median(bare_us), transfers);
    return 0;
}
