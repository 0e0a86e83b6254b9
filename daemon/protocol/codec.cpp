// SPDX-License-Identifier: Apache-2.0
// The two walkers over a message's fields, and the header around them.
#include "daemon/protocol/codec.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

namespace stile::protocol {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kHeaderBytes = 8;

bool is_text(Bytes bytes) {
    return std::ranges::find(bytes, 0) == bytes.end() && is_utf8(bytes);
}

// What the decoder takes: error texts may quote bytes of a file or a path that are no UTF-8, and
// must not cost the connection.
std::string clean(std::string_view text, std::size_t limit) {
    std::string out{utf8_head(text, limit)};
    if (is_text(as_bytes(out))) return out;
    std::ranges::replace_if(out, [](char c) { return c == 0 || (c & 0x80) != 0; }, '?');
    return out;
}

class Writer {
public:
    explicit Writer(Buffer& out) : out_{out} {}

    template <std::unsigned_integral T>
    void number(T value) {
        out_.number(value);
    }
    template <class E>
    void choice(E value) {
        out_.number(std::to_underlying(value));
    }
    void name8(std::string_view text, std::size_t limit) {
        assert(!text.empty());
        text8(text, limit);
    }
    void text8(std::string_view text, std::size_t limit) {
        sized<std::uint8_t>(as_bytes(clean(text, limit)));
    }
    void text16(std::string_view text, std::size_t limit) {
        sized<std::uint16_t>(as_bytes(clean(text, limit)));
    }
    void bytes8(Bytes bytes, [[maybe_unused]] std::size_t limit) {
        assert(bytes.size() <= limit);
        sized<std::uint8_t>(bytes);
    }
    void bytes16(Bytes bytes, [[maybe_unused]] std::size_t least,
                 [[maybe_unused]] std::size_t limit) {
        assert(bytes.size() >= least && bytes.size() <= limit);
        sized<std::uint16_t>(bytes);
    }
    void list(const std::vector<Buffer>& items, [[maybe_unused]] std::size_t least,
              [[maybe_unused]] std::size_t most, std::size_t limit) {
        assert(items.size() >= least && items.size() <= most);
        out_.number(static_cast<std::uint8_t>(items.size()));
        for (const Buffer& item : items)
            bytes16(item, 0, limit);
    }
    void texts(const std::vector<std::string>& items, [[maybe_unused]] std::size_t most,
               std::size_t limit) {
        assert(items.size() <= most);
        out_.number(static_cast<std::uint8_t>(items.size()));
        for (const std::string& item : items)
            text16(item, limit);
    }

private:
    template <class Length>
    void sized(Bytes bytes) {
        assert(bytes.size() <= std::numeric_limits<Length>::max());
        out_.number(static_cast<Length>(bytes.size()));
        out_.raw(bytes);
    }

    ByteWriter out_;
};

class Reader {
public:
    explicit Reader(Bytes body) : in_{body} {}

    template <std::unsigned_integral T>
    void number(T& value) {
        value = in_.number<T>();
    }
    template <class E>
    void choice(E& value) {
        const auto raw = in_.number<std::underlying_type_t<E>>();
        if (raw < 1 || raw > std::to_underlying(E::Last)) return in_.fail();
        value = static_cast<E>(raw);
    }
    void name8(std::string& text, std::size_t limit) {
        text8(text, limit);
        if (text.empty()) in_.fail();
    }
    void text8(std::string& text, std::size_t limit) {
        as(text, in_.number<std::uint8_t>(), limit);
    }
    void text16(std::string& text, std::size_t limit) {
        as(text, in_.number<std::uint16_t>(), limit);
    }
    void bytes8(Buffer& bytes, std::size_t limit) {
        as(bytes, in_.number<std::uint8_t>(), 0, limit);
    }
    void bytes16(Buffer& bytes, std::size_t least, std::size_t limit) {
        as(bytes, in_.number<std::uint16_t>(), least, limit);
    }
    void list(std::vector<Buffer>& items, std::size_t least, std::size_t most, std::size_t limit) {
        const std::size_t count = in_.number<std::uint8_t>();
        if (count < least || count > most) return in_.fail();
        items.resize(count);
        for (Buffer& item : items)
            bytes16(item, 0, limit);
    }
    void texts(std::vector<std::string>& items, std::size_t most, std::size_t limit) {
        const std::size_t count = in_.number<std::uint8_t>();
        if (count > most) return in_.fail();
        items.resize(count);
        for (std::string& item : items)
            text16(item, limit);
    }
    [[nodiscard]] bool complete() const { return in_.complete(); }

private:
    void as(std::string& text, std::size_t size, std::size_t limit) {
        const Bytes raw = in_.take(size);
        if (size > limit || !is_text(raw)) return in_.fail();
        text = as_text(raw);
    }
    void as(Buffer& bytes, std::size_t size, std::size_t least, std::size_t limit) {
        const Bytes raw = in_.take(size);
        if (size < least || size > limit) return in_.fail();
        bytes.assign(raw.begin(), raw.end());
    }

