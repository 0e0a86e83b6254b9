// SPDX-License-Identifier: Apache-2.0
// A gate asks to be known: the request, byte by byte, and the organiser's list.
#include <deque>
#include <fstream>

#include <gtest/gtest.h>

#include "crypto/enrolment.hpp"
#include "crypto/issue/device_list.hpp"
#include "daemon/ledger/own_secret.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::crypto {
namespace {

constexpr std::chrono::sys_seconds kNow{std::chrono::seconds{1'790'000'000}};

SigningKey key_of(std::uint8_t seed) {
    std::array<std::uint8_t, 32> bytes{};
    bytes.fill(seed);
    return SigningKey::from_seed(bytes);
}

Enrolment enrolment(std::uint8_t seed) {
    return {.venue = "arena",
            .gate = "north-1",
            .number = 7,
            .box_key = BoxKey{Buffer(32, seed)}.public_key(),
            .signing_key = key_of(seed).public_key(),
            .time = kNow,
            .software = "stile 1.2.3"};
}

SignedEnrolment request(std::uint8_t seed = 1) {
    return sign_enrolment(enrolment(seed), key_of(seed));
}

// A request that is signed rightly, whatever it says.
std::string signed_text(const Enrolment& said) {
    return enrolment_text(sign_enrolment(said, key_of(1)));
}

std::string with(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

Errc error_of(const std::string& text) {
    const auto read = parse_enrolment(text);
    EXPECT_FALSE(read) << text;
    return read ? Errc::Io : read.error().code;
}

TEST(Enrolment, IsReadAsItWasWritten) {
    const auto read = parse_enrolment(enrolment_text(request()));
    ASSERT_TRUE(read) << read.error().context;
    EXPECT_EQ(*read, request());
}

TEST(Enrolment, HasTheBytesOfItsSpecification) {
    EXPECT_EQ(enrolment_text(request()),
              "# Enrolment request of a stile gate\n"
              "version = 1\n"
              "venue = \"arena\"\n"
              "gate = \"north-1\"\n"
              "number = \"0000000000000007\"\n"
              "box_key = \"a4e09292b651c278b9772c569f5fa9bb13d906b46ab68c9df9dc2b4409f8a209\"\n"
              "signing_key = \"8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c\"\n"
              "time = \"2026-09-21T14:13:20Z\"\n"
              "software = \"stile 1.2.3\"\n"
              "signature = \"e80ea84ea83222b9bbb4f020e27db50d447e3b30ba568d41a3b1c0ac70ddcfe9"
              "9dbdff2630de42a8a9bededbc2330add8c548a8d666166f09446a0725e74960f\"\n");
    EXPECT_EQ(fingerprint_of(request().enrolment),
              "16773 09418 86656 62106 42502 03512 48119 57406");
}

TEST(Enrolment, RefusesAWrongSignature) {
    SignedEnrolment other = request();
    other.signature = request(2).signature;
    EXPECT_EQ(error_of(enrolment_text(other)), Errc::Denied);
}

TEST(Enrolment, RefusesEachFieldThatWasChangedOnItsWay) {
    const std::string good = enrolment_text(request());
    for (const auto& [from, to] : std::initializer_list<std::pair<const char*, const char*>>{
             {"\"arena\"", "\"arenb\""},
             {"\"north-1\"", "\"north-2\""},
             {"\"0000000000000007\"", "\"0000000000000008\""},
             {"2026-09-21T14:13:20Z", "2026-09-21T14:13:21Z"},
             {"stile 1.2.3", "stile 1.2.4"}}) {
        EXPECT_EQ(error_of(with(good, from, to)), Errc::Denied) << to;
    }
    SignedEnrolment box = request();
    box.enrolment.box_key = request(2).enrolment.box_key;
    EXPECT_EQ(error_of(enrolment_text(box)), Errc::Denied);
    SignedEnrolment signing = request();
    signing.enrolment.signing_key = request(2).enrolment.signing_key;
    EXPECT_EQ(error_of(enrolment_text(signing)), Errc::Denied);
}

TEST(Enrolment, RefusesAnotherVersion) {
    EXPECT_EQ(error_of(with(enrolment_text(request()), "version = 1", "version = 2")),
              Errc::Unsupported);
}

TEST(Enrolment, RefusesWhatIsNotSpelledAsTheGateSpellsIt) {
    const std::string good = enrolment_text(request());
    for (const std::string& bad :
         {with(good, "number", "extra = 1\nnumber"), with(good, "gate = \"north-1\"\n", ""),
          with(good, "venue", " venue"), with(good, "a4e0", "A4E0"), with(good, " = 1", "=1"),
          with(good, "0Z", "0.000Z"), with(good, "T14", " 14"), with(good, "\"arena\"", "arena"),
          with(good, "\"arena\"", "\"Arena\""), with(good, "stile 1.2.3", "stile \\u0041"),
          with(good, "\n", "\r\n"), with(good, "# E", "# e"), good + "\n", good + "more = 1\n",
          good.substr(0, good.size() - 1), good.substr(0, good.size() / 2), std::string{},
          std::string(2000, 'a'), good + std::string(1024, '#')}) {
        EXPECT_EQ(error_of(bad), Errc::Invalid) << bad;
    }
}

TEST(Enrolment, NamesTheLineEndsOfWindows) {
    std::string text = enrolment_text(request());
    for (auto at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 2))
        text.insert(at, "\r");
    const auto read = parse_enrolment(text);
    ASSERT_FALSE(read);
    EXPECT_NE(read.error().context.find("CR LF"), std::string::npos) << read.error().context;
}

TEST(Enrolment, RefusesKeysOfSmallOrderThoughTheyAreSigned) {
    Enrolment weak = enrolment(1);
    weak.box_key.fill(0);
    EXPECT_EQ(error_of(signed_text(weak)), Errc::Invalid);
    weak.box_key[0] = 1;
    EXPECT_EQ(error_of(signed_text(weak)), Errc::Invalid);
    weak = enrolment(1);
    weak.box_key.back() |= 0x80;  // the same key, spelled otherwise
    EXPECT_EQ(error_of(signed_text(weak)), Errc::Invalid);
    weak = enrolment(1);
    weak.signing_key.fill(0);
    weak.signing_key[0] = 1;
    EXPECT_EQ(error_of(signed_text(weak)), Errc::Invalid);
}

TEST(Enrolment, RefusesNamesThatAreTooLongThoughTheyAreSigned) {
    Enrolment said = enrolment(1);
    said.venue = std::string(64, 'a');
    EXPECT_EQ(error_of(signed_text(said)), Errc::Invalid);
    said = enrolment(1);
    said.gate = "";
    EXPECT_EQ(error_of(signed_text(said)), Errc::Invalid);
    said = enrolment(1);
    said.software = std::string(64, 'a');
    EXPECT_EQ(error_of(signed_text(said)), Errc::Invalid);
}

TEST(Enrolment, HasAFingerprintOfWhoAndWhichKeysAlone) {
    Enrolment later = enrolment(1);
    later.time += std::chrono::days{3};
    later.software = "stile 9";
    EXPECT_EQ(fingerprint_of(later), fingerprint_of(enrolment(1)));
    EXPECT_NE(fingerprint_of(enrolment(2)), fingerprint_of(enrolment(1)));
    Enrolment elsewhere = enrolment(1);
    elsewhere.gate = "north-2";
    EXPECT_NE(fingerprint_of(elsewhere), fingerprint_of(enrolment(1)));
    // The names do not run into each other.
    Enrolment one = enrolment(1);
    Enrolment two = enrolment(1);
    one.venue = "ab", one.gate = "c";
    two.venue = "a", two.gate = "bc";
    EXPECT_NE(fingerprint_of(one), fingerprint_of(two));
}

Device device(const SignedEnrolment& asked) {
    return {asked, kNow + std::chrono::hours{1}};
}

Device renamed(std::uint8_t seed, std::string gate, std::uint64_t number) {
    Enrolment said = enrolment(seed);
    said.gate = std::move(gate);
    said.number = number;
    return device(sign_enrolment(said, key_of(seed)));
}

TEST(DeviceList, KeepsRequestsAndRemarks) {
    DeviceList list;
    EXPECT_EQ(list.add(device(request()), KnownGate::Keep), Enrolled::New);
    const std::string text = "# the north side\n\n" + list.text() + "# the end\n";
    auto again = DeviceList::parse(text);
    ASSERT_TRUE(again) << again.error().context;
    EXPECT_EQ(again->text(), text);
    EXPECT_EQ(again->add(renamed(2, "south", 8), KnownGate::Keep), Enrolled::New);
    ASSERT_EQ(again->devices().size(), 2U);
    EXPECT_EQ(again->devices()[1].request.enrolment.gate, "south");
    EXPECT_EQ(DeviceList::parse(again->text())->text(), again->text());
}

TEST(DeviceList, KnowsAGateThatComesAgain) {
    DeviceList list;
    (void)list.add(device(request()), KnownGate::Keep);  // as above
    const std::string before = list.text();
    EXPECT_EQ(list.add(device(request()), KnownGate::Keep), Enrolled::Known);
    EXPECT_EQ(list.text(), before);
}

TEST(DeviceList, ReplacesKeysOnlyWhenItIsTold) {
    DeviceList list;
    (void)list.add(device(request()), KnownGate::Keep);  // as above
    EXPECT_FALSE(list.add(device(request(2)), KnownGate::Keep));
    EXPECT_EQ(list.devices()[0].request, request());
    EXPECT_EQ(list.add(device(request(2)), KnownGate::Replace), Enrolled::Replaced);
    ASSERT_EQ(list.devices().size(), 1U);
    EXPECT_EQ(list.devices()[0].request, request(2));
}

TEST(DeviceList, TellsAnotherNumberFromOtherKeys) {
    DeviceList list;
    (void)list.add(device(request()), KnownGate::Keep);  // as above
    const auto refused = list.add(renamed(1, "north-1", 8), KnownGate::Keep);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().context.find("another number"), std::string::npos)
        << refused.error().context;
    EXPECT_EQ(list.add(renamed(1, "north-1", 8), KnownGate::Replace), Enrolled::Replaced);
}

TEST(DeviceList, RefusesTheKeysOfAnotherGateEvenWhenItIsToldToReplace) {
    DeviceList list;
    (void)list.add(device(request()), KnownGate::Keep);  // as above
    EXPECT_FALSE(list.add(renamed(1, "south", 8), KnownGate::Replace));
}

TEST(DeviceList, RefusesTheNumberOfAnotherGateOfTheVenue) {
    DeviceList list;
    (void)list.add(device(request()), KnownGate::Keep);  // as above
    EXPECT_FALSE(list.add(renamed(2, "south", 7), KnownGate::Replace));
}

TEST(DeviceList, RefusesAListThatSomebodyChanged) {
    DeviceList list;
    (void)list.add(device(request()), KnownGate::Keep);  // as above
    const std::string good = list.text();
    for (const std::string& bad :
         {with(good, "north-1", "north-2"), with(good, "enrolled = ", "enroled = "),
          with(good, "[[device]]", "[device]"), good.substr(0, good.size() - 3),
          good + "more = 1\n", with(good, "version", "# remark\nversion"),
          std::string{"[[device]]\n"}}) {
        EXPECT_FALSE(DeviceList::parse(bad)) << bad;
    }
}

TEST(DeviceList, LosesNoGateWhenSeveralAreEnrolledAtOnce) {
    const stile::test::TempDir temp;
    const auto list = (temp.path() / "devices.toml").native();
    std::deque<stile::test::Process> desks;
    for (std::uint8_t seed = 1; seed <= 12; ++seed) {
        const std::string gate = "gate-" + std::to_string(seed);
        const auto file = temp.write(gate, enrolment_text(renamed(seed, gate, seed).request));
        desks.emplace_back("stile-issue",
                           std::vector<std::string>{"device", "enrol", file, "--out", list},
                           temp.path() / (gate + ".log"));
    }
    for (stile::test::Process& desk : desks)
        EXPECT_EQ(desk.wait(std::chrono::seconds{40}), 0);
    std::ifstream in{list, std::ios::binary};
    const auto read = DeviceList::parse(std::string{std::istreambuf_iterator<char>{in}, {}});
    ASSERT_TRUE(read) << read.error().context;
    EXPECT_EQ(read->devices().size(), desks.size());
}

TEST(DeviceKeys, AreMadeAnewOverWhatAKilledMakerLeft) {
    const stile::test::TempDir temp;
    std::filesystem::permissions(temp.write("device.key.new", "half a k"),
                                 std::filesystem::perms{0600});
    ASSERT_TRUE(own_device_key(temp.path() / "device.key"));
    EXPECT_FALSE(std::filesystem::exists(temp.path() / "device.key.new"))
        << "a second name of the key";
    const auto made = own_device_key(temp.path() / "device.key");
    ASSERT_TRUE(made);
    EXPECT_EQ(made->public_key(), own_device_key(temp.path() / "device.key")->public_key());
}

}  // namespace
}  // namespace stile::crypto
