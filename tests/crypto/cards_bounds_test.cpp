// SPDX-License-Identifier: Apache-2.0
// Whatever a card answers, each dialogue ends soon, and says nothing that is not allowed.
#include <functional>
#include <memory>
#include <random>

#include <gtest/gtest.h>

#include "crypto/cards/ev2.hpp"
#include "crypto/cards/hce.hpp"
#include "crypto/cards/mf0aes.hpp"
#include "crypto/cards/type2.hpp"
#include "crypto/cards/type4.hpp"
#include "tests/crypto/card_play.hpp"
#include "tests/crypto/ev2_card.hpp"

namespace stile::crypto {
namespace {

using tests::bytes_of;
using tests::operator+;
using Maker = std::function<std::unique_ptr<CardDialogue>()>;

struct Keys {
    Keys() {
        ev2.application = bytes_of("D2760000850101");
        ev2.context = Buffer(12, 3);
        mf0aes[0].id = 1;
    }
    Ev2Keys ev2;
    Mf0aesKeys mf0aes[1];
};

struct Kind {
    const char* name;
    Maker make;
    std::size_t most;  // commands, as CARDS.md says
};

std::vector<Kind> kinds(const Keys& keys) {
    return {
        {"type2", [] { return make_type2(); }, 55},
        {"type4", [] { return make_type4(); }, 74},
        {"hce", [] { return make_hce(Challenge{}); }, 2},
        {"ev2", [&] { return make_ev2(keys.ev2, Buffer(7, 4), {}); }, 77},
        {"mf0aes", [&] { return make_mf0aes(keys.mf0aes, {}); }, 9},
    };
}

class Chance {
public:
    explicit Chance(unsigned seed) : engine_{seed} {}
    std::size_t below(std::size_t limit) { return engine_() % limit; }
    Buffer bytes(std::size_t size) {
        Buffer out(size);
        for (std::uint8_t& byte : out)
            byte = static_cast<std::uint8_t>(engine_());
        return out;
    }

private:
    std::mt19937 engine_;
};

// Lengths and endings that lead deep into a dialogue, and some that lead nowhere.
Buffer some_answer(Chance& chance) {
    constexpr std::size_t kSizes[] = {0,  0,  1,  2,  8,   15,  16,  16,
                                      17, 24, 32, 59, 128, 136, 240, 700};
    constexpr const char* kEnds[] = {"9000", "9000", "9100", "91AF", "91AD", "6A82", "", "61"};
    constexpr const char* kFronts[] = {"",
                                       "",
                                       "",
                                       "E1106D00",
                                       "0004030104000F03",
                                       "01",
                                       "AF",
                                       "00",
                                       "000F20003B00340406E1047FFF0000",
                                       "D54300",
                                       "00000001"};
    Buffer front = bytes_of(kFronts[chance.below(std::size(kFronts))]);
    const std::size_t size = kSizes[chance.below(std::size(kSizes))];
    if (front.size() < size) front = front + chance.bytes(size - front.size());
    return front + bytes_of(kEnds[chance.below(std::size(kEnds))]);
}

std::size_t commands_until_the_end(CardDialogue& dialogue, const std::function<Buffer()>& answer,
                                   std::size_t most) {
    std::size_t commands = 0;
    CardStep step = dialogue.begin();
    while (std::holds_alternative<CardSend>(step) && commands <= most) {
        ++commands;
        EXPECT_TRUE(allowed(std::get<CardSend>(step).apdu));
        step = dialogue.take(answer());
    }
    return commands;
}

TEST(CardBounds, HoldForAnyAnswersAtAll) {
    const Keys keys;
    Chance chance{1};
    for (const Kind& kind : kinds(keys)) {
        for (int i = 0; i < 3000; ++i) {
            const auto dialogue = kind.make();
            EXPECT_LE(commands_until_the_end(
                          *dialogue, [&] { return some_answer(chance); }, kind.most),
                      kind.most)
                << kind.name << i;
        }
    }
}

TEST(CardBounds, HoldForTheSameAnswerForEver) {
    const Keys keys;
    for (const char* answer : {"", "00", "9000", "9100", "91AF",
                               "00000000000000000000000000000000"
                               "9000",
                               "E110FF000000000000000000000000009000",
                               "00000000000000000000000000000000"
                               "91AF"}) {
        for (const Kind& kind : kinds(keys)) {
            const auto dialogue = kind.make();
            EXPECT_LE(commands_until_the_end(
                          *dialogue, [&] { return bytes_of(answer); }, kind.most),
                      kind.most)
                << kind.name << answer;
        }
    }
}

// A card that knows its key, and is as slow about it as it may be.
TEST(CardBounds, HoldForAGenuineCardInTinyFrames) {
    Keys keys;
    tests::Ev2Card card;
    const Buffer uid(7, 4);
    const Buffer input = Buffer(1, 0x01) + uid + keys.ev2.context;
    card.key = aes_cmac(keys.ev2.master.bytes().first<16>(), {input}).value();
    card.file = bytes_of("0400") + bytes_of("C500000003FA") + Buffer(1018, 1);
    card.frame = 16;
    const auto dialogue = make_ev2(keys.ev2, uid, {});
    CardStep step = dialogue->begin();
    while (std::holds_alternative<CardSend>(step))
        step = dialogue->take(card.answer(tests::command_in(step)));
    EXPECT_EQ(tests::fault_in(step), CardFault::Empty);
    EXPECT_LE(card.commands, 77U);
    card.frame = 15;
    card.commands = 0;
    const auto again = make_ev2(keys.ev2, uid, {});
    step = again->begin();
    while (std::holds_alternative<CardSend>(step))
        step = again->take(card.answer(tests::command_in(step)));
    EXPECT_EQ(tests::fault_in(step), CardFault::Malformed);
}

}  // namespace
}  // namespace stile::crypto
