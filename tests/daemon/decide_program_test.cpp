// SPDX-License-Identifier: Apache-2.0
// stilectl decide as scripts drive it, and as they leave it.
#include <gtest/gtest.h>

#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::test {
namespace {

class DecideProgram : public testing::Test {
protected:
    // $decide is the program with a world, $folder a folder of its own.
    Finished run(const std::string& script) {
        const auto world = folder_.write("world.json", R"({"worlds": {"empty": {}}, "files": {}})");
        const std::string decide = std::string{STILE_BIN_DIR} + "/stilectl decide --fixtures " +
                                   world.native() + " --world empty";
        return test::run(
            "/bin/sh",
            {"-c", "decide='" + decide + "'; folder=" + folder_.path().native() + "; " + script},
            folder_.path());
    }
    TempDir folder_;
};

TEST_F(DecideProgram, AnswersTheLastLineWithoutALineEnd) {
    const auto done = run(R"(printf '{"op": "expect_queue"}\n{"op": "no such"}' | $decide)");
    EXPECT_EQ(done.exit_code, 0);
    EXPECT_EQ(done.out, "{\"count\":0}\n{\"error\":\"there is no step no such\"}\n");
}

TEST_F(DecideProgram, TakesNoDatabaseForItsClosedInput) {
    const auto done = run("$decide <&-");
    EXPECT_EQ(done.exit_code, 0);
    EXPECT_EQ(done.out, "");
}

TEST_F(DecideProgram, FailsWhenItsAnswersCannotBeWritten) {
    EXPECT_EQ(run(R"(echo '{"op": "expect_queue"}' | $decide >/dev/full)").exit_code, 1);
}

TEST_F(DecideProgram, LeavesNothingBehindWhenItIsKilled) {
    const auto done = run(R"(cd $folder && mkdir passing && mkfifo in out && exec 3<>in 4<>out
export TMPDIR=$folder/passing
$decide <in >out 3>&- 4>&- &
echo '{"op": "expect_queue"}' >&3
read answer <&4
kill -KILL $!
echo $answer; ls passing)");
    EXPECT_EQ(done.exit_code, 0);
    EXPECT_EQ(done.out, "{\"count\":0}\n");
}

}  // namespace
}  // namespace stile::test
