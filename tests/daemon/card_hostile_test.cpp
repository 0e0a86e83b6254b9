// SPDX-License-Identifier: Apache-2.0
// Card readers that lie, flood or say nothing: none costs the daemon more than its own lane.
#include "daemon/core/reason.hpp"
#include "tests/daemon/card_reader.hpp"
#include "tests/daemon/flood.hpp"

namespace stile::test {
namespace {

using namespace std::chrono_literals;
using protocol::CardTechnology;
using protocol::Outcome;

class CardHostile : public testing::Test {
protected:
    CardHostile() {
        site_.write_config(
            "[[lane]]\nname = \"lane-2\"\nsimulated_passage_ms = 1\n"
            "[[reader]]\nname = \"nfc-2\"\nlane = \"lane-2\"\nkind = \"nfc\"\nsource = \"usb\"\n");
        stiled_ = site_.start();
    }
    // Good tickets open lane-1 all the while.
    void admit(PlayedPeer& reader, int people) {
        for (int i = 0; i < people; ++i) {
            std::optional<protocol::Feedback> answer;
            const std::string ticket = Site::ticket(next_serial_++);
            do {
                answer = reader.show(ticket);
                ASSERT_TRUE(answer) << site_.log();
            } while (answer->outcome == Outcome::Wait);
            EXPECT_EQ(answer->outcome, Outcome::Admit);
        }
    }
    // What the daemon says to somebody whom it sends away.
    static std::optional<protocol::Goodbye> goodbye(PlayedCardReader& reader) {
        while (auto message = reader.next()) {
            if (auto* parting = std::get_if<protocol::Goodbye>(&*message)) return *parting;
        }
        return std::nullopt;
    }

    Site site_;
    std::unique_ptr<Process> stiled_;
    std::uint64_t next_serial_ = 1;
};

protocol::Channel joined(const Site& site, Process& stiled) {
    auto channel = site.connect("reader.sock", stiled);
    EXPECT_TRUE(channel->send(protocol::Hello{protocol::Role::Reader, "nfc-2", "test"}));
    return std::move(*channel);
}

TEST_F(CardHostile, ALoopOfCardsCostsTheOtherLaneNothing) {
    PlayedPeer good = site_.reader(*stiled_);
    const Flood flood{joined(site_, *stiled_), [](std::uint32_t number) {
                          return protocol::CardPresent{
                              .session = number,
                              .technology = CardTechnology::Type4,
                              .uid = {4, 0, 0, static_cast<std::uint8_t>(number)}};
                      }};
    while (!flood.done(2'000))
        admit(good, 5);
    EXPECT_NE(site_.log().find("nfc-2 sends more scans"), std::string::npos) << site_.log();
}

TEST_F(CardHostile, AnswersToNothingCostTheOtherLaneNothing) {
    PlayedPeer good = site_.reader(*stiled_);
    const Flood flood{
        joined(site_, *stiled_), [](std::uint32_t number) -> protocol::Message {
            if (number == 1)
                return protocol::CardPresent{.session = 1, .technology = CardTechnology::Type2};
            return protocol::CardAnswer{.session = number % 3,
                                        .sequence = static_cast<std::uint16_t>(number),
                                        .answer = Buffer(4096, static_cast<std::uint8_t>(number))};
        }};
    while (!flood.done(2'000))
        admit(good, 5);
}

TEST_F(CardHostile, AReaderThatNeverAnswersIsToldOfAndItsNextCardIsHeard) {
    PlayedCardReader nfc{site_, *stiled_, "nfc-2"};
    const std::uint32_t session = nfc.present(CardTechnology::Type2, {4, 1, 2, 3, 4, 5, 6});
    std::optional<protocol::Feedback> told;
    while (auto message = nfc.next()) {
        if (auto* feedback = std::get_if<protocol::Feedback>(&*message)) {
            told = *feedback;
            break;
        }
    }
    ASSERT_TRUE(told) << site_.log();
    EXPECT_EQ(told->scan, session);
    EXPECT_EQ(told->reason, std::to_underlying(Reason::CardTorn));
    EXPECT_NE(site_.log().find("nfc-2 does not say what became of a card"), std::string::npos);
    const auto next =
        nfc.tap(CardTechnology::Type2, {4, 1, 2, 3, 4, 5, 6}, tag_with(card_fields(1)));
    ASSERT_TRUE(next);
    EXPECT_EQ(next->outcome, Outcome::Admit);
}

TEST_F(CardHostile, AnswersOfTheLongestKindOpenNothing) {
    PlayedCardReader nfc{site_, *stiled_, "nfc-2"};
    for (const auto technology :
         {CardTechnology::Type4, CardTechnology::Type2, CardTechnology::Other}) {
        for (const std::uint8_t fill : Buffer{0x00, 0x90, 0xFF}) {
            const auto answer = nfc.tap(technology, {1, 2, 3, fill},
                                        [fill](const Buffer&) { return Buffer(4096, fill); });
            ASSERT_TRUE(answer) << site_.log();
            EXPECT_EQ(answer->outcome, Outcome::Refuse);
        }
    }
    PlayedPeer good = site_.reader(*stiled_);
    admit(good, 1);
}

TEST_F(CardHostile, ASessionThatComesAgainEndsTheConnection) {
    PlayedPeer good = site_.reader(*stiled_);
    PlayedCardReader nfc{site_, *stiled_, "nfc-2"};
    const std::uint32_t session = nfc.present(CardTechnology::Type2, {1, 2, 3, 4});
    ASSERT_TRUE(nfc.send(protocol::CardPresent{.session = session}));
    const auto parting = goodbye(nfc);
    ASSERT_TRUE(parting);
    EXPECT_EQ(parting->code, protocol::Parting::Malformed);
    admit(good, 1);
    PlayedCardReader again{site_, *stiled_, "nfc-2"};
    EXPECT_EQ(again.tap(CardTechnology::Type2, {1, 2, 3, 4}, tag_with(card_fields(99)))->outcome,
              Outcome::Admit);
}

TEST_F(CardHostile, AReaderThatLeavesInTheMiddleIsForgotten) {
    for (int i = 0; i < 20; ++i) {
        PlayedCardReader nfc{site_, *stiled_, "nfc-2"};
        (void)nfc.present(CardTechnology::Type4, {1, 2, 3, 4});
        if (i % 2 == 0) (void)nfc.next();
    }
    PlayedPeer good = site_.reader(*stiled_);
    admit(good, 1);
}

}  // namespace
}  // namespace stile::test
