// SPDX-License-Identifier: Apache-2.0
// Cards and phones at a reader of the real stiled.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <vector>

#include "daemon/entry/entry.hpp"
#include "daemon/runtime/exit_code.hpp"
#include "tests/daemon/card_reader.hpp"

namespace stile::test {
namespace {

using namespace std::chrono_literals;
using protocol::CardTechnology;
using protocol::Outcome;

// Two lanes: what one has admitted is used at the other, whether or not its guest has passed yet.
constexpr std::string_view kReaders =
    "[[lane]]\nname = \"lane-2\"\n"
    "[[reader]]\nname = \"nfc-2\"\nlane = \"lane-2\"\nkind = \"nfc\"\nsource = \"usb@1-2\"\n"
    "[[reader]]\nname = \"nfc-1\"\nlane = \"lane-1\"\nkind = \"nfc\"\nsource = \"usb@1-1\"\n";
const Buffer kTagUid{0x04, 0xA1, 0xB2, 0xC3, 0xD4, 0xE5, 0xF6};
const Buffer kPhoneUid{0x08, 0x11, 0x22, 0x33};

class StiledCards : public testing::Test {
protected:
    void start(const std::string& more = "") {
        site_.write_config(std::string{kReaders} + more);
        stiled_ = site_.start();
    }
    void write_keys(std::string_view name, const std::string& text) const {
        const auto file = site_.folder().write(std::string{name}, text);
        std::filesystem::permissions(file, std::filesystem::perms::owner_read);
    }
    static std::string ev2_keys(std::string_view master = kMasterHex) {
        return std::string{"[ev2]\napplication = d2760000850101\nkey = 2\nfile = 2\nmaster = "}
            .append(master)
            .append("\ncontext = ")
            .append(kContextHex)
            .append("\n");
    }
    PlayedCardReader reader(const char* name = "nfc-1") { return {site_, *stiled_, name}; }
    // The newest decision, as everybody who follows hears it.
    Decided last_decision() {
        PlayedPeer sync = site_.sync(*stiled_);
        EXPECT_TRUE(sync.send(protocol::Follow{"test", 1000}));
        const auto report = site_.run("stilectl", {"--json", "status"});
        const auto at = report.out.find("\"ledger_seq\":");
        const std::uint64_t end = std::stoull(report.out.substr(at + 13));
        Decided last;
        std::uint64_t seen = 0;
        while (seen < end) {
            const auto entries = sync.next<protocol::Entries>();
            if (!entries) break;
            for (const Buffer& bytes : entries->entries) {
                const Entry entry = decode_entry(bytes).value();
                if (const auto* decided = std::get_if<Decided>(&entry.body)) last = *decided;
            }
            seen = entries->first + entries->entries.size() - 1;
        }
        return last;
    }
    static Reason reason_of(const std::optional<protocol::Feedback>& answer) {
        return answer ? reason_from(answer->reason).value_or(Reason::Error) : Reason::Error;
    }
    Site site_;
    std::unique_ptr<Process> stiled_;
};

TEST_F(StiledCards, ATagWithATicketOpensOnce) {
    start();
    PlayedCardReader nfc = reader();
    const auto answer = nfc.tap(CardTechnology::Type2, kTagUid, tag_with(card_fields(1)));
    ASSERT_TRUE(answer) << site_.log();
    EXPECT_EQ(answer->outcome, Outcome::Admit) << answer->headline;
    EXPECT_EQ(last_decision().medium, std::to_underlying(protocol::Medium::Nfc));
    PlayedCardReader other = reader("nfc-2");
    EXPECT_EQ(reason_of(other.tap(CardTechnology::Type2, kTagUid, tag_with(card_fields(1)))),
              Reason::Used);
}

TEST_F(StiledCards, APhoneOpensAndIsA3) {
    start();
    PlayedCardReader nfc = reader();
    EXPECT_EQ(reason_of(nfc.tap(CardTechnology::Type4, kPhoneUid, phone_with(card_fields(1)))),
              Reason::Valid);
    EXPECT_EQ(last_decision().assurance, std::to_underlying(crypto::Assurance::HolderNonceProof));
}

TEST_F(StiledCards, ARecordedPhoneOpensNothing) {
    start();
    PlayedCardReader nfc = reader();
    std::vector<Buffer> recorded;
    const PlayedCard phone = phone_with(card_fields(1));
    const PlayedCard overheard = [&](const Buffer& command) {
        return recorded.emplace_back(phone(command));
    };
    // Overheard and torn away before the gate has the answer, so the ticket is still good.
    EXPECT_EQ(reason_of(nfc.tap(CardTechnology::Type4, kPhoneUid, overheard, 1)), Reason::CardTorn);
    Buffer challenge(34, 7);
    std::ranges::copy(Buffer{0x80, 0x10, 0x00, 0x00, 0x1C}, challenge.begin());
    recorded.push_back(phone(challenge));
    std::size_t at = 0;
    const PlayedCard replay = [&](const Buffer&) {
        return at < recorded.size() ? recorded[at++] : kRefused;
    };
    EXPECT_EQ(reason_of(nfc.tap(CardTechnology::Type4, kPhoneUid, replay)), Reason::Invalid);
    EXPECT_EQ(last_decision().fault, std::to_underlying(crypto::Fault::BadProof));
    EXPECT_EQ(reason_of(nfc.tap(CardTechnology::Type4, kPhoneUid, phone)), Reason::Valid);
}

TEST_F(StiledCards, ATornCardIsAskedForAgainAndThenOpens) {
    start();
    PlayedCardReader nfc = reader();
    const PlayedCard tag = tag_with(card_fields(1));
    for (const std::size_t commands : {0U, 1U, 4U}) {
        const auto torn = nfc.tap(CardTechnology::Type2, kTagUid, tag, commands);
        ASSERT_TRUE(torn);
        EXPECT_EQ(torn->outcome, Outcome::Refuse);
        EXPECT_EQ(reason_of(torn), Reason::CardTorn);
        EXPECT_EQ(torn->advice, "Hold it still at the reader until it answers.");
    }
    EXPECT_EQ(reason_of(nfc.tap(CardTechnology::Type2, kTagUid, tag)), Reason::Valid);
}

TEST_F(StiledCards, ACardOfSomethingElseIsRefusedAndRecorded) {
    start();
    PlayedCardReader nfc = reader();
    const PlayedCard bank = [](const Buffer&) { return kRefused; };
    for (const auto technology :
         {CardTechnology::Type4, CardTechnology::Type2, CardTechnology::Other}) {
        const auto answer = nfc.tap(technology, {1, 2, 3, 4}, bank);
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->outcome, Outcome::Refuse);
        EXPECT_GE(answer->reason, std::to_underlying(Reason::CardEmpty));
        EXPECT_EQ(last_decision().reason, reason_of(answer));
    }
}

TEST_F(StiledCards, ACardWithTheSitesKeyIsA4) {
    write_keys("cards.keys", ev2_keys());
    start("[cards]\nev2_keys = \"./cards.keys\"\n");
    PlayedCardReader nfc = reader();
    const auto answer = nfc.tap(CardTechnology::Type4, kEv2Uid, ev2_card_with(card_fields(1)));
    EXPECT_EQ(reason_of(answer), Reason::Valid) << site_.log();
    EXPECT_EQ(last_decision().assurance, std::to_underlying(crypto::Assurance::MutualCard));
}

TEST_F(StiledCards, ACardWithAnotherKeyIsTriedOnceAndRefused) {
    write_keys("cards.keys", ev2_keys("ff112233445566778899aabbccddeeff"));
    start("[cards]\nev2_keys = \"./cards.keys\"\n");
    PlayedCardReader nfc = reader();
    const auto answer = nfc.tap(CardTechnology::Type4, kEv2Uid, ev2_card_with(card_fields(1)));
    EXPECT_EQ(reason_of(answer), Reason::CardKey);
}

TEST_F(StiledCards, KeysThatOthersMayReadStopTheDaemon) {
    write_keys("cards.keys", ev2_keys());
    std::filesystem::permissions(site_.folder().path() / "cards.keys", std::filesystem::perms::all);
    start("[cards]\nev2_keys = \"./cards.keys\"\n");
    EXPECT_EQ(stiled_->wait(20s), kExitConfig);
    EXPECT_NE(site_.log().find("cards.ev2_keys"), std::string::npos) << site_.log();
    EXPECT_EQ(site_.run("stiled", {"--check-config"}).exit_code, kExitConfig);
}

TEST_F(StiledCards, KeysThatSystemdHandsOverAreNotCheckedByHand) {
    site_.write_config(std::string{kReaders} + "[cards]\nev2_keys = \"stile.cards.ev2\"\n");
    const auto by_hand = site_.run("stiled", {"--check-config"});
    EXPECT_EQ(by_hand.exit_code, kExitDone) << by_hand.err;
    EXPECT_NE(by_hand.out.find("stile.cards.ev2: not checked here"), std::string::npos);
    EXPECT_EQ(site_.run("stiled", {}).exit_code, kExitConfig) << "it does not start so";
}

TEST_F(StiledCards, NumbersOfCardsNeedAPlatform) {
    start("[cards]\nuid = \"on\"\n");
    EXPECT_EQ(stiled_->wait(20s), kExitConfig);
    EXPECT_NE(site_.log().find("cards.uid"), std::string::npos) << site_.log();
}

TEST_F(StiledCards, AWristbandOfThePlatformOpensOnce) {
    const auto folder = site_.folder().path() / "in" / "demo";
    std::filesystem::create_directories(folder);
    std::ofstream{folder / "event.json"} << R"({"slug":"demo","name":"Demo","timezone":"UTC"})";
    std::ofstream{folder / "items.json"} << R"([{"id":1,"name":"Day"}])";
    std::ofstream{folder / "checkinlists.json"}
        << R"([{"id":7,"name":"North","all_products":true}])";
    std::ofstream{folder / "orders.json"}
        << R"([{"code":"A1","status":"p","last_modified":"2026-01-01T00:00:00Z",)"
        << R"("positions":[{"id":1,"item":1,"secret":"abcdef"}]}])";
    std::ofstream{folder / "reusablemedia.json"}
        << R"([{"id":1,"type":"nfc_uid","identifier":"04A1B2C3D4E5F6","active":true,)"
        << R"("linked_orderposition":1}])";
    start("[platform]\nlists = [\"demo:7\"]\n[cards]\nuid = \"on\"\n");
    PlayedCardReader nfc = reader();
    const PlayedCard blank = [](const Buffer&) { return kRefused; };
    EXPECT_EQ(reason_of(nfc.tap(CardTechnology::Type2, kTagUid, blank)), Reason::Invalid);
    const auto imported = site_.run("stilectl", {"catalog", "import", folder.native()});
    ASSERT_EQ(imported.exit_code, kExitDone) << imported.err << site_.log();
    EXPECT_EQ(reason_of(nfc.tap(CardTechnology::Type2, kTagUid, blank)), Reason::Valid)
        << site_.log();
    PlayedCardReader other = reader("nfc-2");
    EXPECT_EQ(reason_of(other.tap(CardTechnology::Type2, kTagUid, blank)), Reason::Used);
    EXPECT_EQ(reason_of(other.tap(CardTechnology::Other, kPhoneUid, blank)), Reason::CardRandomId);
}

TEST_F(StiledCards, WhatACardOpenedIsRememberedThroughAKill) {
    start();
    {
        PlayedCardReader nfc = reader();
        EXPECT_EQ(reason_of(nfc.tap(CardTechnology::Type4, kPhoneUid, phone_with(card_fields(1)))),
                  Reason::Valid);
        stiled_->signal(SIGKILL);
        ASSERT_TRUE(stiled_->wait(20s));
    }
    stiled_ = site_.start();
    PlayedCardReader nfc = reader();
    EXPECT_EQ(reason_of(nfc.tap(CardTechnology::Type4, kPhoneUid, phone_with(card_fields(1)))),
              Reason::Used);
}

}  // namespace
}  // namespace stile::test
