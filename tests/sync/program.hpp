// SPDX-License-Identifier: Apache-2.0
// stile-sync as it runs at a gate: the real program, a real broker, a scripted daemon.
#pragma once

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "tests/sync/testbed/child.hpp"
#include "tests/sync/testbed/fake_daemon.hpp"
#include "tests/sync/testbed/mosquitto.hpp"

namespace stile::sync {

class Program : public testing::Test {
protected:
    void SetUp() override {
        if (!testbed::have_program("mosquitto") || !testbed::have_program("mosquitto_sub"))
            GTEST_SKIP() << "mosquitto and mosquitto-clients are not installed";
    }

    // Writes the site file; `mqtt` are further lines of its section [mqtt].
    std::string site(const std::string& brokers, const std::string& mqtt = "",
                     const std::string& metrics = "") const {
        return folder_.write("site.toml",
                             "[site]\nvenue = \"arena\"\ngate = \"north-1\"\n"
                             "[paths]\nruntime = \"run\"\n"
                             "[mqtt]\nbrokers = [" +
                                 brokers +
                                 "]\n"
                                 "retry_first_ms = 50\nretry_longest_ms = 300\n"
                                 "health_period_ms = 500\n" +
                                 mqtt + "[metrics]\nlisten = \"" + metrics +
                                 "\"\n[[lane]]\nname = \"a\"\n");
    }
    static std::string quoted(const std::string& text) { return '"' + text + '"'; }
    [[nodiscard]] std::filesystem::path socket() const {
        return folder_.path() / "run" / "sync.sock";
    }
    // Starts stile-sync on that site file, or starts it again.
    void run(const std::string& site_file) {
        program_ = std::make_unique<testbed::Child>(
            std::vector<std::string>{STILE_BIN_DIR "/stile-sync", "--config", site_file},
            testbed::Child::Stream::Errors);
    }
    [[nodiscard]] bool says(const std::string& part) { return program_->lines().wait_for(part); }

    testbed::TempFolder folder_;
    testbed::Mosquitto broker_;
    testbed::FakeDaemon daemon_{socket()};
    std::unique_ptr<testbed::Child> program_;
};

}  // namespace stile::sync
