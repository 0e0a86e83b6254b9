// SPDX-License-Identifier: Apache-2.0
// Entries to bytes and back. Each body is walked by one function for both ways.
#include "daemon/entry/entry.hpp"

#include <type_traits>
#include <utility>

#include <fmt/format.h>

namespace stile {
namespace {

constexpr std::uint8_t kFormat = 1;
constexpr std::size_t kHeaderBytes = 27;
constexpr std::size_t kMaxText = 63;

class Writer {
public:
    explicit Writer(Buffer& out) : out_{out} {}
    template <std::unsigned_integral T>
    void number(T value) {
        out_.number(value);
    }
    template <class E>
    void choice(E value, std::underlying_type_t<E> /*last*/) {
        out_.number(std::to_underlying(value));
    }
    template <std::size_t N>
    void raw(const std::array<std::uint8_t, N>& bytes) {
        out_.raw(bytes);
    }
    void text(std::string_view text) {
        text = utf8_head(text, kMaxText);
        out_.number(static_cast<std::uint8_t>(text.size()));
        out_.raw(as_bytes(text));
    }

private:
    ByteWriter out_;
};

class Reader {
public:
    explicit Reader(Bytes bytes) : in_{bytes} {}
    template <std::unsigned_integral T>
    void number(T& value) {
        value = in_.number<T>();
    }
    template <class E>
    void choice(E& value, std::underlying_type_t<E> last) {
        const auto raw = in_.number<std::underlying_type_t<E>>();
        if (raw < 1 || raw > last) return in_.fail();
        value = static_cast<E>(raw);
    }
    template <std::size_t N>
    void raw(std::array<std::uint8_t, N>& bytes) {
        in_.copy(bytes);
    }
    void text(std::string& text) {
        const std::size_t size = in_.number<std::uint8_t>();
        const Bytes raw = in_.take(size);
        if (size > kMaxText || !is_utf8(raw)) return in_.fail();
        text = as_text(raw);
    }
    [[nodiscard]] bool complete() const { return in_.complete(); }

private:
    ByteReader in_;
};

void walk(auto& io, auto& body)
    requires std::is_same_v<std::remove_cvref_t<decltype(body)>, EpochStarted>
{
    io.choice(body.cause, std::to_underlying(EpochCause::Last));
    io.number(body.previous_epoch), io.number(body.previous_seq), io.raw(body.previous_head);
}

void walk(auto& io, auto& body)
    requires std::is_same_v<std::remove_cvref_t<decltype(body)>, DaemonStarted>
{
    io.number(body.boot), io.number(body.unresolved), io.text(body.software);
}

void walk(auto& io, auto& body)
    requires std::is_same_v<std::remove_cvref_t<decltype(body)>, Decided>
{
    io.choice(body.verdict, std::to_underlying(Verdict::Refuse)),
        io.choice(body.reason, kReasonSlots - 1);
    io.choice(body.direction, std::to_underlying(Direction::Last));
    io.number(body.medium), io.number(body.fault), io.number(body.assurance),
        io.number(body.reissue);
    io.number(body.product), io.number(body.event), io.number(body.list), io.number(body.area);
    io.number(body.people), io.number(body.flags), io.number(body.decided_us), io.raw(body.ticket);
    io.text(body.lane), io.text(body.reader), io.text(body.issuer), io.text(body.channel);
}

void walk(auto& io, auto& body)
    requires std::is_same_v<std::remove_cvref_t<decltype(body)>, Passage>
{
    io.choice(body.result, std::to_underlying(PassageResult::Last)), io.number(body.admission),
        io.number(body.people), io.number(body.release_us);
    io.raw(body.ticket), io.text(body.lane);
}

void walk(auto& io, auto& body)
    requires std::is_same_v<std::remove_cvref_t<decltype(body)>, ListChanged>
{
    io.number(body.generation), io.number(body.records), io.text(body.list);
}

void walk(auto& io, auto& body)
    requires std::is_same_v<std::remove_cvref_t<decltype(body)>, LaneEvent>
{
    io.choice(body.what, std::to_underlying(LaneEventKind::Last)), io.number(body.admission);
    io.number(body.count), io.text(body.lane);
}

void walk(auto& io, auto& body)
    requires std::is_same_v<std::remove_cvref_t<decltype(body)>, Act>
{
    io.choice(body.what, std::to_underlying(ActKind::Last)), io.number(body.mode);
    io.number(body.admission), io.text(body.person), io.text(body.role), io.text(body.reason);
    io.text(body.lane);
}

void walk(auto& io, auto& body)
    requires std::is_same_v<std::remove_cvref_t<decltype(body)>, Annulled>
{
    io.number(body.admission), io.raw(body.ticket), io.text(body.person), io.text(body.reason);
    io.text(body.lane);
}

void walk(auto& io, auto& body)
    requires std::is_same_v<std::remove_cvref_t<decltype(body)>, NotStored>
{
    io.number(body.refusals), io.number(body.first_ms), io.number(body.last_ms);
}

template <std::size_t I = 0>
Result<EntryBody> read_body(std::uint8_t kind, Reader& reader) {
    if constexpr (I == std::variant_size_v<EntryBody>) {
        return fail(Errc::Unsupported, fmt::format("entry of kind {}", kind));
    } else {
        using Body = std::variant_alternative_t<I, EntryBody>;
        if (Body::kKind != kind) return read_body<I + 1>(kind, reader);
        Body body;
        walk(reader, body);
        if (!reader.complete())
            return fail(Errc::Invalid, fmt::format("malformed entry of kind {}", kind));
        return body;
    }
}

}  // namespace

std::string_view name_of(ClockQuality quality) {
    switch (quality) {
        case ClockQuality::Synced:
            return "synced";
        case ClockQuality::Unsynced:
            return "unsynced";
        case ClockQuality::Holdover:
            return "holdover";
        case ClockQuality::Wrong:
            break;
    }
    return "wrong";
}

std::string_view name_of(LaneMode mode) {
    switch (mode) {
        case LaneMode::Normal:
            return "normal";
        case LaneMode::Free:
            return "free";
        case LaneMode::Locked:
            return "locked";
        case LaneMode::ExitOnly:
            return "exit-only";
        case LaneMode::OutOfOrder:
            break;
    }
    return "out-of-order";
}

std::string_view name_of(LaneEventKind kind) {
    switch (kind) {
        case LaneEventKind::Tailgating:
            return "tailgating";
        case LaneEventKind::ReversePassage:
            return "reverse-passage";
        case LaneEventKind::PassageWithoutRelease:
            return "passage-without-release";
        case LaneEventKind::SensorStuck:
            return "sensor-stuck";
        case LaneEventKind::SensorFree:
            return "sensor-free";
        case LaneEventKind::ArmStuck:
            return "arm-stuck";
        case LaneEventKind::ArmFree:
            return "arm-free";
        case LaneEventKind::DeviceGone:
            return "device-gone";
        case LaneEventKind::DeviceBack:
            return "device-back";
        case LaneEventKind::FireStarted:
            return "fire-started";
        case LaneEventKind::FireEnded:
            return "fire-ended";
        case LaneEventKind::TamperOpened:
            return "tamper-opened";
        case LaneEventKind::TamperClosed:
            return "tamper-closed";
        case LaneEventKind::FreePassage:
            break;
    }
    return "free-passage";
}

std::string_view name_of(ActKind kind) {
    switch (kind) {
        case ActKind::OpenOnce:
            return "open";
        case ActKind::SetMode:
            return "mode";
        case ActKind::Override:
            return "override";
        case ActKind::Annul:
            return "annul";
        case ActKind::Backup:
            return "backup";
        case ActKind::Restore:
            return "restore";
        case ActKind::CallSupervisor:
            return "call-supervisor";
        case ActKind::Login:
            return "login";
        case ActKind::Test:
            return "test";
        case ActKind::TestEnd:
            return "test-end";
        case ActKind::Reload:
            break;
    }
    return "reload";
}

void encode_entry(const Entry& entry, Buffer& out) {
    Writer writer{out};
    writer.number(kFormat);
    writer.number(std::visit([](const auto& body) { return body.kKind; }, entry.body));
    writer.number(entry.epoch);
    writer.number(entry.seq);
    writer.number(static_cast<std::uint64_t>(entry.time.time_since_epoch().count()));
    writer.choice(entry.clock, std::to_underlying(ClockQuality::Last));
    std::visit([&writer](const auto& body) { walk(writer, body); }, entry.body);
}

Result<Entry> decode_entry(Bytes bytes) {
    Reader reader{bytes};
    std::uint8_t format = 0;
    std::uint8_t kind = 0;
    std::uint64_t time = 0;
    Entry entry;
    reader.number(format), reader.number(kind);
    if (bytes.size() < kHeaderBytes) return fail(Errc::Invalid, "entry shorter than its header");
    if (format != kFormat) return fail(Errc::Unsupported, fmt::format("entry format {}", format));
    reader.number(entry.epoch), reader.number(entry.seq), reader.number(time);
    reader.choice(entry.clock, std::to_underlying(ClockQuality::Last));
    entry.time = decltype(entry.time){std::chrono::milliseconds{static_cast<std::int64_t>(time)}};
    auto body = read_body(kind, reader);
    if (!body) return std::unexpected{std::move(body.error())};
    entry.body = std::move(*body);
    return entry;
}

}  // namespace stile
