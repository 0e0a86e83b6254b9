// SPDX-License-Identifier: Apache-2.0
// stilectl catalog with a real daemon and without one.
#include <fstream>

#include "daemon/runtime/exit_code.hpp"
#include "tests/daemon/stiled_site.hpp"

namespace stile::test {
namespace {

constexpr std::string_view kOrder =
    R"({"code":"A1","status":"p","last_modified":"2026-01-01T00:00:00Z","positions":)"
    R"([{"id":1,"item":1,"secret":"abcdef","attendee_name":"Ann"}]})";

class StiledCatalog : public ::testing::Test {
protected:
    StiledCatalog() {
        std::filesystem::create_directories(event());
        write("orders.json", std::string{"["} + std::string{kOrder} + "]");
        write("event.json", R"({"slug":"demo","name":"Demo","timezone":"UTC"})");
    }
    [[nodiscard]] std::filesystem::path event() const { return site_.folder().path() / "in/demo"; }
    void write(std::string_view name, std::string_view text) const {
        std::ofstream{event() / name} << text;
    }
    [[nodiscard]] Finished ctl(std::vector<std::string> words) const {
        words.insert(words.begin(), "catalog");
        return site_.run("stilectl", std::move(words));
    }
    Site site_;
};

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST_F(StiledCatalog, TheDaemonTakesOrdersAndShowsThem) {
    const auto stiled = site_.start();
    ASSERT_TRUE(site_.connect("control.sock", *stiled)) << site_.log();
    EXPECT_TRUE(contains(ctl({"stat"}).out, "no orders"));
    const auto imported = ctl({"import", event().native()});
    ASSERT_EQ(imported.exit_code, kExitDone) << imported.err << site_.log();
    EXPECT_TRUE(contains(imported.out, "1 orders with 1 positions")) << imported.out;
    EXPECT_TRUE(contains(ctl({"stat"}).out, "event demo")) << ctl({"stat"}).out;
    EXPECT_TRUE(contains(ctl({"show", "abcdef"}).out, "order A1"));
    EXPECT_TRUE(contains(ctl({"show", "A1"}).out, "Ann"));
    EXPECT_EQ(ctl({"show", "unknown"}).exit_code, kExitFailed);
}

TEST_F(StiledCatalog, ABadFileLeavesTheOldOrdersInUse) {
    const auto stiled = site_.start();
    ASSERT_TRUE(site_.connect("control.sock", *stiled)) << site_.log();
    ASSERT_EQ(ctl({"import", event().native()}).exit_code, kExitDone);
    write("orders.json", std::string{"["} + std::string{kOrder});
    const auto refused = ctl({"import", event().native()});
    EXPECT_EQ(refused.exit_code, kExitFailed);
    EXPECT_TRUE(contains(refused.err, "demo: row 2: the file ends too early")) << refused.err;
    EXPECT_EQ(ctl({"show", "abcdef"}).exit_code, kExitDone);
}

TEST_F(StiledCatalog, WithoutTheDaemonTheStateFolderIsNamed) {
    const std::string state = (site_.folder().path() / "state").native();
    EXPECT_EQ(ctl({"import", event().native()}).exit_code, kExitUnreachable);
    ASSERT_EQ(ctl({"import", event().native(), "--state", state, "--number", "demo=7"}).exit_code,
              kExitDone);
    EXPECT_TRUE(contains(ctl({"stat", "--state", state}).out, "number 7"));
    EXPECT_TRUE(contains(ctl({"show", "abcdef", "--state", state}).out, "order A1"));
}

TEST_F(StiledCatalog, FilesWhoseNamesSayNothingAreRefused) {
    write("other.json", "[]");
    const auto refused = ctl({"import", event().native(), "--state", "state"});
    EXPECT_EQ(refused.exit_code, kExitFailed);
    EXPECT_TRUE(contains(refused.err, "other.json"));
    EXPECT_EQ(ctl({"import", "/nowhere", "--state", "state"}).exit_code, kExitFailed);
    EXPECT_EQ(ctl({"import", event().native(), "--number", "demo"}).exit_code, kExitFailed);
}

}  // namespace
}  // namespace stile::test
