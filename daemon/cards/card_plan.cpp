// SPDX-License-Identifier: Apache-2.0
// One row a dialogue.
#include "daemon/cards/card_plan.hpp"

#include "crypto/cards/hce.hpp"
#include "crypto/cards/media.hpp"
#include "crypto/cards/type2.hpp"
#include "crypto/cards/type4.hpp"
#include "crypto/hash.hpp"

namespace stile {
namespace {

using crypto::CardDialogue;
using Keys = CardTurn::Keys;
using Switch = CardSite::Switch;

// Nothing is said to the card: its reader has its number.
class UidDialogue final : public CardDialogue {
public:
    explicit UidDialogue(Buffer uid) : uid_{std::move(uid)} {}
    [[nodiscard]] crypto::CardStep begin() override {
        auto medium = crypto::uid_medium(uid_);
        if (!medium) return medium.error();
        return crypto::CardFinding{std::move(*medium)};
    }
    [[nodiscard]] crypto::CardStep take(Bytes /*answer*/) override {
        return crypto::CardFault::Malformed;
    }

private:
    Buffer uid_;
};

template <class Random>
Random fresh() {
    Random random{};
    crypto::fill_random(random);
    return random;
}

CardTurn hce(std::uint64_t gate, WallTime now) {
    return {Keys::None, [gate, now] {
                const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
                return crypto::make_hce(
                    {.nonce = fresh<std::array<std::uint8_t, 16>>(),
                     .gate = gate,
                     .time = static_cast<std::uint32_t>(seconds.time_since_epoch().count())});
            }};
}

void plan_type4(const protocol::CardPresent& card, const CardSite& site, WallTime now,
                CardPlan& plan) {
    if (site.hce == Switch::On) plan.push_back(hce(site.gate, now));
    for (const crypto::Ev2Keys& keys : site.keys.ev2) {
        plan.push_back({Keys::Secret, [&keys, uid = card.uid] {
                            return crypto::make_ev2(keys, uid, fresh<crypto::Ev2Random>());
                        }});
    }
    plan.push_back({Keys::None, crypto::make_type4});
}

// A tag that does not know the platform's first question falls silent: its copy comes before.
void plan_type2(const CardSite& site, Media media, CardPlan& plan) {
    plan.push_back({Keys::None, crypto::make_type2});
    if (media == Media::Unknown || site.keys.mf0aes.empty()) return;
    plan.push_back({Keys::Secret, [&sets = site.keys.mf0aes] {
                        return crypto::make_mf0aes(sets, fresh<crypto::Mf0aesRandom>());
                    }});
}

}  // namespace

CardPlan plan_for(const protocol::CardPresent& card, const CardSite& site, Media media,
                  WallTime now) {
    CardPlan plan;
    switch (card.technology) {
        case protocol::CardTechnology::Type2:
            plan_type2(site, media, plan);
            break;
        case protocol::CardTechnology::Type4:
            plan_type4(card, site, now, plan);
            break;
        case protocol::CardTechnology::Other:
            break;
    }
    if (media == Media::Known && site.uid == Switch::On) {
        plan.push_back(
            {Keys::None, [uid = card.uid] { return std::make_unique<UidDialogue>(uid); }});
    }
    return plan;
}

}  // namespace stile
