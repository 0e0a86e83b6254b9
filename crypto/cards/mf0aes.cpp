// SPDX-License-Identifier: Apache-2.0
// Version, key set, two authentications, and the number between them.
#include "crypto/cards/mf0aes.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "crypto/aes.hpp"
#include "crypto/cards/apdu.hpp"
#include "crypto/cards/key_diversification.hpp"
#include "crypto/cards/media.hpp"
#include "crypto/cards/mutual.hpp"
#include "crypto/cards/tag_pass.hpp"

namespace stile::crypto {
namespace {

constexpr std::array<std::uint8_t, 1> kGetVersion{0x60}, kSecondHalf{0xAF};
constexpr std::uint8_t kRead = 0x30, kAuthenticate = 0x1A;
constexpr std::uint8_t kChipKey = 0x00, kUidKey = 0x01;
constexpr std::uint8_t kUidPage = 0x00, kSetPage = 0x04, kConfigurationPage = 0x29;
constexpr std::uint8_t kMacActive = 0x02;
constexpr std::string_view kApplication = "eu.pretix";

bool is_ultralight_aes(Bytes version) {
    return version.size() == 8 && version[0] == 0x00 && version[1] == 0x04 && version[2] == 0x03 &&
           version[4] == 0x04;
}

using Number = std::array<std::uint8_t, 7>;

// Pages 0 to 2 hold the number and its two check bytes (ISO 14443-3; 88 is the cascade tag).
std::optional<Number> uid_in(Bytes pages) {
    const auto sum = [](Bytes bytes, std::uint8_t start) {
        for (const std::uint8_t byte : bytes)
            start ^= byte;
        return start;
    };
    const Bytes head = pages.first(3);
    const Bytes tail = pages.subspan(4, 4);
    if (sum(head, 0x88) != pages[3] || sum(tail, 0) != pages[8]) return std::nullopt;
    Number uid{};
    std::ranges::copy(tail, std::ranges::copy(head, uid.begin()).out);
    return uid;
}

class Mf0aes final : public CardDialogue {
public:
    Mf0aes(std::span<const Mf0aesKeys> sets, const Mf0aesRandom& random)
        : sets_{sets}, random_{random} {}
    Mf0aes(const Mf0aes&) = delete;
    Mf0aes& operator=(const Mf0aes&) = delete;
    ~Mf0aes() override { wipe(random_); }

    CardStep begin() override { return pass_.wrap(kGetVersion); }

    CardStep take(Bytes answer) override {
        const auto reply = pass_.unwrap(answer);
        switch (wait_) {
            case Wait::Version:
                return identify(reply);
            case Wait::Set:
                return choose(reply);
            case Wait::Configuration:
                return configure(reply);
            case Wait::Challenge:
                return prove(reply);
            case Wait::Proof:
                return check(reply);
            case Wait::Uid:
                return believe(reply);
        }
        return CardFault::Malformed;
    }

private:
    enum class Wait : std::uint8_t { Version, Set, Configuration, Challenge, Proof, Uid };
    using Reply = std::optional<Bytes>;  // nothing: the tag or the reader refused
    static constexpr std::size_t kPages = 16;

    CardStep read(std::uint8_t page, Wait wait) {
        wait_ = wait;
        const std::array<std::uint8_t, 2> command{kRead, page};
        return pass_.wrap(command);
    }

    CardStep identify(const Reply& reply) {
        if (!reply && pass_.try_next()) return begin();
        if (!reply || !is_ultralight_aes(*reply)) return CardFault::NotThis;
        return read(kSetPage, Wait::Set);
    }

    CardStep choose(const Reply& reply) {
        if (!reply || reply->size() != kPages) return CardFault::Malformed;
        const auto id = ByteReader{*reply}.number<std::uint32_t>();
        if (id == 0) return CardFault::Empty;
        const auto set = std::ranges::find(sets_, id, &Mf0aesKeys::id);
        if (set == sets_.end()) return CardFault::NotThis;
        set_ = &*set;
        return read(kConfigurationPage, Wait::Configuration);
    }

    CardStep configure(const Reply& reply) {
        if (!reply || reply->size() != kPages) return CardFault::Malformed;
        macs_ = (reply->front() & kMacActive) != 0;
        return authenticate(kUidKey, set_->uid_key.bytes(), Bytes{random_}.first(16));
    }

