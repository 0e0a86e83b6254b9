// SPDX-License-Identifier: Apache-2.0
// The whole way of a demo: pictures of tickets, a camera's video of them, stile-reader, scans.
#include <gtest/gtest.h>

#include "daemon/runtime/exit_code.hpp"
#include "tests/devices/fake_daemon.hpp"
#include "tests/devices/fixtures.hpp"
#include "tests/support/process.hpp"

namespace stile::demo {
namespace {

using namespace devices::testing;
using protocol::Scan;

// About as long as the text of a static GT1 ticket.
std::string ticket(char letter) {
    return "GT1:" + std::string(145, letter);
}

TEST(DemoVideo, ShowsTicketsThatTheReaderReadsInOrder) {
    const TempFolder folder;
    std::string scenes;
    for (const char letter : {'A', 'B', 'C', 'D'}) {
        const std::string name = std::string{letter} + ".pgm";
        write_picture(folder / name, frame_with_code(ticket(letter)));
        scenes += name + " 1.2 0.4\n";
    }
    write_file(folder / "scenes", scenes);
    const auto film = folder / "film.avi";
    const auto rendered =
        run("stile-demo-video", {"--scenes", folder / "scenes", "--out", film}, folder.path());
    ASSERT_EQ(rendered.exit_code, kExitDone) << rendered.err;

    FakeDaemon daemon{folder.path()};
    Process reader{"stile-reader",
                   {"--config", write_site(folder.path(), film), "--name", "cam", "--once"},
                   folder / "reader"};
    (void)daemon.greet();
    for (const char letter : {'A', 'B', 'C', 'D'}) {
        const auto scan = daemon.next<Scan>();
        ASSERT_TRUE(scan.has_value()) << "no scan of ticket " << letter;
        EXPECT_EQ(as_text(scan->content), ticket(letter));
        daemon.answer(*scan, protocol::Outcome::Admit);
    }
    EXPECT_FALSE(daemon.next<Scan>().has_value());
    EXPECT_EQ(reader.wait(std::chrono::seconds{20}), kExitDone);
}

TEST(DemoVideo, FailsForAPictureThatIsNotThere) {
    const TempFolder folder;
    write_file(folder / "scenes", "gone.png 1 1\n");
    const auto ended =
        run("stile-demo-video", {"--scenes", folder / "scenes", "--out", folder / "film.avi"},
            folder.path());
    EXPECT_EQ(ended.exit_code, kExitFailed);
    EXPECT_NE(ended.err.find("gone.png"), std::string::npos);
}

TEST(DemoWatch, FailsWhenStandardInputEndsTooEarly) {
    const TempFolder folder;
    write_file(folder / "expect", "VALID  # a good ticket\n");
    EXPECT_EQ(run("stile-demo-watch", {"--expect", folder / "expect"}, folder.path()).exit_code,
              kExitFailed);
}

TEST(DemoWatch, RefusesAnEmptyListOfReasons) {
    const TempFolder folder;
    write_file(folder / "expect", "# nothing\n");
    EXPECT_EQ(run("stile-demo-watch", {"--expect", folder / "expect"}, folder.path()).exit_code,
              kExitUsage);
}

}  // namespace
}  // namespace stile::demo
