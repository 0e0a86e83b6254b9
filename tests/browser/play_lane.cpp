// SPDX-License-Identifier: Apache-2.0
// stile-play-lane: plays stiled to a display. Reads signs as JSON lines, says when each was sent.
#include <chrono>
#include <cstdio>
#include <exception>
#include <iostream>
#include <map>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "daemon/control/hub.hpp"
#include "daemon/core/reason.hpp"
#include "daemon/lane/lane_sign.hpp"
#include "daemon/runtime/exit_code.hpp"

namespace stile::test {
namespace {

using Json = nlohmann::json;
using protocol::LaneView;

SignState state_named(const std::string& name) {
    for (auto number = std::uint8_t{1}; number <= std::to_underlying(SignState::Last); ++number) {
        const auto state = static_cast<SignState>(number);
        if (name_of(state) == name) return state;
    }
    return SignState::Idle;
}

std::uint8_t reason_coded(const std::string& code) {
    for (unsigned number = 1; number < kReasonSlots; ++number) {
        const auto reason = reason_from(static_cast<std::uint8_t>(number));
        if (reason && text_of(*reason).code == code) return static_cast<std::uint8_t>(number);
    }
    return 0;
}

LaneView view_of(const Json& line) {
    const auto now = static_cast<std::uint64_t>(EventLoop::monotonic_ns());
    const auto left = line.value("left", std::uint64_t{0});
    return {.lane = line.value("lane", "lane-1"),
            .state = state_named(line.value("state", "idle")),
            .reason = reason_coded(line.value("reason", "")),
            .direction = line.value("exit", false) ? Direction::Exit : Direction::Entry,
            .people = line.value("people", std::uint8_t{1}),
            .since_ns = line.value("since", std::uint64_t{0}),
            .until_ns = left == 0 ? 0 : now + left * 1'000'000,
            .seat = line.value("seat", ""),
            .entrance = line.value("entrance", ""),
            .greeting = line.value("name", ""),
            .words = line.value("words", "")};
}

// One lane or many: all that were named, and whoever watches.
class Player {
public:
    explicit Player(const std::string& socket)
        : hub_{loop_,
               {.venue = "arena", .gate = "north", .software = "player"},
               {.on_knock = {},
                .on_join = [](const PeerInfo&) { return Result<void>{}; },
                .on_leave = {},
                .on_message = [this](const PeerInfo& peer,
                                     protocol::Received&& received) { take(peer, received); }}} {
        if (const auto opened = hub_.open(
                {.path = socket, .role = protocol::Role::Viewer, .mode = 0600, .user = "root"});
            !opened) {
            std::cerr << opened.error().context << '\n';
            std::exit(kExitFailed);
        }
        input_ = loop_.on_readable(STDIN_FILENO, [this] { read(); });
        loop_.handle_signals();
    }
    int run() { return loop_.run(); }

private:
    void take(const PeerInfo& peer, const protocol::Received& received) {
        const auto* watch = std::get_if<protocol::Watch>(&received.message);
        if (watch == nullptr) return;
        const auto [view, added] = views_.try_emplace(watch->lane, LaneView{.lane = watch->lane});
        hub_.send(peer.id, view->second);
    }
    void read() {
        char bytes[4096];
        const ssize_t count = ::read(STDIN_FILENO, bytes, sizeof bytes);
        if (count <= 0) return loop_.stop(kExitDone);
        text_.append(bytes, static_cast<std::size_t>(count));
        for (auto end = text_.find('\n'); end != std::string::npos; end = text_.find('\n')) {
            play(Json::parse(text_.substr(0, end)));
            text_.erase(0, end + 1);
        }
    }
    void play(const Json& line) {
        const LaneView view = view_of(line);
        views_[view.lane] = view;
        const auto at = std::chrono::duration<double, std::milli>(
            std::chrono::system_clock::now().time_since_epoch());
        hub_.send_all(protocol::Role::Viewer, view);
        std::cout << fmt::format("{:.3f}\n", at.count()) << std::flush;
    }

    EventLoop loop_;
    Hub hub_;
    EventSource input_;
    std::map<std::string, LaneView> views_;
    std::string text_;
};

}  // namespace
}  // namespace stile::test

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "Usage: stile-play-lane SOCKET\n";
        return stile::kExitUsage;
    }
    try {
        return stile::test::Player{argv[1]}.run();
    } catch (const std::exception& thrown) {
        std::cerr << "stile-play-lane: " << thrown.what() << '\n';
        return stile::kExitFailed;
    }
}
