// SPDX-License-Identifier: Apache-2.0
// The real daemon is told to read its files anew, while guests come.
#include <csignal>
#include <filesystem>
#include <set>

#include <gtest/gtest.h>

#include "daemon/core/reason.hpp"
#include "daemon/ledger/ledger.hpp"
#include "daemon/runtime/exit_code.hpp"
#include "tests/daemon/stiled_site.hpp"
#include "tests/support/fakes.hpp"

namespace stile::test {
namespace {

using namespace std::chrono_literals;
using protocol::Outcome;

constexpr std::string_view kOtherProduct = "[policy]\nproducts = [99]\n";

Reason reason_in(const std::optional<protocol::Feedback>& answer) {
    return answer ? reason_from(answer->reason).value_or(Reason::Error) : Reason::Error;
}

bool says(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

class StiledReload : public ::testing::Test {
protected:
    Finished reload() const { return site_.run("stilectl", {"reload"}); }
    // stilectl finds the socket by the site file, unless it is named.
    Finished reload_a_bad_file() const {
        const auto socket = site_.folder().path() / "run" / "control.sock";
        return site_.run("stilectl", {"--socket", socket.native(), "reload"});
    }
    // Shows a code until the lane is free for it.
    std::optional<protocol::Feedback> answer_to(const std::string& code) {
        while (true) {
            auto answer = reader_.show(code);
            if (!answer || answer->outcome != Outcome::Wait) return answer;
        }
    }
    void trust(std::uint8_t key) const {
        site_.folder().write("keys.toml",
                             crypto::key_record_toml(tests::test_record(tests::test_key(key))));
    }
    // The digest that the gate publishes; waits for another one than `before`.
    static std::string digest(PlayedPeer& sync, const std::string& before) {
        while (const auto report = sync.next<protocol::Report>()) {
            if (report->subject != protocol::Subject::Info) continue;
            const std::string key = R"("config":")";
            const auto at = report->body.find(key);
            if (at == std::string::npos) return {};
            const std::string found = report->body.substr(at + key.size(), 16);
            if (found != before) return found;
        }
        return {};
    }
    template <class Body>
    std::vector<Body> entries() const {
        std::vector<Body> out;
        const auto ledger = Ledger::open_read_only(site_.ledger());
        EXPECT_TRUE(ledger) << ledger.error().context;
        const auto stored = ledger->entries(1, 10'000);
        for (const Buffer& bytes : *stored) {
            const Entry entry = decode_entry(bytes).value();
            if (const auto* body = std::get_if<Body>(&entry.body)) out.push_back(*body);
        }
        return out;
    }
    std::vector<Act> reloads() const {
        auto acts = entries<Act>();
        std::erase_if(acts, [](const Act& act) { return act.what != ActKind::Reload; });
        return acts;
    }

    const Site site_;
    const std::unique_ptr<Process> stiled_ = site_.start();
    PlayedPeer reader_ = site_.reader(*stiled_);
};

TEST_F(StiledReload, SaysWhatCameIntoForceAndWritesItDown) {
    site_.write_config(std::string{kOtherProduct});
    const Finished done = reload();
    EXPECT_EQ(done.exit_code, kExitDone) << done.err;
    EXPECT_EQ(done.out, "in force now: policy.products\n");
    EXPECT_EQ(reason_in(answer_to(Site::ticket(1))), Reason::Product);
    const auto acts = reloads();
    ASSERT_EQ(acts.size(), 1U);
    EXPECT_EQ(acts[0].role, "maintainer");
    EXPECT_TRUE(says(acts[0].reason, ": policy")) << acts[0].reason;
}

TEST_F(StiledReload, RefusesATicketOfARemovedKeyFromTheNextScanOn) {
    EXPECT_EQ(answer_to(Site::ticket(1))->outcome, Outcome::Admit);
    trust(2);
    const Finished done = reload();
    EXPECT_TRUE(says(done.out, ": gone\n")) << done.out;
    EXPECT_TRUE(says(done.out, ": new\n")) << done.out;
    EXPECT_EQ(reason_in(answer_to(Site::ticket(2))), Reason::Invalid);
}

TEST_F(StiledReload, RefusesABadFileWithItsLineAndGoesOn) {
    site_.write_config("[policy]\nproduct = [99]\n");
    const Finished done = reload_a_bad_file();
    EXPECT_EQ(done.exit_code, kExitFailed);
    EXPECT_TRUE(says(done.err, "site.toml:20: policy.product: unknown key")) << done.err;
    EXPECT_EQ(answer_to(Site::ticket(1))->outcome, Outcome::Admit);
    EXPECT_TRUE(reloads().empty());
}

TEST_F(StiledReload, GoesOnWithItsKeysWhenTheirFileIsGone) {
    std::filesystem::remove(site_.folder().path() / "keys.toml");
    site_.write_config(std::string{kOtherProduct});
    const Finished done = reload();
    EXPECT_EQ(done.exit_code, kExitFailed);
    EXPECT_TRUE(says(done.err, "keys.toml: no such file")) << done.err;
    EXPECT_EQ(answer_to(Site::ticket(1))->outcome, Outcome::Admit) << "all, or nothing";
}

TEST_F(StiledReload, GoesOnWhenTheSiteFileIsGone) {
    std::filesystem::remove(site_.config());
    stiled_->signal(SIGHUP);
    EXPECT_EQ(answer_to(Site::ticket(1))->outcome, Outcome::Admit);
    site_.write_config("");
    EXPECT_EQ(reload().out, "nothing has changed\n");
}

TEST_F(StiledReload, NamesWhatNeedsARestartAndLeavesItAsItIs) {
    site_.write_config(
        "[[lane]]\nname = \"lane-2\"\n[[schedule]]\nlane = \"lane-2\"\nfrom = \"00:00\"\nmode = "
        "\"locked\"\n");
    const Finished done = reload();
    EXPECT_EQ(
        done.out,
        "needs \"systemctl daemon-reload && systemctl restart stile.target\": lane lane-2: new\n")
        << done.err;
    EXPECT_EQ(answer_to(Site::ticket(1))->outcome, Outcome::Admit);
    EXPECT_TRUE(reloads().empty()) << "nothing came into force";
}

TEST_F(StiledReload, FollowsASignalAndPublishesTheNewDigest) {
    PlayedPeer sync = site_.sync(*stiled_);
    ASSERT_TRUE(sync.send(protocol::Follow{"mqtt", 0}));
    const std::string before = digest(sync, "");
    site_.write_config(std::string{kOtherProduct});
    stiled_->signal(SIGHUP);
    const std::string after = digest(sync, before);
    EXPECT_EQ(after.size(), 16U);
    ASSERT_EQ(reloads().size(), 1U);
    EXPECT_EQ(reloads()[0].person, "signal");
    EXPECT_EQ(reloads()[0].reason.substr(0, 16), after);
}

// Many signals may become few readings; none of them stops the gate.
TEST_F(StiledReload, StandsAStormOfSignals) {
    for (int i = 0; i < 300; ++i)
        stiled_->signal(SIGHUP);
    EXPECT_EQ(answer_to(Site::ticket(1))->outcome, Outcome::Admit);
    EXPECT_EQ(reload().out, "nothing has changed\n");
    EXPECT_TRUE(reloads().empty());
}

TEST_F(StiledReload, LosesNoScanAndAnswersNoneTwice) {
    constexpr std::uint64_t kScans = 200;
    constexpr std::uint64_t kBatch = 10;
    std::set<std::uint64_t> answered;
    for (std::uint64_t number = 1; number <= kScans; ++number) {
        const std::string text = Site::ticket(number);
        ASSERT_TRUE(reader_.send(
            protocol::Scan{.scan = number,
                           .captured_ns = static_cast<std::uint64_t>(EventLoop::monotonic_ns()),
                           .content = {as_bytes(text).begin(), as_bytes(text).end()}}));
        if (number % kBatch != 0) continue;
        site_.write_config(number % (2 * kBatch) == 0 ? "" : std::string{kOtherProduct});
        stiled_->signal(SIGHUP);
        while (answered.size() < number) {
            const auto answer = reader_.next<protocol::Feedback>();
            ASSERT_TRUE(answer) << site_.log();
            EXPECT_TRUE(answered.insert(answer->scan).second) << answer->scan;
        }
    }
    EXPECT_EQ(answered.size(), kScans);
    EXPECT_EQ(*answered.rbegin(), kScans);
    site_.write_config("");
    EXPECT_EQ(reload().exit_code, kExitDone);
    EXPECT_FALSE(reloads().empty());
    EXPECT_EQ(entries<DaemonStarted>().size(), 1U);
}

TEST_F(StiledReload, TheLastOfManyFilesIsInForceAfterItsReload) {
    for (int i = 0; i < 5; ++i) {
        site_.write_config(i % 2 == 0 ? std::string{kOtherProduct} : "");
        EXPECT_EQ(reload().out, "in force now: policy.products\n") << i;
    }
    EXPECT_EQ(reason_in(answer_to(Site::ticket(1))), Reason::Product);
    EXPECT_EQ(reloads().size(), 5U);
}

TEST_F(StiledReload, PartsFromPeopleWhoseRoleIsAnotherOne) {
    auto channel = site_.connect("control.sock", *stiled_);
    ASSERT_TRUE(channel);
    PlayedPeer person{std::move(*channel), {protocol::Role::Control, "anna", "test"}};
    ASSERT_TRUE(person.next<protocol::Welcome>());
    site_.write_config("[roles]\nsecurity = [\"guards\"]\n");
    EXPECT_EQ(reload().out, "in force now: roles.security\n");
    EXPECT_TRUE(person.next<protocol::Goodbye>());
}

// It was found out before who they are, by the groups of then.
TEST_F(StiledReload, PartsFromPeopleWhoHaveNotSaidHello) {
    auto channel = site_.connect("control.sock", *stiled_);
    ASSERT_TRUE(channel);
    PlayedPeer person{std::move(*channel)};
    site_.write_config("[roles]\nsecurity = [\"guards\"]\n");
    EXPECT_EQ(reload().out, "in force now: roles.security\n");  // it came in later
    (void)person.send(protocol::Hello{protocol::Role::Control, "anna", "test"});
    EXPECT_FALSE(person.next<protocol::Welcome>());
}

}  // namespace
}  // namespace stile::test