    ByteReader in_;
};

template <class M>
Result<Message> decode_body(Bytes body) {
    M message;
    Reader reader{body};
    M::fields(reader, message);
    if (!reader.complete())
        return fail(Errc::Invalid, fmt::format("malformed body of kind {:02x}", M::kKind));
    return message;
}

template <std::size_t I = 0>
Result<Message> decode_kind(std::uint8_t kind, Bytes body) {
    if constexpr (I == std::variant_size_v<Message>) {
        return fail(Errc::Invalid, fmt::format("unknown kind {:02x}", kind));
    } else {
        using M = std::variant_alternative_t<I, Message>;
        return M::kKind == kind ? decode_body<M>(body) : decode_kind<I + 1>(kind, body);
    }
}

template <class... Allowed>
bool holds_one_of(const Message& message) {
    return (std::holds_alternative<Allowed>(message) || ...);
}

}  // namespace

Buffer encode(const Message& message) {
    Buffer out;
    std::visit(
        [&out](const auto& m) {
            ByteWriter header{out};
            header.number(kVersion);
            header.number(m.kKind);
            header.number(std::uint16_t{0});
            header.number(std::uint32_t{0});
            Writer writer{out};
            m.fields(writer, m);
        },
        message);
    assert(out.size() <= kMaxMessageBytes);
    const auto length = big_endian(static_cast<std::uint32_t>(out.size() - kHeaderBytes));
    std::ranges::copy(length, out.begin() + 4);
    return out;
}

Result<Message> decode(Bytes datagram) {
    if (datagram.size() > kMaxMessageBytes) return fail(Errc::Invalid, "message too long");
    ByteReader header{datagram};
    const auto version = header.number<std::uint8_t>();
    const auto kind = header.number<std::uint8_t>();
    const auto reserved = header.number<std::uint16_t>();
    const auto length = header.number<std::uint32_t>();
    if (!header.ok()) return fail(Errc::Invalid, "shorter than a header");
    if (version != kVersion)
        return fail(Errc::Unsupported, fmt::format("protocol version {}", version));
    if (reserved != 0) return fail(Errc::Invalid, "reserved bytes are not zero");
    if (length != header.left()) return fail(Errc::Invalid, "length does not match the datagram");
    return decode_kind(kind, datagram.subspan(kHeaderBytes));
}

bool may_send(Role role, const Message& message) {
    if (holds_one_of<Hello, Goodbye, Ping, Pong>(message)) return true;
    switch (role) {
        case Role::Reader:
            return holds_one_of<Scan, CardPresent, CardAnswer, CardGone, ReaderHealth>(message);
        case Role::Sync:
            return holds_one_of<Follow, Acknowledge, LinkState, Stored, Fetch, CatalogOffer>(
                message);
        case Role::Control:
            return holds_one_of<Command, CatalogOffer, Tail>(message);
        case Role::Viewer:
            return holds_one_of<Watch>(message);
    }
    return false;
}

}  // namespace stile::protocol
