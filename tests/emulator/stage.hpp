// SPDX-License-Identifier: Apache-2.0
// A transcript in a folder of its own, played to a program.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::emulator {

class Stage {
public:
    [[nodiscard]] test::Finished play(const std::string& transcript,
                                      std::vector<std::string> program) const {
        const auto script = temp_.write("transcript", transcript);
        program.insert(program.begin(), {script.native(), "--"});
        return test::run("stile-emulator", std::move(program), temp_.path());
    }
    // With stile-usb-probe.
    [[nodiscard]] test::Finished probe(const std::string& transcript,
                                       std::vector<std::string> words) const {
        words.insert(words.begin(), STILE_BIN_DIR "/stile-usb-probe");
        return play(transcript, std::move(words));
    }
    [[nodiscard]] const test::TempDir& folder() const { return temp_; }

private:
    test::TempDir temp_;
};

}  // namespace stile::emulator
