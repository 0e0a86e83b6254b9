// SPDX-License-Identifier: Apache-2.0
// Both kinds of requests begin with the same five numbers; answers name only the sequence.
#include "tests/emulator/usbip/wire.hpp"

namespace stile::emulator::usbip {
namespace {

constexpr std::uint32_t kSubmit = 1;
constexpr std::uint32_t kUnlink = 2;
constexpr std::uint32_t kSubmitted = 3;
constexpr std::uint32_t kUnlinked = 4;
constexpr std::uint32_t kShortNotOk = 1;
constexpr std::uint32_t kNotIsochronous = 0xFFFF'FFFF;

std::uint16_t little(Bytes bytes, std::size_t at) {
    return static_cast<std::uint16_t>(bytes[at] | unsigned{bytes[at + 1]} << 8U);
}

struct Basic {
    std::uint32_t sequence = 0;
    std::uint32_t direction = 0;
    std::uint32_t endpoint = 0;
};

Result<Request> parse_submit(const Basic& basic, ByteReader& in) {
    const auto flags = in.number<std::uint32_t>();
    const auto length = in.number<std::uint32_t>();
    (void)in.take(4);  // start frame
    const auto packets = in.number<std::uint32_t>();
    (void)in.take(4);  // interval
    const Bytes setup = in.take(8);
    if (basic.direction > 1) return fail(Errc::Invalid, "a transfer in no direction");
    if (basic.endpoint > 15) return fail(Errc::Invalid, "a transfer at an endpoint above 15");
    if (length > kMostBytes) return fail(Errc::Invalid, "a transfer of more than a MiB");
    if (packets != 0 && packets != kNotIsochronous)
        return fail(Errc::Unsupported, "an isochronous transfer");
    return Submit{
        .sequence = basic.sequence,
        .direction = basic.direction == 1 ? Direction::ToHost : Direction::ToDevice,
        .endpoint = static_cast<std::uint8_t>(basic.endpoint),
        .if_short = (flags & kShortNotOk) != 0 ? Short::Wrong : Short::Fine,
        .length = length,
        .setup = {setup[0], setup[1], little(setup, 2), little(setup, 4), little(setup, 6)}};
}

// The first half of an answer, and the bytes behind it.
Buffer answer(std::uint32_t command, std::uint32_t sequence, int status) {
    Buffer bytes;
    ByteWriter out{bytes};
    out.number(command);
    out.number(sequence);
    out.raw(Buffer(12, 0));  // device, direction and endpoint: the sequence says it
    out.number(static_cast<std::uint32_t>(status));
    return bytes;
}

}  // namespace

Result<Request> parse_request(Bytes header) {
    if (header.size() != kHeaderBytes) return fail(Errc::Invalid, "a header of another size");
    ByteReader in{header};
    const auto command = in.number<std::uint32_t>();
    const auto sequence = in.number<std::uint32_t>();
    (void)in.take(4);  // device: a connection has only one
    const auto direction = in.number<std::uint32_t>();
    const auto endpoint = in.number<std::uint32_t>();
    if (command == kSubmit) return parse_submit({sequence, direction, endpoint}, in);
    if (command == kUnlink) return Unlink{sequence, in.number<std::uint32_t>()};
    return fail(Errc::Invalid, "neither a transfer nor the end of one");
}

Buffer answer_to(const Submit& submit, int status, std::size_t actual, Bytes data) {
    Buffer bytes = answer(kSubmitted, submit.sequence, status);
    ByteWriter out{bytes};
    out.number(static_cast<std::uint32_t>(actual));
    out.number(std::uint32_t{0});  // start frame
    out.number(kNotIsochronous);
    out.raw(Buffer(12, 0));  // errors, and eight bytes of nothing
    out.raw(data);
    return bytes;
}

Buffer answer_to(const Unlink& unlink, int status) {
    Buffer bytes = answer(kUnlinked, unlink.sequence, status);
    bytes.resize(kHeaderBytes);
    return bytes;
}

}  // namespace stile::emulator::usbip
