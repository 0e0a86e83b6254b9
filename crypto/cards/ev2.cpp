// SPDX-License-Identifier: Apache-2.0
// Select, authenticate, read: a file of NLEN and message, piece by piece.
#include "crypto/cards/ev2.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "crypto/cards/apdu.hpp"
#include "crypto/cards/ev2_session.hpp"
#include "crypto/cards/key_diversification.hpp"
#include "crypto/cards/media.hpp"
#include "crypto/cards/ndef.hpp"

namespace stile::crypto {
namespace {

constexpr std::uint16_t kDone = 0x9100, kMore = 0x91AF, kDelay = 0x91AD;
constexpr std::uint8_t kAuthenticateFirst = 0x71, kSecondPart = 0xAF, kReadData = 0xAD;
constexpr std::uint8_t kSelectApplication = 0x5A;
constexpr std::size_t kFirstPiece = 128, kPiece = 224;  // a short APDU holds one and its MAC
constexpr std::size_t kMacAndPadding = 8 + 16;
constexpr std::size_t kLeastFrame = 16;  // of an answer that goes on; cards fill 59 bytes and more

std::array<std::uint8_t, 3> little_endian_24(std::size_t number) {
    return {static_cast<std::uint8_t>(number), static_cast<std::uint8_t>(number >> 8U),
            static_cast<std::uint8_t>(number >> 16U)};
}

CardFault not_authenticated(std::uint16_t status) {
    switch (status) {
        case kDelay:
            return CardFault::Delay;
        case 0x9140:  // no such key
        case 0x919D:  // permission denied
        case 0x91AE:
            return CardFault::WrongKey;
        default:
            return CardFault::Malformed;
    }
}

// To the first word of an authentication: nothing was tried yet, so a card that does not know the
// command is another card, though it has the application. Phones do.
CardFault not_begun(std::uint16_t status) {
    const bool iso = status != 0 && (status >> 8U) != 0x91;
    return iso || status == 0x911C ? CardFault::NotThis : not_authenticated(status);
}

CardFault not_read(std::uint16_t status) {
    switch (status) {
        case kDelay:
            return CardFault::Delay;
        case 0x91F0:
            return CardFault::Empty;  // no such file
        case 0x911C:                  // command unknown
        case 0x917E:                  // wrong length: the file is not in mode MAC
        case 0x919D:                  // permission denied
        case 0x919E:                  // parameter
        case 0x91BE:
            return CardFault::Unsupported;  // the file is shorter
        default:
            return CardFault::Malformed;
    }
}

class Ev2 final : public CardDialogue {
public:
    Ev2(const Ev2Keys& keys, Bytes uid, const Ev2Random& random)
        : keys_{keys}, uid_{uid.begin(), uid.end()} {
        const auto key = diversified_key(keys.master.bytes().first<16>(), uid, keys.context);
        if (key) proof_.emplace(key->bytes().first<16>(), random);
    }

    CardStep begin() override {
        if (!uid_.empty() && uid_.front() == kRandomUid) return CardFault::RandomId;
        if (!proof_) return CardFault::Unsupported;
        const bool id = keys_.application.size() == 3;
        return id ? native(kSelectApplication, keys_.application)
                  : select_name(keys_.application, SelectAnswer::None);
    }

    CardStep take(Bytes answer) override {
        const CardReply reply = read_reply(answer);
        switch (wait_) {
            case Wait::Application:
                return authenticate(reply);
            case Wait::Challenge:
                return prove(reply);
            case Wait::Proof:
                return check(reply);
            case Wait::Piece:
                return add(reply);
        }
        return CardFault::Malformed;
    }

private:
    enum class Wait : std::uint8_t { Application, Challenge, Proof, Piece };

    CardStep authenticate(const CardReply& reply) {
        if (reply.status != kCardOk && reply.status != kDone) return CardFault::NotThis;
        const std::array<std::uint8_t, 2> data{keys_.key, 0x00};  // no capabilities of ours
        wait_ = Wait::Challenge;
        return native(kAuthenticateFirst, data);
    }

