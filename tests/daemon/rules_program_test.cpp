// SPDX-License-Identifier: Apache-2.0
// stilectl rules as scripts drive it.
#include <gtest/gtest.h>

#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::test {
namespace {

class RulesProgram : public testing::Test {
protected:
    Finished run(std::string_view input) {
        const auto lines = folder_.write("lines", input);
        return test::run("/bin/sh",
                         {"-c", std::string{STILE_BIN_DIR} + "/stilectl rules < " + lines.native()},
                         folder_.path());
    }
    TempDir folder_;
};

TEST_F(RulesProgram, AnswersLineByLineAndGoesOnAfterABadOne) {
    const auto done =
        run("[{\"+\":[1,2]},{}]\nnonsense\n[{\"var\":\"a\"},{\"a\":[1,null]}]\n\n"
            "[{\"nope\":1},{}]\n[{\"cat\":[\"a\\n\",1.0]}]");
    EXPECT_EQ(done.exit_code, 0);
    EXPECT_EQ(done.out,
              "{\"value\":3}\n{\"error\":\"at byte 2: not JSON\"}\n{\"value\":[1,null]}\n"
              "{\"error\":\"at byte 1: not JSON\"}\n{\"error\":\"unknown operator: nope\"}\n"
              "{\"value\":\"a\\n1\"}\n");
}

TEST_F(RulesProgram, SaysNothingToNothing) {
    const auto done = run("");
    EXPECT_EQ(done.exit_code, 0);
    EXPECT_EQ(done.out, "");
}

TEST_F(RulesProgram, SurvivesLinesOfEverySize) {
    const auto done = run(std::string(3'000'000, '[') + "\n[" + std::string(100'000, ' ') + "1]\n");
    EXPECT_EQ(done.exit_code, 0);
    EXPECT_EQ(done.out, "{\"error\":\"longer than a megabyte\"}\n{\"value\":1}\n");
}

}  // namespace
}  // namespace stile::test
