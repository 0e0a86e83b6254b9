// SPDX-License-Identifier: Apache-2.0
// What systemd is told of a gate at boot, and that nothing is of a wrong one.
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "systemd/generator/generate.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile {
namespace {

namespace fs = std::filesystem;
using test::TempDir;

std::string text_of(const fs::path& file) {
    std::ifstream in{file};
    return {std::istreambuf_iterator<char>{in}, {}};
}

class Generator : public testing::Test {
protected:
    void SetUp() override { fs::create_directories(folder_.path() / "out"); }
    [[nodiscard]] std::vector<Error> run() const {
        return generate({.site = folder_.path() / "stile.toml",
                         .encrypted = folder_.path() / "credstore.encrypted",
                         .out = out()});
    }
    void write_site(std::string_view more) const {
        std::string site = "[site]\nvenue = \"v\"\ngate = \"g\"\n[[lane]]\nname = \"a\"\n";
        (void)folder_.write("stile.toml", site.append(more));
    }
    static std::string reader(std::string_view name) {
        return std::string{"[[reader]]\nname = \""}.append(name).append(
            "\"\nlane = \"a\"\nsource = \"/dev/video0\"\n");
    }
    [[nodiscard]] fs::path out() const { return folder_.path() / "out"; }
    TempDir folder_;
};

TEST_F(Generator, LetsTheTargetWantEachReader) {
    write_site(reader("one") + reader("two-2"));
    EXPECT_TRUE(run().empty());
    for (const char* unit : {"stile-reader@one.service", "stile-reader@two-2.service"})
        EXPECT_TRUE(fs::is_symlink(out() / "stile.target.wants" / unit)) << unit;
}

TEST_F(Generator, SaysNothingWhereThereIsNoSiteFile) {
    EXPECT_TRUE(run().empty());
    EXPECT_TRUE(fs::is_empty(out()));
}

TEST_F(Generator, MakesNoReadersOfAWrongSiteFileAndSaysWhere) {
    write_site(reader("one") + "typo = 1\n");
    const auto mistakes = run();
    ASSERT_EQ(mistakes.size(), 1U);
    EXPECT_NE(mistakes[0].context.find("stile.toml"), std::string::npos);
    EXPECT_TRUE(fs::is_empty(out()));
}

TEST_F(Generator, TakesNoNameThatLeadsOutOfItsFolder) {
    write_site(reader("../../up"));
    EXPECT_EQ(run().size(), 1U);
    EXPECT_TRUE(fs::is_empty(out()));
}

TEST_F(Generator, DoesNotWaitForWhatIsNoFile) {
    ASSERT_EQ(::mkfifo((folder_.path() / "stile.toml").c_str(), 0600), 0);
    EXPECT_EQ(run().size(), 1U);
    EXPECT_TRUE(fs::is_empty(out()));
}

TEST_F(Generator, SaysWhenItCannotWrite) {
    write_site(reader("one"));
    (void)folder_.write("out/stile.target.wants", "a file");
    EXPECT_EQ(run().size(), 1U);
}

TEST_F(Generator, LetsUnitsDecryptTheSecretsThatAreEncrypted) {
    fs::create_directories(folder_.path() / "credstore.encrypted");
    (void)folder_.write("credstore.encrypted/stile.mqtt.password", "x");
    (void)folder_.write("credstore.encrypted/somebody.else", "x");
    EXPECT_TRUE(run().empty());
    const std::string sync = text_of(out() / "stile-sync.service.d/50-encrypted.conf");
    EXPECT_TRUE(sync.ends_with("[Service]\nLoadCredentialEncrypted=stile.mqtt.password\n")) << sync;
    EXPECT_FALSE(fs::exists(out() / "stiled.service.d"));
}

TEST_F(Generator, KnowsTheSecretsOfEachUnit) {
    for (const UnitSecrets& secrets : unit_secrets()) {
        std::string wanted;
        std::string had;
        for (const std::string_view name : secrets.names)
            wanted.append("LoadCredential=").append(name).append("\n");
        std::ifstream unit{fs::path{STILE_SOURCE_DIR} / "systemd" / secrets.unit};
        for (std::string line; std::getline(unit, line);) {
            if (line.starts_with("LoadCredential=")) had.append(line).append("\n");
        }
        EXPECT_EQ(had, wanted) << secrets.unit;
    }
}

}  // namespace
}  // namespace stile