    CardStep prove(const CardReply& reply) {
        if (reply.status != kMore) return not_begun(reply.status);
        AesBlock challenge{};
        if (reply.data.size() != challenge.size()) return CardFault::Malformed;
        std::ranges::copy(reply.data, challenge.begin());
        const auto word = proof_->answer(challenge);
        if (!word) return CardFault::Unsupported;
        wait_ = Wait::Proof;
        return native(kSecondPart, *word);
    }

    // TI, RndA', and the capabilities of both sides, which change nothing here.
    CardStep check(const CardReply& reply) {
        if (reply.status != kDone) return not_authenticated(reply.status);
        std::array<std::uint8_t, 32> word{};
        if (reply.data.size() != word.size()) return CardFault::Malformed;
        std::ranges::copy(reply.data, word.begin());
        if (!proof_->decrypt(word) || !proof_->is_ours(Bytes{word}.subspan(4, 16)))
            return CardFault::WrongKey;
        TransactionId id{};
        std::ranges::copy(Bytes{word}.first(4), id.begin());
        return open_session(id);
    }

    CardStep open_session(TransactionId id) {
        auto encryption = proof_->session_key(kSessionEncryption);
        auto mac = proof_->session_key(kSessionMac);
        proof_.reset();
        if (!encryption || !mac) return CardFault::Unsupported;
        session_.emplace(*std::move(encryption), *std::move(mac), id);
        wait_ = Wait::Piece;
        return read(kFirstPiece);
    }

    CardStep read(std::size_t count) {
        std::array<std::uint8_t, 7> header{keys_.file};
        std::ranges::copy(little_endian_24(file_.size()), header.begin() + 1);
        std::ranges::copy(little_endian_24(count), header.begin() + 4);
        asked_ = count;
        frames_.clear();
        auto send = session_->protect(kReadData, header);
        if (!send) return CardFault::Unsupported;
        return *std::move(send);
    }

    // A tiny frame that others follow, or more than was asked for, is what no card sends.
    CardStep add(const CardReply& reply) {
        if (reply.status != kDone && reply.status != kMore) return not_read(reply.status);
        frames_.insert(frames_.end(), reply.data.begin(), reply.data.end());
        if (frames_.size() > asked_ + kMacAndPadding) return CardFault::Malformed;
        if (reply.status == kDone) return finish_piece();
        if (reply.data.size() < kLeastFrame) return CardFault::Malformed;
        return next_frame();
    }

    CardStep finish_piece() {
        const auto piece = session_->open(frames_, asked_);
        if (!piece) return CardFault::Malformed;
        file_.insert(file_.end(), piece->begin(), piece->end());
        const std::size_t length = ByteReader{file_}.number<std::uint16_t>();
        if (length == 0) return CardFault::Empty;
        if (length > kNdefMost) return CardFault::Unsupported;
        if (file_.size() < 2 + length) return read(std::min(2 + length - file_.size(), kPiece));
        auto ticket = ticket_in(Bytes{file_}.subspan(2, length));
        if (!ticket) return ticket.error();
        return CardFinding{CardMutual{.content = *std::move(ticket), .uid = std::move(uid_)}};
    }

    const Ev2Keys& keys_;
    Buffer uid_;
    Wait wait_ = Wait::Application;
    std::optional<MutualProof> proof_;  // none: this UID has no key
    std::optional<Ev2Session> session_;
    std::size_t asked_ = 0;
    Buffer frames_;  // of the answer that is under way
    Buffer file_;    // what its MACs vouch for, from its beginning
};

}  // namespace

std::string_view fault_of(const Ev2Keys& keys) {
    const std::size_t name = keys.application.size();
    if (name != 3 && (name < 5 || name > 16)) return "application: 3 bytes, or a name of 5 to 16";
    if (keys.key > 13) return "key: a number from 0 to 13";
    if (keys.file > 31) return "file: a number from 0 to 31";
    if (keys.master.bytes().size() != 16) return "master: 16 bytes";
    if (keys.context.size() < 9 || keys.context.size() > 24) return "context: 9 to 24 bytes";
    return {};
}

std::unique_ptr<CardDialogue> make_ev2(const Ev2Keys& keys, Bytes uid, const Ev2Random& random) {
    return std::make_unique<Ev2>(keys, uid, random);
}

}  // namespace stile::crypto
