// SPDX-License-Identifier: Apache-2.0
// Plays a transcript (tests/emulator/TRANSCRIPT.md): what happens to the devices, and what has to
// come of it.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <istream>
#include <map>
#include <memory>
#include <string>

#include "crypto/base/result.hpp"
#include "tests/emulator/bus.hpp"
#include "tests/emulator/model/ccid_reader.hpp"
#include "tests/emulator/script/program.hpp"
#include "tests/emulator/script/words.hpp"

namespace stile::emulator {

class Player {
public:
    // Files in the transcript are relative to `folder`.
    Player(Table& table, Bus& bus, Program& program, std::filesystem::path folder);
    ~Player();
    Player(const Player&) = delete;
    Player& operator=(const Player&) = delete;

    // To the end, or to the first line that is wrong (Invalid) or that does not hold (Timeout).
    // Prints each line when it is done. At the end the program is told to end, too.
    [[nodiscard]] Result<void> play(std::istream& lines);

private:
    using Clock = std::chrono::steady_clock;
    using Step = Result<void> (Player::*)(Words&);
    struct Device {
        std::unique_ptr<UsbDevice> model;
        std::string port;
        std::size_t seen = 0;       // lines of its diary that `wait` has gone by
        std::size_t forgotten = 0;  // and that `expect` does not look at
    };
    struct Command {
        std::string_view name;
        Step step;
    };
    static const Command kCommands[];

    [[nodiscard]] Result<void> play_line(const std::string& line);
    [[nodiscard]] Result<void> plug(Words& words);
    [[nodiscard]] Result<void> unplug(Words& words);
    [[nodiscard]] Result<void> start(Words& words);
    [[nodiscard]] Result<void> stop(Words& words);
    [[nodiscard]] Result<void> card(Words& words);
    [[nodiscard]] Result<void> remove(Words& words);
    [[nodiscard]] Result<void> scan(Words& words);
    [[nodiscard]] Result<void> misbehave(Words& words);
    [[nodiscard]] Result<void> behave(Words& words);
    [[nodiscard]] Result<void> hold(Words& words);
    [[nodiscard]] Result<void> let_go(Words& words);
    [[nodiscard]] Result<void> wait(Words& words);
    [[nodiscard]] Result<void> wait_for_exit(Words& words);
    [[nodiscard]] Result<void> expect(Words& words);
    [[nodiscard]] Result<void> forget(Words& words);
    [[nodiscard]] Result<void> say(Words& words);

    // The device that the next word names; null with a complaint.
    Device* device(Words& words);
    CcidReader* reader(Words& words);
    void change(UsbDevice& model, const std::function<void()>& what);
    [[nodiscard]] bool wait_until(std::chrono::milliseconds limit,
                                  const std::function<bool()>& holds);
    void settle();
    [[nodiscard]] std::unexpected<Error> failed(const Device& device, std::string text);

    Table& table_;
    Bus& bus_;
    Program& program_;
    std::filesystem::path folder_;
    std::map<std::string, Device> devices_;
    std::shared_ptr<Card> card_;  // the last one
    Clock::time_point begin_ = Clock::now();
    bool over_ = false;  // the program's end was seen to
};

}  // namespace stile::emulator
