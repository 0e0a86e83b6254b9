// SPDX-License-Identifier: Apache-2.0
// USB/IP without a kernel: this test is the host, at the other end of the socket pair.
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "tests/emulator/model/ccid_reader.hpp"
#include "tests/emulator/model/tags.hpp"
#include "tests/emulator/usbip/usbip_bus.hpp"
#include "tests/emulator/usbip/vhci.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::emulator {
namespace {

Buffer bytes(std::string_view hex) {
    return from_hex(hex).value();
}

// A request as the kernel of Debian 12 writes it.
struct Asked {
    std::uint32_t command = 1;
    std::uint32_t sequence = 1;
    std::uint32_t direction = 1;
    std::uint32_t endpoint = 0;
    std::uint32_t flags = 0;
    std::uint32_t length = 0;
    std::uint32_t packets = 0;
    std::string setup = "0000000000000000";
    Buffer data{};

    [[nodiscard]] Buffer written() const {
        Buffer out;
        ByteWriter to{out};
        for (const std::uint32_t number : {command, sequence, 0x10002U, direction, endpoint, flags,
                                           length, std::uint32_t{0}, packets, std::uint32_t{0}})
            to.number(number);
        to.raw(bytes(setup));
        to.raw(data);
        return out;
    }
};

Asked unlinking(std::uint32_t sequence, std::uint32_t victim) {
    return {.command = 2, .sequence = sequence, .direction = 0, .flags = victim};
}

Asked control(std::uint32_t sequence, const std::string& setup, std::uint32_t length) {
    return {.sequence = sequence, .length = length, .setup = setup};
}

// A reader at port 1-1; the test holds the kernel's end of the connection.
class Usbip : public ::testing::Test {
protected:
    void SetUp() override { ASSERT_TRUE(bus.plug(reader, "1-1")); }
    // What a test expects never to come must not make it wait for ever.
    void keep(int connection) {
        host.reset(::dup(connection));
        const timeval patience{40, 0};
        ::setsockopt(host.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }
    void send(const Buffer& message) const {
        EXPECT_EQ(::send(host.get(), message.data(), message.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(message.size()));
    }
    void ask(const Asked& asked) const { send(asked.written()); }
    // So many bytes in hexadecimal; "the end" when the device has hung up.
    [[nodiscard]] std::string read(std::size_t size) const {
        Buffer in(size);
        const ssize_t got = ::recv(host.get(), in.data(), size, MSG_WAITALL);
        return got == static_cast<ssize_t>(size) ? to_hex(in) : "the end";
    }
    // "status length data" of the answer that comes next, and whose it is.
    [[nodiscard]] std::string answer(std::uint32_t sequence, bool with_data = true) const {
        const std::string head = read(usbip::kHeaderBytes);
        if (head == "the end") return head;
        EXPECT_EQ(head.substr(8, 8), to_hex(big_endian(sequence)));
        const int status = static_cast<int>(std::stoul(head.substr(40, 8), nullptr, 16));
        if (head.substr(0, 8) == "00000004") return "unlinked " + std::to_string(status);
        const std::size_t actual = std::stoul(head.substr(48, 8), nullptr, 16);
        const std::string data = with_data && actual > 0 ? " " + read(actual) : "";
        return std::to_string(status) + " " + std::to_string(actual) + data;
    }
    void command(std::uint32_t sequence, std::string_view hex) const {
        const Buffer data = bytes(hex);
        ask({.sequence = sequence,
             .direction = 0,
             .endpoint = 2,
             .length = static_cast<std::uint32_t>(data.size()),
             .data = data});
        EXPECT_EQ(answer(sequence, false), "0 " + std::to_string(data.size()));
    }
    void change(const std::function<void()>& what) {
        const std::lock_guard lock{table.mutex};
        what();
        bus.stir(reader);
    }
    [[nodiscard]] bool diary_has(const std::string& line) {
        const std::lock_guard lock{table.mutex};
        return std::ranges::find(reader.diary(), line) != reader.diary().end();
    }
    void wait_until_pulled() {
        std::unique_lock lock{table.mutex};
        EXPECT_TRUE(table.changed.wait_for(lock, std::chrono::seconds{40},
                                           [&] { return bus.is_pulled(reader); }));
    }
    void expect_hang_up(const Buffer& message) {
        send(message);
        EXPECT_EQ(read(1), "the end");
        wait_until_pulled();
    }

    Table table;
    CcidReader reader{*find_reader_make("acr122u")};
    UniqueFd host;
    unsigned port = 99;
    UsbipBus bus{table, [this](unsigned at, int connection) -> Result<void> {
                     port = at;
                     keep(connection);
                     return {};
                 }};

    static constexpr const char* kStatus = "65000000000007000000";
};

TEST(UsbipWire, IsWhatTheSpecificationShows) {
    const auto in =
        usbip::parse_request(bytes("00000001"
                                   "00000d05"
                                   "0001000f"
                                   "00000001"
                                   "00000001"
                                   "00000200"
                                   "00000040"
                                   "ffffffff"
                                   "00000000"
                                   "00000004"
                                   "8006000102033412"));
    ASSERT_TRUE(in);
    const auto& submit = std::get<usbip::Submit>(*in);
    EXPECT_EQ(submit.sequence, 0xd05U);
    EXPECT_EQ(submit.address(), 0x81);
    EXPECT_EQ(submit.length, 64U);
    EXPECT_EQ(submit.if_short, usbip::Short::Fine);
    EXPECT_EQ(submit.setup.type, 0x80);
    EXPECT_EQ(submit.setup.request, 6);
    EXPECT_EQ(submit.setup.value, 0x100);
    EXPECT_EQ(submit.setup.index, 0x302);
    EXPECT_EQ(submit.setup.length, 0x1234);
    EXPECT_EQ(to_hex(usbip::answer_to(submit, -32, 4, bytes("ffffff86"))),
              "00000003"
              "00000d05"
              "00000000"
              "00000000"
              "00000000"
              "ffffffe0"
              "00000004"
              "00000000"
              "ffffffff"
              "00000000"
              "0000000000000000"
              "ffffff86");
    EXPECT_EQ(to_hex(usbip::answer_to(usbip::Unlink{.sequence = 0xd06, .victim = 0xd05}, -104)),
              "00000004"
              "00000d06"
              "00000000"
              "00000000"
              "00000000"
              "ffffff98" +
                  std::string(48, '0'));
}

TEST(UsbipWire, RefusesHeadersThatMakeNoSense) {
    const Asked wrong[] = {{.command = 0},      {.command = 3},         {.command = 0x80000001},
                           {.direction = 2},    {.endpoint = 16},       {.endpoint = 0x80000001},
                           {.length = 1 << 21}, {.length = 0xFFFFFFFF}, {.packets = 1}};
    for (const Asked& asked : wrong)
        EXPECT_FALSE(usbip::parse_request(asked.written())) << to_hex(asked.written());
    const Buffer right = Asked{}.written();
    EXPECT_TRUE(usbip::parse_request(right));
    for (std::size_t size = 0; size < right.size(); ++size)
        EXPECT_FALSE(usbip::parse_request(Bytes{right}.first(size)));
}

TEST_F(Usbip, GivesTheKernelAPortAndAnEndOfTheConnection) {
    EXPECT_EQ(port, 0U);
    CcidReader other{*find_reader_make("acr1252u")};
    EXPECT_TRUE(bus.plug(other, "1-8"));
    EXPECT_EQ(port, 7U);
    bus.unplug(other);
}

TEST_F(Usbip, KnowsOnlyThePortsOfTheController) {
    CcidReader other{*find_reader_make("acr1252u")};
    for (const char* where : {"", "1", "1-", "1-0", "1-9", "1-1x", "2-1", "1--1", "1-1.1"}) {
        const auto plugged = bus.plug(other, where);
        ASSERT_FALSE(plugged) << where;
        EXPECT_EQ(plugged.error().code, Errc::NotFound);
    }
}

TEST_F(Usbip, TellsWhenTheKernelRefusesAPort) {
    UsbipBus refused{
        table, [](unsigned, int) -> Result<void> { return fail(Errc::Io, "no such kernel"); }};
    CcidReader other{*find_reader_make("acr1252u")};
    const auto plugged = refused.plug(other, "1-1");
    ASSERT_FALSE(plugged);
    EXPECT_EQ(plugged.error().code, Errc::Io);
    EXPECT_FALSE(refused.is_pulled(other));
}

TEST_F(Usbip, AnswersWhatAKernelAsksOfANewDevice) {
    ask(control(1, "8006000100001200", 18));
    EXPECT_EQ(answer(1), "0 18 " + to_hex(reader.descriptor()));
    ask(control(2, "8006000200000900", 9));
    EXPECT_EQ(answer(2), "0 9 " + to_hex(Bytes{reader.configuration()}.first(9)));
    ask({.sequence = 3, .direction = 0, .setup = "0009010000000000"});
    EXPECT_EQ(answer(3), "0 0");
    EXPECT_TRUE(diary_has("configured"));
    EXPECT_FALSE(diary_has("reset"));
}

TEST_F(Usbip, TakesASecondConfigurationForAReset) {
    for (const std::uint32_t sequence : {1U, 2U}) {
        ask({.sequence = sequence, .direction = 0, .setup = "0009010000000000"});
        EXPECT_EQ(answer(sequence), "0 0");
    }
    EXPECT_TRUE(diary_has("reset"));
}

TEST_F(Usbip, CarriesCommandsAndTheirAnswers) {
    command(1, kStatus);
    ask({.sequence = 2, .endpoint = 2, .length = 271});
    EXPECT_EQ(answer(2), "0 10 81000000000007020000");
}

TEST_F(Usbip, KeepsATransferUntilThereIsSomethingForIt) {
    ask({.sequence = 1, .endpoint = 2, .length = 271});
    ask({.sequence = 2, .endpoint = 1, .length = 8});
    command(3, kStatus);
    EXPECT_EQ(answer(1), "0 10 81000000000007020000");
    change([&] {
        reader.insert(std::make_shared<Type2Tag>(*find_type2("ntag213"), bytes("041689aa5c5e80"),
                                                 type2_area_of(bytes("d00000"))));
    });
    EXPECT_EQ(answer(2), "0 2 5003");
}

TEST_F(Usbip, CallsAShortAnswerWrongOnlyIfTheHostDoes) {
    command(1, kStatus);
    ask({.sequence = 2, .endpoint = 2, .flags = 1, .length = 271});
    EXPECT_EQ(answer(2), "-121 10 81000000000007020000");
    command(3, kStatus);
    ask({.sequence = 4, .endpoint = 2, .flags = 1, .length = 10});
    EXPECT_EQ(answer(4), "0 10 81000000000007020000");
}

TEST_F(Usbip, SaysWhenARequestStalls) {
    ask(control(1, "8006000900001200", 18));
    EXPECT_EQ(answer(1), "-32 0");
}

TEST_F(Usbip, StallsInTheMiddleOfAConversation) {
    change([&] { reader.misbehave({.how = *find_misbehaviour("stall")}); });
    command(1, kStatus);
    ask({.sequence = 2, .endpoint = 2, .length = 271});
    EXPECT_EQ(answer(2), "-32 0");
}

TEST_F(Usbip, NeverGivesMoreThanThereIsRoomFor) {
    change([&] { reader.misbehave({.how = *find_misbehaviour("babble")}); });
    command(1, kStatus);
    ask({.sequence = 2, .endpoint = 2, .length = 271});
    EXPECT_EQ(answer(2), "-75 0");
}

TEST_F(Usbip, UnlinksATransferThatWaits) {
    ask({.sequence = 1, .endpoint = 2, .length = 271});
    ask(unlinking(2, 1));
    EXPECT_EQ(answer(2), "unlinked -104");
    command(3, kStatus);
    ask({.sequence = 4, .endpoint = 2, .length = 271});
    EXPECT_EQ(answer(4), "0 10 81000000000007020000") << "the one that was unlinked took it";
}

TEST_F(Usbip, SaysThatATransferWasOverBeforeItWasUnlinked) {
    command(1, kStatus);
    ask(unlinking(2, 1));
    EXPECT_EQ(answer(2), "unlinked 0");
    ask(unlinking(3, 77));
    EXPECT_EQ(answer(3), "unlinked 0");
}

TEST_F(Usbip, HangsUpWhenItIsUnplugged) {
    ask({.sequence = 1, .endpoint = 2, .length = 271});
    bus.unplug(reader);
    EXPECT_EQ(read(1), "the end");
    EXPECT_TRUE(diary_has("unplugged"));
}

TEST_F(Usbip, IsPulledOutAtTheVeryTransferThatWasNamed) {
    change([&] { bus.pull_after(reader, 1); });
    command(1, kStatus);
    ask({.sequence = 2, .endpoint = 2, .length = 271});
    EXPECT_EQ(read(1), "the end");
    wait_until_pulled();
}

TEST_F(Usbip, IsPulledOutWhenTheKernelHangsUp) {
    host.reset();
    wait_until_pulled();
    EXPECT_TRUE(diary_has("unplugged"));
}

TEST_F(Usbip, ComesBackInTheSamePort) {
    bus.unplug(reader);
    ASSERT_TRUE(bus.plug(reader, "1-1"));
    command(1, kStatus);
}

TEST_F(Usbip, HangsUpOnAHostThatMakesNoSense) {
    expect_hang_up(Buffer(usbip::kHeaderBytes, 0xFF));
}

TEST_F(Usbip, HangsUpOnATransferThatIsTooLarge) {
    expect_hang_up(Asked{.direction = 0, .endpoint = 2, .length = usbip::kMostBytes + 1}.written());
}

TEST_F(Usbip, HangsUpOnIsochronousTransfers) {
    expect_hang_up(Asked{.endpoint = 1, .length = 8, .packets = 4}.written());
}

TEST_F(Usbip, DoesNotWaitForEverForTheRestOfAHeader) {
    send(Buffer(usbip::kHeaderBytes - 1, 0));
    host.reset();
    wait_until_pulled();
}

TEST_F(Usbip, DoesNotWaitForEverForTheRestOfTheData) {
    ask({.direction = 0, .endpoint = 2, .length = 10, .data = Buffer(9, 0)});
    host.reset();
    wait_until_pulled();
}

TEST_F(Usbip, CannotHoldADeviceForAnotherProgram) {
    const std::lock_guard lock{table.mutex};
    const auto held = bus.hold(reader);
    ASSERT_FALSE(held);
    EXPECT_EQ(held.error().code, Errc::Unsupported);
}

TEST(Vhci, IsToldOfPortSocketNumberAndSpeed) {
    const test::TempDir temp;
    const auto file = temp.write("attach", "");
    ASSERT_TRUE(attach_to_vhci(temp.path(), 3, 17));
    std::string line;
    std::getline(std::ifstream{file}, line);
    EXPECT_EQ(line, "3 17 65541 2");
}

TEST(Vhci, IsMissedWhereTheKernelHasNone) {
    const test::TempDir temp;
    const auto attached = attach_to_vhci(temp.path(), 0, 0);
    ASSERT_FALSE(attached);
    EXPECT_EQ(attached.error().code, Errc::NotFound);
}

}  // namespace
}  // namespace stile::emulator
