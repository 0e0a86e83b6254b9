// SPDX-License-Identifier: Apache-2.0
// Who connects is found out beside the loop, and a directory that hangs holds nobody up.
#include "daemon/control/staff_directory.hpp"

#include <future>

#include <gtest/gtest.h>

namespace stile::test {
namespace {

using namespace std::chrono_literals;

NameSource source(const std::string& name) {
    return {[name](uid_t) { return std::optional{name}; },
            [](const std::string&) { return std::optional<gid_t>{5}; }};
}

// A directory that answers when the test lets it.
class Hanging {
public:
    NameSource names() {
        return {[freed = freed_](uid_t) {
                    freed.wait();
                    return std::optional<std::string>{"directory"};
                },
                [](const std::string&) { return std::optional<gid_t>{5}; }};
    }
    void free() { free_.set_value(); }

private:
    std::promise<void> free_;
    std::shared_future<void> freed_ = free_.get_future().share();
};

class Directory : public testing::Test {
protected:
    StaffDirectory::Options options(NameSource names, std::chrono::milliseconds patience) {
        return {.groups = {std::vector<std::string>{"g"}, {}, {}, {}, {}},
                .names = std::move(names),
                .files = source("files"),
                .patience = patience};
    }
    // Asks for so many and runs the loop until all have answers.
    std::vector<Caller> ask(StaffDirectory& directory, std::size_t count) {
        std::vector<Caller> answers;
        for (std::size_t i = 0; i < count; ++i) {
            directory.identify({.user = 70'001, .group = 5}, [&, count](const Caller& caller) {
                answers.push_back(caller);
                if (answers.size() == count) loop_.stop(0);
            });
        }
        EXPECT_TRUE(answers.empty()) << "they come later, by the loop";
        loop_.run();
        return answers;
    }
    EventLoop loop_;
};

TEST_F(Directory, AnswersWithNameAndRole) {
    StaffDirectory directory{loop_, options(source("anna"), 10s)};
    EXPECT_EQ(ask(directory, 1), (std::vector{Caller{"anna", StaffRole::Viewer}}));
}

TEST_F(Directory, AnswersEveryQuestionOnce) {
    StaffDirectory directory{loop_, options(source("anna"), 10s)};
    EXPECT_EQ(ask(directory, 20).size(), 20U);
    EXPECT_EQ(ask(directory, 20).size(), 20U);
}

TEST_F(Directory, AsksTheFilesWhenTheDirectoryHangs) {
    Hanging hanging;
    {
        StaffDirectory directory{loop_, options(hanging.names(), 20ms)};
        EXPECT_EQ(ask(directory, 1), (std::vector{Caller{"files", StaffRole::Viewer}}));
        EXPECT_EQ(ask(directory, 3).back().person, "files");
    }  // and ends, although its thread does not
    hanging.free();
}

TEST_F(Directory, AsksTheFilesAtOnceWhenTooManyWait) {
    Hanging hanging;
    StaffDirectory directory{loop_, options(hanging.names(), 100ms)};
    EXPECT_EQ(ask(directory, 100).size(), 100U);
    hanging.free();
}

TEST_F(Directory, IsUsedAgainWhenItIsBack) {
    Hanging hanging;
    StaffDirectory directory{loop_, options(hanging.names(), 200ms)};
    EXPECT_EQ(ask(directory, 1).front().person, "files");
    hanging.free();
    std::string last;
    while (last != "directory")  // the files have the word until then
        last = ask(directory, 1).front().person;
    EXPECT_EQ(last, "directory");
}

}  // namespace
}  // namespace stile::test
