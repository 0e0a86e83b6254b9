// SPDX-License-Identifier: Apache-2.0
// A site on the disk, the real stiled on it, and a reader that the test plays.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "crypto/base/bytes.hpp"
#include "crypto/issue/key_record_text.hpp"
#include "daemon/protocol/channel.hpp"
#include "daemon/runtime/event_loop.hpp"
#include "tests/crypto/issuer.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::test {

// Talks to stiled over one of its sockets, as the peer of that role would.
class PlayedPeer {
public:
    PlayedPeer(protocol::Channel channel, const protocol::Hello& hello)
        : channel_{std::move(channel)} {
        EXPECT_TRUE(channel_.send(hello));
    }

    // Says nothing: one that is sent away may not get to its first word.
    explicit PlayedPeer(protocol::Channel channel) : channel_{std::move(channel)} {}

    [[nodiscard]] bool send(const protocol::Message& message) {
        return channel_.send(message).has_value();
    }

    // The next message of that kind within half a minute; others are passed over. Nothing when the
    // daemon is gone.
    template <class M>
    std::optional<M> next() {
        while (channel_.wait_readable(30'000)) {
            auto received = channel_.receive();
            if (!received) return std::nullopt;
            if (!*received) continue;
            if (auto* wanted = std::get_if<M>(&(*received)->message)) return std::move(*wanted);
        }
        return std::nullopt;
    }

    // Shows a code and waits for the answer.
    std::optional<protocol::Feedback> show(const std::string& text) {
        const std::uint64_t number = ++scans_;
        protocol::Scan scan{.scan = number,
                            .captured_ns = static_cast<std::uint64_t>(EventLoop::monotonic_ns()),
                            .content = {as_bytes(text).begin(), as_bytes(text).end()}};
        if (!send(scan)) return std::nullopt;
        while (auto answer = next<protocol::Feedback>()) {
            if (answer->scan == number) return answer;
        }
        return std::nullopt;
    }

private:
    protocol::Channel channel_;
    std::uint64_t scans_ = 0;
};

class Site {
public:
    Site() {
        write_config("");
        write_keys();
    }

    // `more` is put behind the sections that every site has.
    void write_config(const std::string& more) const {
        temp_.write("site.toml",
                    "[site]\nvenue = \"arena\"\ngate = \"north\"\n"
                    "[paths]\nstate = \"state\"\nruntime = \"run\"\nkeys = \"keys.toml\"\n"
                    "[ledger]\nmap_mib = 64\nreserve_mib = 1\n"
                    "[[lane]]\nname = \"lane-1\"\nsimulated_passage_ms = 20\n"
                    "[[reader]]\nname = \"cam-1\"\nlane = \"lane-1\"\nsource = "
                    "\"nowhere\"\nmost_scans = 100000\n" +
                        more);
    }
    void write_keys() const {
        temp_.write("keys.toml", crypto::key_record_toml(tests::test_record(tests::test_key(1))));
    }
    [[nodiscard]] static std::string ticket(std::uint64_t serial) {
        crypto::Gt1Fields fields = tests::test_fields();
        fields.serial = serial;
        fields.not_after = 4'000'000'000;
        return crypto::gt1_text(tests::test_ticket(fields, tests::test_key(1)));
    }

    [[nodiscard]] std::unique_ptr<Process> start() const {
        return std::make_unique<Process>("stiled",
                                         std::vector<std::string>{"--config", config().native()},
                                         temp_.path() / "stiled");
    }
    // Waits until the daemon listens; nothing when it ended instead.
    [[nodiscard]] std::optional<protocol::Channel> connect(const std::string& socket,
                                                           Process& stiled) const {
        for (int i = 0; i < 4'000; ++i) {
            if (auto channel = protocol::Channel::connect(temp_.path() / "run" / socket))
                return std::move(*channel);
            if (stiled.wait(std::chrono::milliseconds{10})) return std::nullopt;  // it ended
        }
        return std::nullopt;
    }
    [[nodiscard]] PlayedPeer reader(Process& stiled, const std::string& name = "cam-1") const {
        auto channel = connect("reader.sock", stiled);
        EXPECT_TRUE(channel) << log();
        return {std::move(*channel), {protocol::Role::Reader, name, "test"}};
    }
    [[nodiscard]] PlayedPeer sync(Process& stiled) const {
        auto channel = connect("sync.sock", stiled);
        EXPECT_TRUE(channel) << log();
        return {std::move(*channel), {protocol::Role::Sync, "sync", "test"}};
    }
    // Runs a program to its end with this site's configuration.
    [[nodiscard]] Finished run(const std::string& program, std::vector<std::string> words) const {
        words.insert(words.begin(), {"--config", config().native()});
        return test::run(program, std::move(words), temp_.path());
    }
    [[nodiscard]] std::string log() const { return tests_log("stiled.err"); }
    [[nodiscard]] std::filesystem::path config() const { return temp_.path() / "site.toml"; }
    [[nodiscard]] const TempDir& folder() const { return temp_; }
    [[nodiscard]] std::filesystem::path ledger() const { return temp_.path() / "state" / "ledger"; }

private:
    [[nodiscard]] std::string tests_log(const std::string& name) const {
        std::ifstream in{temp_.path() / name};
        return {std::istreambuf_iterator<char>{in}, {}};
    }
    TempDir temp_;
};

}  // namespace stile::test
