// SPDX-License-Identifier: Apache-2.0
// Walkers over a message's fields: its shape, all that may not stand in it, and random content.
#pragma once

#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "crypto/base/bytes.hpp"
#include "daemon/protocol/messages.hpp"

namespace stile::protocol::test {

// One field's bytes: one good form, further good forms at its limits, and forms beyond them.
struct FieldForms {
    std::string shape;  // "text8 0..32", "choice 1..3", "u64"
    Buffer good;
    std::vector<Buffer> also_good;
    std::vector<Buffer> wrong;
};

template <class Length>
Buffer sized(Bytes content) {
    Buffer out;
    ByteWriter writer{out};
    writer.number(static_cast<Length>(content.size()));
    writer.raw(content);
    return out;
}

template <class Length>
Buffer sized(std::string_view content) {
    return sized<Length>(as_bytes(content));
}

// Encodes by the shapes alone, without the encoder under test.
class FormsOf {
public:
    template <std::unsigned_integral T>
    void number(const T& /*value*/) {
        forms.push_back({"u" + std::to_string(8 * sizeof(T)),
                         Buffer(sizeof(T), 0x5A),
                         {Buffer(sizeof(T), 0x00), Buffer(sizeof(T), 0xFF)},
                         {}});
    }
    template <class E>
    void choice(const E& /*value*/) {
        const auto last = std::to_underlying(E::Last);
        forms.push_back({"choice 1.." + std::to_string(last),
                         {1},
                         {{last}},
                         {{0}, {static_cast<std::uint8_t>(last + 1)}, {0xFF}}});
    }
    void name8(const std::string& /*text*/, std::size_t limit) {
        text<std::uint8_t>("text8 1..", limit);
        forms.back().wrong.push_back({0});
    }
    void text8(const std::string& /*text*/, std::size_t limit) {
        text<std::uint8_t>("text8 0..", limit);
        forms.back().also_good.push_back({0});
    }
    void text16(const std::string& /*text*/, std::size_t limit) {
        text<std::uint16_t>("text16 0..", limit);
        forms.back().also_good.push_back({0, 0});
    }
    void bytes8(const Buffer& /*bytes*/, std::size_t limit) {
        bytes<std::uint8_t>("bytes8 ", 0, limit);
    }
    void bytes16(const Buffer& /*bytes*/, std::size_t least, std::size_t limit) {
        bytes<std::uint16_t>("bytes16 ", least, limit);
    }
    void list(const std::vector<Buffer>& /*items*/, std::size_t least, std::size_t most,
              std::size_t limit) {
        items("list ", least, most, Buffer(limit, 0xEE));
    }
    void texts(const std::vector<std::string>& /*items*/, std::size_t most, std::size_t limit) {
        items("texts ", 0, most, Buffer(limit, 'a'));
    }

    std::vector<FieldForms> forms;

private:
    template <class Length>
    void text(const std::string& kind, std::size_t limit) {
        FieldForms form{kind + std::to_string(limit), sized<Length>("go\xC3\xA9"), {}, {}};
        form.also_good = {sized<Length>(std::string(limit, 'a'))};
        form.wrong = {sized<Length>(std::string(limit + 1, 'a')),
                      sized<Length>(std::string_view{"a\0b", 3}),
                      sized<Length>("\xC3"),          // cut in two
                      sized<Length>("\xC0\xAF"),      // overlong
                      sized<Length>("\xED\xA0\x80"),  // a surrogate
                      sized<Length>("\xF4\x90\x80\x80")};
        forms.push_back(std::move(form));
    }
    template <class Length>
    void bytes(const std::string& kind, std::size_t least, std::size_t limit) {
        FieldForms form{kind + std::to_string(least) + ".." + std::to_string(limit),
                        sized<Length>(std::string_view{"\x00\xFF", 2}),
                        {},
                        {}};
        form.also_good = {sized<Length>(Buffer(least, 0xC3)), sized<Length>(Buffer(limit, 0xC3))};
        form.wrong = {sized<Length>(Buffer(limit + 1, 0x01))};
        if (least > 0) form.wrong.push_back(sized<Length>(Buffer(least - 1, 0x01)));
        forms.push_back(std::move(form));
    }
    static Buffer repeated(std::size_t count, const Buffer& item) {
        Buffer out{static_cast<std::uint8_t>(count)};
        for (std::size_t i = 0; i < count; ++i) {
            const Buffer one = sized<std::uint16_t>(item);
            out.insert(out.end(), one.begin(), one.end());
        }
        return out;
    }
    void items(const std::string& kind, std::size_t least, std::size_t most, Buffer largest) {
        FieldForms form{kind + std::to_string(least) + ".." + std::to_string(most) + " of 0.." +
                            std::to_string(largest.size()),
                        repeated(2, Buffer{'x'}),
                        {},
                        {}};
        form.also_good = {repeated(least, {}), repeated(most, largest)};
        Buffer too_large = largest;
        too_large.push_back('a');
        form.wrong = {repeated(most + 1, {}), repeated(1, too_large)};
        if (least > 0) form.wrong.push_back(repeated(least - 1, {}));
        forms.push_back(std::move(form));
    }
};

// Fills a message with random content within its limits.
class Fill {
public:
    explicit Fill(std::mt19937_64& random) : random_{random} {}