    CardStep authenticate(std::uint8_t number, Bytes key, Bytes random) {
        AesBlock ours{};
        std::ranges::copy(random, ours.begin());
        proof_.emplace(key.first<16>(), ours);
        wipe(ours);
        wait_ = Wait::Challenge;
        const std::array<std::uint8_t, 2> command{kAuthenticate, number};
        return pass_.wrap(command);
    }

    CardStep prove(const Reply& reply) {
        AesBlock challenge{};
        if (!reply || reply->size() != 1 + challenge.size() || reply->front() != kSecondHalf[0])
            return CardFault::WrongKey;
        std::ranges::copy(reply->subspan(1), challenge.begin());
        const auto word = proof_->answer(challenge);
        if (!word) return CardFault::Unsupported;
        wait_ = Wait::Proof;
        return pass_.wrap(kSecondHalf, *word);
    }

    CardStep check(const Reply& reply) {
        AesBlock word{};
        if (!reply || reply->size() != 1 + word.size() || reply->front() != 0)
            return CardFault::WrongKey;
        std::ranges::copy(reply->subspan(1), word.begin());
        if (!proof_->decrypt(word) || !proof_->is_ours(word)) return CardFault::WrongKey;
        if (uid_) return CardFinding{CardMedium{"nfc_mf0aes", medium_identifier(*uid_)}};
        return read_uid();
    }

    // The first command of the session; with MACs the counter is 0 in it and 1 in its answer.
    CardStep read_uid() {
        if (!macs_) return read(kUidPage, Wait::Uid);
        session_ = proof_->session_key(kSessionMac);
        constexpr std::array<std::uint8_t, 2> kCommand{kRead, kUidPage};
        const auto mac = tag_of(0, kCommand);
        if (!mac) return CardFault::Unsupported;
        wait_ = Wait::Uid;
        return pass_.wrap(kCommand, *mac);
    }

    CardStep believe(Reply reply) {
        if (reply && macs_) reply = without_mac(*reply);
        if (!reply || reply->size() != kPages) return CardFault::Malformed;
        uid_ = uid_in(*reply);
        if (!uid_) return CardFault::Malformed;
        std::array<std::uint8_t, kApplication.size() + 4> context{};
        const auto end = std::ranges::copy(as_bytes(kApplication), context.begin()).out;
        std::ranges::copy(big_endian(set_->id), end);
        const auto key =
            diversified_key(set_->diversification_key.bytes().first<16>(), *uid_, context);
        if (!key) return CardFault::Unsupported;
        return authenticate(kChipKey, key->bytes(), Bytes{random_}.last(16));
    }

    [[nodiscard]] std::optional<MacTag> tag_of(std::uint8_t counter, Bytes bytes) const {
        if (!session_) return std::nullopt;
        const std::array<std::uint8_t, 2> count{counter, 0};
        const auto mac = aes_cmac(session_->bytes().first<16>(), {count, bytes});
        if (!mac) return std::nullopt;
        return mac_tag(*mac);
    }

    [[nodiscard]] Reply without_mac(Bytes reply) const {
        if (reply.size() < 8) return std::nullopt;
        const Bytes data = reply.first(reply.size() - 8);
        const auto mac = tag_of(1, data);
        if (!mac || !same_bytes(*mac, reply.last(8))) return std::nullopt;
        return data;
    }

    std::span<const Mf0aesKeys> sets_;
    Mf0aesRandom random_;
    TagPass pass_;
    Wait wait_ = Wait::Version;
    const Mf0aesKeys* set_ = nullptr;  // into sets_
    bool macs_ = false;
    std::optional<MutualProof> proof_;
    std::optional<LockedBytes> session_;
    std::optional<Number> uid_;
};

}  // namespace

std::string_view fault_of(const Mf0aesKeys& keys) {
    if (keys.id == 0) return "id: not 0";
    if (keys.uid_key.bytes().size() != 16) return "uid_key: 16 bytes";
    if (keys.diversification_key.bytes().size() != 16) return "diversification_key: 16 bytes";
    return {};
}

std::unique_ptr<CardDialogue> make_mf0aes(std::span<const Mf0aesKeys> sets,
                                          const Mf0aesRandom& random) {
    return std::make_unique<Mf0aes>(sets, random);
}

}  // namespace stile::crypto
