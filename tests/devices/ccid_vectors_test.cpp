// SPDX-License-Identifier: Apache-2.0
// The shared vectors of CCID: messages byte by byte, and the set of a malicious device.
#include <filesystem>
#include <fstream>
#include <map>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "devices/ccid/descriptor.hpp"
#include "devices/ccid/profile.hpp"
#include "tests/devices/ccid_bench.hpp"

namespace stile::devices {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using Json = nlohmann::json;

class CcidVectors : public CcidBench {
protected:
    void SetUp() override {
        const std::filesystem::path file = STILE_SHARED_DIR "/vectors/ccid.json";
        if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is not there";
        std::ifstream in{file};
        vectors_ = Json::parse(in);
    }
    Json vectors_;
};

// The ones that this driver sends, by their names in the file.
const std::map<std::string, CcidCommand, std::less<>>& commands() {
    static const Buffer uid = hex("FFCA000000");
    static const Buffer t1 = hex("1110004D002000");
    static const Buffer escape = hex("E000001800");
    static const Buffer chained = hex("00D60000000003");
    static const std::map<std::string, CcidCommand, std::less<>> all{
        {"PC_to_RDR_IccPowerOn automatic voltage", {CcidRequest::PowerOn, 0, 1}},
        {"PC_to_RDR_XfrBlock Get UID (short APDU level)", {CcidRequest::Transfer, 0, 2, {}, uid}},
        {"PC_to_RDR_GetSlotStatus", {CcidRequest::SlotStatus, 0, 4}},
        {"PC_to_RDR_SetParameters T=1 defaults", {CcidRequest::SetParameters, 0, 5, {1, 0, 0}, t1}},
        {"PC_to_RDR_IccPowerOff", {CcidRequest::PowerOff, 0, 7}},
        {"PC_to_RDR_Escape (vendor)", {CcidRequest::Escape, 0, 8, {}, escape}},
        {"XfrBlock first of chain (extended APDU level)",
         {CcidRequest::Transfer, 0, 9, {0, 1, 0}, chained}},
        {"XfrBlock ask for next response block", {CcidRequest::Transfer, 0, 10, {0, 0x10, 0}, {}}},
    };
    return all;
}

TEST_F(CcidVectors, AreWhatItSends) {
    std::size_t seen = 0;
    for (const Json& message : vectors_["messages"]) {
        const auto known = commands().find(message["name"].get<std::string>());
        if (known == commands().end()) continue;
        ++seen;
        EXPECT_EQ(encode(known->second), hex(message["hex"].get<std::string>())) << message["name"];
    }
    EXPECT_EQ(seen, commands().size());
}

TEST_F(CcidVectors, AreWhatItUnderstands) {
    for (const Json& message : vectors_["messages"]) {
        const Buffer raw = hex(message["hex"].get<std::string>());
        EXPECT_EQ(decode_ccid_answer(raw).has_value(), message["dir"] == "in") << message["name"];
    }
    const auto failed = decode_ccid_answer(hex("8000000000000342FE00"));
    ASSERT_TRUE(failed.has_value());
    EXPECT_EQ(failed->outcome, CcidOutcome::Failed);
    EXPECT_EQ(failed->card, CardPower::Absent);
    EXPECT_EQ(failed->error, kCcidCardMute);
}

// Whatever a malicious device answers to a command, the command ends and the next card is read.
TEST_F(CcidVectors, DoNotStopTheReaderWhenTheyAreMalicious) {
    for (const Json& vector : vectors_["malicious"]) {
        const Buffer bad = hex(vector["hex"].get<std::string>());
        SCOPED_TRACE(vector["name"].get<std::string>());
        if (vector["name"].get<std::string>().starts_with("ATR")) continue;  // below
        cards_.clear();
        plug_and_wait();
        device_->insert(phone());
        time_.pass(10ms);
        ASSERT_EQ(cards_.size(), 1U);
        const int times = vector["name"].get<std::string>().contains("10000") ? 10'000 : 12;
        meddle_with(CcidRequest::Transfer, [&](const Buffer& command) {
            Buffer raw = bad;
            if (raw.size() > 6 && raw[6] <= 0x02) raw[6] = command[6];
            for (int i = 0; i < times; ++i)
                device_->send_bulk(raw);
            device_->send_interrupt(bad);
        });
        transmit("FFCA000000");
        time_.pass(1600ms);
        EXPECT_TRUE(answers_.back() == "failed" || answers_.back() == "late") << answers_.back();
        device_->meddle = {};
        device_->remove();
        time_.pass(10s);
        device_->insert(ntag());
        time_.pass(1s);
        EXPECT_EQ(ask("FFCA000000"), "041689aa5c5e809000");
        reader_.reset();
    }
}

TEST_F(CcidVectors, HaveAnAtrThatIsNone) {
    for (const Json& vector : vectors_["malicious"]) {
        if (!vector["name"].get<std::string>().starts_with("ATR")) continue;
        const Buffer raw = hex(vector["hex"].get<std::string>());
        plug_and_wait();
        device_->insert({.atr = Buffer{raw.begin() + kCcidHeaderBytes, raw.end()}});
        time_.pass(1s);
        EXPECT_TRUE(cards_.empty());
        EXPECT_EQ(reader_->condition(), CcidCondition::Working);
    }
}

TEST_F(CcidVectors, DescribeReadersThatItTakes) {
    for (const Json& reader : vectors_["real_descriptors"]) {
        const auto features = static_cast<std::uint32_t>(
            std::stoul(reader["dwFeatures"][0].get<std::string>(), nullptr, 16));
        cards_.clear();
        plug_and_wait(
            {.features = features,
             .longest_frame = reader["dwMaxCCIDMessageLength"][0].get<std::uint32_t>(),
             .slots = static_cast<std::uint8_t>(
                 1 + std::stoul(reader["bMaxSlotIndex"][0].get<std::string>(), nullptr, 16))});
        device_->insert(ntag());
        time_.pass(1s);
        EXPECT_EQ(cards_.size(), 1U) << reader["reader"];
        reader_.reset();
    }
}

}  // namespace
}  // namespace stile::devices