    template <std::unsigned_integral T>
    void number(T& value) {
        value = static_cast<T>(random_());
    }
    template <class E>
    void choice(E& value) {
        value = static_cast<E>(below(std::to_underlying(E::Last)) + 1);
    }
    void name8(std::string& text, std::size_t limit) {
        text8(text, limit);
        if (text.empty()) text = "n";
    }
    void text8(std::string& text, std::size_t limit) {
        constexpr std::array<std::string_view, 5> kCharacters{"a", "\"", "\n", "\xC3\xA9",
                                                              "\xF0\x9F\x8E\xAB"};
        text.clear();
        for (std::size_t left = below(limit + 1); left > 4; left = left > 4 ? left - 4 : 0)
            text += kCharacters[below(kCharacters.size())];
    }
    void text16(std::string& text, std::size_t limit) { text8(text, limit); }
    void bytes8(Buffer& bytes, std::size_t limit) { bytes16(bytes, 0, limit); }
    void bytes16(Buffer& bytes, std::size_t least, std::size_t limit) {
        bytes.resize(least + below(limit - least + 1));
        for (std::uint8_t& byte : bytes)
            byte = static_cast<std::uint8_t>(random_());
    }
    void list(std::vector<Buffer>& items, std::size_t least, std::size_t most, std::size_t limit) {
        items.resize(least + below(most - least + 1));
        for (Buffer& item : items)
            bytes16(item, 0, limit);
    }
    void texts(std::vector<std::string>& items, std::size_t most, std::size_t limit) {
        items.resize(below(most + 1));
        for (std::string& item : items)
            text16(item, limit);
    }

private:
    std::size_t below(std::size_t end) { return static_cast<std::size_t>(random_() % end); }
    std::mt19937_64& random_;
};

// Writes down every field, so that two messages can be compared.
class Describe {
public:
    template <std::unsigned_integral T>
    void number(const T& value) {
        add(std::to_string(value));
    }
    template <class E>
    void choice(const E& value) {
        add(std::to_string(std::to_underlying(value)));
    }
    void name8(const std::string& text, std::size_t /*limit*/) { add(text); }
    void text8(const std::string& text, std::size_t /*limit*/) { add(text); }
    void text16(const std::string& text, std::size_t /*limit*/) { add(text); }
    void bytes8(const Buffer& bytes, std::size_t /*limit*/) { add(to_hex(bytes)); }
    void bytes16(const Buffer& bytes, std::size_t /*least*/, std::size_t /*limit*/) {
        add(to_hex(bytes));
    }
    void list(const std::vector<Buffer>& items, std::size_t /*least*/, std::size_t /*most*/,
              std::size_t /*limit*/) {
        for (const Buffer& item : items)
            add(to_hex(item));
    }
    void texts(const std::vector<std::string>& items, std::size_t /*most*/, std::size_t /*limit*/) {
        for (const std::string& item : items)
            add(item);
    }

    std::string fields;

private:
    void add(std::string_view field) { fields.append(field).push_back('|'); }
};

inline std::string describe(const Message& message) {
    Describe io;
    std::visit([&io](const auto& m) { m.fields(io, m); }, message);
    return std::to_string(message.index()) + ":" + io.fields;
}

// Calls `action` with a default-constructed message of every kind.
template <std::size_t I = 0>
void for_each_kind(const std::function<void(Message)>& action) {
    if constexpr (I < std::variant_size_v<Message>) {
        action(std::variant_alternative_t<I, Message>{});
        for_each_kind<I + 1>(action);
    }
}

inline std::uint8_t kind_of(const Message& message) {
    return std::visit([](const auto& m) { return m.kKind; }, message);
}

inline std::vector<FieldForms> forms_of(const Message& message) {
    FormsOf io;
    std::visit([&io](const auto& m) { m.fields(io, m); }, message);
    return io.forms;
}

// A datagram around any body, right or wrong.
inline Buffer datagram(std::uint8_t kind, Bytes body) {
    Buffer out;
    ByteWriter writer{out};
    writer.number(std::uint8_t{1});
    writer.number(kind);
    writer.number(std::uint16_t{0});
    writer.number(static_cast<std::uint32_t>(body.size()));
    writer.raw(body);
    return out;
}

}  // namespace stile::protocol::test
