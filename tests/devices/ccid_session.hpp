// SPDX-License-Identifier: Apache-2.0
// A session with a reader that does what a string of bytes says, for the fuzzer.
#pragma once

#include "devices/ccid/ccid_reader.hpp"
#include "tests/devices/ccid_fake.hpp"

namespace stile::devices::testing {

// Each command that arrives takes a few bytes of the input, which choose how the device answers it:
// rightly, almost rightly, wrongly, late, never. When the input ends, it behaves.
class CcidSession {
public:
    explicit CcidSession(Bytes input) : input_{input} {}
    void run();
    // Every command was answered once, cards came and went in turn, and in the end, with a device
    // that behaves, a card is read.
    [[nodiscard]] bool kept_its_promises() const { return good_ && open_ == 0 && read_; }

private:
    [[nodiscard]] FakeCcid::Kind kind();
    void plug();
    void stir();
    [[nodiscard]] bool meddle(const Buffer& command);
    void answer_with(std::uint8_t how, const Buffer& command);
    void transmit();

    ByteReader input_;
    FakeTime time_;
    std::optional<FakeCcid> device_;
    std::unique_ptr<CcidReader> reader_;
    bool good_ = true;
    bool card_ = false;
    int open_ = 0;  // commands without an answer
    bool read_ = false;
};

}  // namespace stile::devices::testing
