// SPDX-License-Identifier: Apache-2.0
// A dialogue allocates a little, and the same for every card: this program counts it.
#include <gtest/gtest.h>

#include "crypto/cards/ev2.hpp"
#include "crypto/cards/hce.hpp"
#include "crypto/cards/mf0aes.hpp"
#include "crypto/cards/ndef.hpp"
#include "crypto/cards/type2.hpp"
#include "crypto/cards/type4.hpp"
#include "crypto/issue/ndef.hpp"
#include "tests/crypto/card_play.hpp"
#include "tests/support/allocations.hpp"

namespace stile::crypto {
namespace {

using tests::bytes_of;
using tests::operator+;

// Allocations of a dialogue with these answers, and of the one who holds it.
std::size_t allocations_of(std::unique_ptr<CardDialogue> (*make)(),
                           const std::vector<Buffer>& answers) {
    const std::size_t before = allocations;
    const auto dialogue = make();
    CardStep step = dialogue->begin();
    for (const Buffer& answer : answers) {
        if (!std::holds_alternative<CardSend>(step)) break;
        step = dialogue->take(answer);
    }
    EXPECT_FALSE(std::holds_alternative<CardSend>(step));
    return allocations - before;
}

TEST(CardAllocation, IsOneForEachCommandAndAFewForAType2Tag) {
    const Buffer area = bytes_of("E1101200") + type2_area(gt1_ndef(Buffer(96, 7))) + Buffer(16, 0);
    std::vector<Buffer> answers;
    for (std::size_t at = 0; at + 16 <= area.size(); at += 16)
        answers.push_back(Buffer{area.begin() + static_cast<std::ptrdiff_t>(at),
                                 area.begin() + static_cast<std::ptrdiff_t>(at) + 16} +
                          bytes_of("9000"));
    EXPECT_LE(allocations_of([] { return make_type2(); }, answers), 8U + 8U);
}

TEST(CardAllocation, IsOneForEachCommandAndAFewForAType4Tag) {
    const Buffer message = gt1_ndef(Buffer(96, 7));
    const Buffer ok = bytes_of("9000");
    const std::vector<Buffer> answers{
        ok,          ok, bytes_of("000F2000F000340406E10403E800009000"), ok, bytes_of("00739000"),
        message + ok};
    EXPECT_LE(allocations_of([] { return make_type4(); }, answers), 6U + 8U);
}

TEST(CardAllocation, IsFourForAPhone) {
    const std::vector<Buffer> answers{bytes_of("01009000"), Buffer(194, 1) + bytes_of("9000")};
    EXPECT_LE(allocations_of([] { return make_hce(Challenge{}); }, answers), 4U);
}

TEST(CardAllocation, IsNoneForAMessageWithoutATicket) {
    const Buffer message = bytes_of("D1010C55046578616D706C652E6F7267");
    const std::size_t before = allocations;
    (void)ticket_in(message);
    EXPECT_EQ(allocations - before, 0U);
}

}  // namespace
}  // namespace stile::crypto
