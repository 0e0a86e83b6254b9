// SPDX-License-Identifier: Apache-2.0
// A card reader that the test plays before the real stiled, and cards to hold to it.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "crypto/aes.hpp"
#include "crypto/issue/ndef.hpp"
#include "tests/crypto/ev2_card.hpp"
#include "tests/daemon/stiled_site.hpp"

namespace stile::test {

// What a card answers to each command, status bytes and all.
using PlayedCard = std::function<Buffer(const Buffer& command)>;

inline const Buffer kRefused{0x6A, 0x82};

inline crypto::Gt1Fields card_fields(std::uint64_t serial) {
    crypto::Gt1Fields fields = tests::test_fields();
    fields.serial = serial;
    fields.not_after = 4'000'000'000;
    return fields;
}

// An NTAG21x with this ticket.
inline PlayedCard tag_with(const crypto::Gt1Fields& fields) {
    Buffer memory(12, 0);  // pages 0 to 2
    const Buffer container{0xE1, 0x10, 0x3E, 0x00};
    const Buffer area =
        crypto::type2_area(crypto::gt1_ndef(tests::test_ticket(fields, tests::test_key(1))));
    memory.insert(memory.end(), container.begin(), container.end());
    memory.insert(memory.end(), area.begin(), area.end());
    memory.resize(924);
    return [memory](const Buffer& command) {
        if (command.size() != 5 || command[1] != 0xB0) return kRefused;
        const std::size_t at = command[3] * std::size_t{4};
        if (at + command[4] > memory.size()) return kRefused;
        Buffer answer{memory.begin() + static_cast<std::ptrdiff_t>(at),
                      memory.begin() + static_cast<std::ptrdiff_t>(at + command[4])};
        answer.insert(answer.end(), {0x90, 0x00});
        return answer;
    };
}

// A phone with the app, whose holder key is test_key(5).
inline PlayedCard phone_with(crypto::Gt1Fields fields) {
    const crypto::SigningKey holder = tests::test_key(5);
    fields.holder = tests::ed25519_holder(holder);
    fields.proof_mandatory = true;
    const Buffer core = tests::test_ticket(fields, tests::test_key(1));
    return [core](const Buffer& command) {
        if (command.size() > 4 && command[1] == 0xA4 && command[4] == 9)
            return Buffer{0x01, 0x00, 0x90, 0x00};
        if (command.size() != 34 || command[0] != 0x80) return kRefused;
        ByteReader in{Bytes{command}.subspan(5)};
        crypto::Challenge challenge;
        in.copy(challenge.nonce);
        challenge.gate = in.number<std::uint64_t>();
        challenge.time = in.number<std::uint32_t>();
        Buffer answer = tests::with_nonce_proof(core, challenge, tests::test_key(5));
        answer.insert(answer.end(), {0x90, 0x00});
        return answer;
    };
}

inline constexpr std::string_view kMasterHex = "00112233445566778899aabbccddeeff";
inline constexpr std::string_view kContextHex = "d27600008501014e585020416275";
inline const Buffer kEv2Uid{0x04, 0x78, 0x2E, 0x21, 0x80, 0x1D, 0x80};

// An NTAG 424 that was personalised with that master key.
inline PlayedCard ev2_card_with(const crypto::Gt1Fields& fields) {
    tests::Ev2Card card;
    const Buffer master = from_hex(kMasterHex).value();
    const Buffer context = from_hex(kContextHex).value();
    const Buffer one{0x01};
    card.key = crypto::aes_cmac(Bytes{master}.first<16>(), {one, kEv2Uid, context}).value();
    const Buffer message = crypto::gt1_ndef(tests::test_ticket(fields, tests::test_key(1)));
    ByteWriter file{card.file};
    file.number(static_cast<std::uint16_t>(message.size()));
    file.raw(message);
    card.file.resize(256);
    return [card](const Buffer& command) mutable { return card.answer(command); };
}

// Speaks for a reader with one card at a time.
class PlayedCardReader {
public:
    PlayedCardReader(const Site& site, Process& stiled, const std::string& name = "nfc-1")
        : channel_{*site.connect("reader.sock", stiled)} {
        EXPECT_TRUE(channel_.send(protocol::Hello{protocol::Role::Reader, name, "test"}));
    }

    // Holds a card to the reader until it is answered for; nothing when the daemon is gone. Takes
    // it away after `commands` of them.
    std::optional<protocol::Feedback> tap(protocol::CardTechnology technology, const Buffer& uid,
                                          const PlayedCard& card, std::size_t commands = 1'000) {
        const std::uint32_t session = present(technology, uid);
        std::size_t heard = 0;
        while (auto message = next()) {
            if (const auto* told = std::get_if<protocol::Feedback>(&*message);
                told != nullptr && told->scan == session) {
                (void)send(protocol::CardGone{session});
                return *told;
            }
            const auto* command = std::get_if<protocol::CardCommand>(&*message);
            if (command == nullptr) continue;
            if (heard++ == commands)
                (void)send(protocol::CardGone{session});
            else
                (void)send(protocol::CardAnswer{.session = command->session,
                                                .sequence = command->sequence,
                                                .answer = card(command->apdu)});
        }
        return std::nullopt;
    }
    std::uint32_t present(protocol::CardTechnology technology, const Buffer& uid) {
        (void)send(protocol::CardPresent{
            .session = ++session_, .technology = technology, .atr = {0x3B, 0x8F}, .uid = uid});
        return session_;
    }
    [[nodiscard]] bool send(const protocol::Message& message) {
        return channel_.send(message).has_value();
    }
    // Within half a minute.
    std::optional<protocol::Message> next() {
        while (channel_.wait_readable(30'000)) {
            auto received = channel_.receive();
            if (!received) return std::nullopt;
            if (*received) return std::move((*received)->message);
        }
        return std::nullopt;
    }
    [[nodiscard]] std::uint32_t session() const { return session_; }

private:
    protocol::Channel channel_;
    std::uint32_t session_ = 0;
};

}  // namespace stile::test
