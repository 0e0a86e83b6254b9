// SPDX-License-Identifier: Apache-2.0
// Two commands: select our application, hand over the challenge.
#include "crypto/cards/hce.hpp"

#include "crypto/cards/apdu.hpp"

namespace stile::crypto {
namespace {

constexpr std::uint8_t kVersion = 0x01;
constexpr std::size_t kMostAnswer = 256;  // of a short APDU

CardSend challenge_command(const Challenge& challenge) {
    CardSend send;
    send.apdu.reserve(34);
    ByteWriter out{send.apdu};
    constexpr std::array<std::uint8_t, 5> kHead{0x80, 0x10, 0x00, 0x00, 0x1C};
    out.raw(kHead);
    out.raw(challenge.nonce);
    out.number(challenge.gate);
    out.number(challenge.time);
    out.number(std::uint8_t{0});
    return send;
}

CardFault unanswered(std::uint16_t status) {
    switch (status) {
        case 0x6982:
        case 0x6985:
            return CardFault::Locked;
        case 0x6A82:
        case 0x6A83:
        case 0x6A88:
            return CardFault::Empty;
        default:
            return CardFault::Malformed;
    }
}

class Hce final : public CardDialogue {
public:
    explicit Hce(const Challenge& challenge) : challenge_{challenge} {}

    CardStep begin() override { return select_name(kHceApplication, SelectAnswer::Full); }

    CardStep take(Bytes answer) override {
        const CardReply reply = read_reply(answer);
        if (asked_) return answered(reply);
        if (reply.status != kCardOk) return CardFault::NotThis;
        if (reply.data.size() < 2) return CardFault::Malformed;
        if (reply.data[0] != kVersion) return CardFault::Unsupported;
        asked_ = true;
        return challenge_command(challenge_);
    }

private:
    [[nodiscard]] CardStep answered(const CardReply& reply) const {
        if (reply.status != kCardOk) return unanswered(reply.status);
        if (reply.data.empty() || reply.data.size() > kMostAnswer) return CardFault::Malformed;
        return CardFinding{CardSigned{Buffer{reply.data.begin(), reply.data.end()}, challenge_}};
    }

    Challenge challenge_;
    bool asked_ = false;
};

}  // namespace

std::unique_ptr<CardDialogue> make_hce(const Challenge& challenge) {
    return std::make_unique<Hce>(challenge);
}

}  // namespace stile::crypto
