// SPDX-License-Identifier: Apache-2.0
// One function for each word that a line can begin with.
#include "tests/emulator/script/player.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <utility>

#include "tests/emulator/model/scanner.hpp"
#include "tests/emulator/script/shelf.hpp"

namespace stile::emulator {
namespace {

constexpr std::chrono::seconds kPatience{15};  // far more than anything takes, sanitizers included

// "within 300 ms" or "within 20 s" at the front, if it is there.
std::chrono::milliseconds patience(Words& words) {
    if (!words.take_if("within")) return kPatience;
    const std::chrono::milliseconds count{words.number()};
    if (words.take_if("ms")) return count;
    words.expect("s");
    return count * 1000;
}

// The words of an event up to "within" or the end of the line.
std::string event_of(Words& words) {
    std::string event;
    while (!words.empty()) {
        if (words.peek() == "within") break;
        event += (event.empty() ? "" : " ") + words.take();
    }
    if (event.empty()) words.complain("an event is expected");
    return event;
}

std::uint8_t command_type(Words& words) {
    if (!words.take_if("in")) return 0;
    const std::string kind = words.take();
    if (kind == "power-on") return 0x62;
    if (kind == "status") return 0x65;
    if (kind == "escape") return 0x6B;
    if (kind != "apdu") words.complain("power-on, status, escape or apdu is expected");
    return 0x6F;
}

}  // namespace

const Player::Command Player::kCommands[] = {
    {"plug", &Player::plug},           {"unplug", &Player::unplug}, {"start", &Player::start},
    {"stop", &Player::stop},           {"card", &Player::card},     {"remove", &Player::remove},
    {"scan", &Player::scan},           {"hold", &Player::hold},     {"free", &Player::let_go},
    {"misbehave", &Player::misbehave}, {"behave", &Player::behave}, {"wait", &Player::wait},
    {"expect", &Player::expect},       {"forget", &Player::forget}, {"say", &Player::say},
};

Player::Player(Table& table, Bus& bus, Program& program, std::filesystem::path folder)
    : table_{table}, bus_{bus}, program_{program}, folder_{std::move(folder)} {}

Player::~Player() {
    for (auto& [name, device] : devices_)
        bus_.unplug(*device.model);
}

Result<void> Player::play(std::istream& lines) {
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
        if (auto done = play_line(line); !done)
            return fail("line " + std::to_string(number) + ": " + line, std::move(done.error()));
    }
    Words none{{}};
    return program_.is_started() ? stop(none) : Result<void>{};
}

Result<void> Player::play_line(const std::string& line) {
    auto words = words_of(line);
    if (!words) return std::unexpected{std::move(words.error())};
    if (words->empty()) return {};
    Words rest{std::move(*words)};
    const auto* command = std::ranges::find(kCommands, rest.take(), &Command::name);
    if (command == std::end(kCommands)) return fail(Errc::Invalid, "no command begins so");
    auto done = (this->*command->step)(rest);
    if (const auto complaint = rest.complaint()) return fail(Errc::Invalid, *complaint);
    if (!done) return done;
    const std::chrono::duration<double> now = Clock::now() - begin_;
    std::fprintf(stderr, "%8.3f  %s\n", now.count(), line.c_str());
    return {};
}

Player::Device* Player::device(Words& words) {
    const std::string name = words.take();
    const auto found = devices_.find(name);
    if (found != devices_.end()) return &found->second;
    words.complain("no device is called \"" + name + "\"");
    return nullptr;
}

CcidReader* Player::reader(Words& words) {
    Device* named = device(words);
    auto* reader = named == nullptr ? nullptr : dynamic_cast<CcidReader*>(named->model.get());
    if (reader == nullptr) words.complain("a card reader is expected");
    return reader;
}

// Changes a model, and lets the transfers that wait at it go on.
void Player::change(UsbDevice& model, const std::function<void()>& what) {
    const std::lock_guard lock{table_.mutex};
    what();
    bus_.stir(model);
    table_.changed.notify_all();
}

// Tells the system of devices that were pulled out.
void Player::settle() {
    for (auto& [name, device] : devices_) {
        std::unique_lock lock{table_.mutex};
        const bool pulled = bus_.is_pulled(*device.model);
        lock.unlock();
        if (pulled) bus_.unplug(*device.model);
    }
}

bool Player::wait_until(std::chrono::milliseconds limit, const std::function<bool()>& holds) {
    const auto deadline = Clock::now() + limit;
    const auto pulled = [this](const auto& each) { return bus_.is_pulled(*each.second.model); };
    for (;;) {
        settle();
        std::unique_lock lock{table_.mutex};
        const auto wanted = [&] { return holds() || std::ranges::any_of(devices_, pulled); };
        const bool came = table_.changed.wait_until(lock, deadline, wanted);
        if (!came || holds()) {
            lock.unlock();
            settle();
            return came;
        }
    }
}

std::unexpected<Error> Player::failed(const Device& device, std::string text) {
    const std::lock_guard lock{table_.mutex};
    const auto& diary = device.model->diary();
    const std::size_t last = std::min<std::size_t>(diary.size(), 12);
    text += "; its diary ends so:";
    for (const std::string& line :
         std::vector(diary.end() - static_cast<std::ptrdiff_t>(last), diary.end()))
        text += "\n    " + line;
    return fail(Errc::Timeout, std::move(text));
}

// plug MAKE as NAME at PORT ...
Result<void> Player::plug(Words& words) {
    const std::string make = words.take();
    words.expect("as");
    const std::string name = words.take();
    words.expect("at");
    const std::string port = words.take();
    auto model = make_device(make, words);
    if (words.complaint()) return {};
    const auto old = devices_.find(name);
    const auto taken = [&](const auto& each) {
        return each.first != name && each.second.port == port;
    };
    if (std::ranges::any_of(devices_, taken)) return fail(Errc::Invalid, "this port is taken");
    if (old != devices_.end()) bus_.unplug(*old->second.model);
    Device& device = devices_[name] = {std::move(model), port};
    return bus_.plug(*device.model, port);
}

// unplug NAME [after N transfers]
Result<void> Player::unplug(Words& words) {
    Device* named = device(words);
    if (named == nullptr) return {};
    if (!words.take_if("after")) {
        bus_.unplug(*named->model);
        return {};
    }
    const unsigned transfers = words.number();
    words.expect("transfers");
    change(*named->model, [&] { bus_.pull_after(*named->model, transfers); });
    return {};
}

Result<void> Player::start(Words& /*words*/) {
    if (!program_.is_there()) return fail(Errc::Invalid, "there is no program");
    if (program_.is_started()) return fail(Errc::Invalid, "the program was started before");
    program_.start();
    return {};
}

// stop: it has to end well when it is asked to.
Result<void> Player::stop(Words& /*words*/) {
    if (std::exchange(over_, true)) return {};
    program_.signal(SIGTERM);
    if (!wait_until(kPatience, [this] { return program_.ended().has_value(); }))
        return fail(Errc::Timeout, "the program does not end");
    const std::lock_guard lock{table_.mutex};
    const int ended = *program_.ended();
    if (ended == 0 || ended == 128 + SIGTERM) return {};
    return fail(Errc::Timeout, "the program ended with " + std::to_string(ended));
}

// card NAME KIND ... | card NAME again
Result<void> Player::card(Words& words) {
    CcidReader* into = reader(words);
    if (!words.take_if("again")) {
        card_ = make_card(words, folder_);
    } else if (!card_) {
        words.complain("there was no card yet");
    }
    if (into != nullptr && card_) change(*into, [&] { into->insert(card_); });
    return {};
}

// remove NAME [after N commands]
Result<void> Player::remove(Words& words) {
    CcidReader* from = reader(words);
    const bool later = words.take_if("after");
    const unsigned commands = later ? words.number() : 0;
    if (later) words.expect("commands");
    if (from == nullptr) return {};
    change(*from, [&] { later ? from->remove_after(commands) : from->remove(); });
    return {};
}

// scan NAME "TEXT" | scan NAME file FILE
Result<void> Player::scan(Words& words) {
    Device* named = device(words);
    auto* scanner = named == nullptr ? nullptr : dynamic_cast<HidScanner*>(named->model.get());
    std::string text = words.take();
    if (text == "file" && !words.empty()) {
        std::ifstream in{folder_ / words.take(), std::ios::binary};
        if (!in) return fail(Errc::Invalid, "there is no such file");
        text.assign(std::istreambuf_iterator<char>{in}, {});
        while (!text.empty() && text.back() == '\n')
            text.pop_back();
    }
    if (scanner == nullptr) words.complain("a scanner is expected");
    if (scanner != nullptr) change(*scanner, [&] { scanner->scan(text); });
    return {};
}

// misbehave NAME HOW [in KIND] [N times | for ever]
Result<void> Player::misbehave(Words& words) {
    CcidReader* bad = reader(words);
    const auto how = find_misbehaviour(words.take());
    if (!how) words.complain("nothing misbehaves so");
    Disorder disorder{.how = how.value_or(Misbehaviour::Silent), .in = command_type(words)};
    if (words.take_if("for")) {
        words.expect("ever");
        disorder.times = 0;
    } else if (!words.empty()) {
        disorder.times = words.number();
        words.expect("times");
    }
    if (bad != nullptr && !words.complaint()) change(*bad, [&] { bad->misbehave(disorder); });
    return {};
}

Result<void> Player::behave(Words& words) {
    CcidReader* good = reader(words);
    if (good != nullptr) change(*good, [&] { good->behave(); });
    return {};
}

Result<void> Player::hold(Words& words) {
    Device* named = device(words);
    Result<void> done;
    if (named != nullptr) change(*named->model, [&] { done = bus_.hold(*named->model); });
    return done;
}

Result<void> Player::let_go(Words& words) {
    Device* named = device(words);
    if (named != nullptr) change(*named->model, [&] { bus_.let_go(*named->model); });
    return {};
}

// wait NAME EVENT [within N ms|s]
Result<void> Player::wait(Words& words) {
    if (words.take_if("exit")) return wait_for_exit(words);
    Device* named = device(words);
    const std::string event = event_of(words);
    const auto limit = patience(words);
    if (named == nullptr || words.complaint()) return {};
    const auto came = [&] {
        const auto& diary = named->model->diary();
        for (std::size_t at = named->seen; at < diary.size(); ++at) {
            if (!diary[at].starts_with(event)) continue;
            named->seen = at + 1;
            return true;
        }
        return false;
    };
    // The condition is asked more than once, and moves on when it holds: so it is asked only once.
    bool holds = false;
    if (wait_until(limit, [&] { return holds = holds || came(); })) return {};
    return failed(*named, "it did not come");
}

// wait exit CODE [within N ms|s]
Result<void> Player::wait_for_exit(Words& words) {
    const unsigned code = words.number();
    const auto limit = patience(words);
    if (words.complaint()) return {};
    if (!wait_until(limit, [this] { return program_.ended().has_value(); }))
        return fail(Errc::Timeout, "the program still runs");
    over_ = true;
    const std::lock_guard lock{table_.mutex};
    const int ended = *program_.ended();
    if (ended == static_cast<int>(code)) return {};
    return fail(Errc::Timeout, "the program ended with " + std::to_string(ended));
}

// expect NAME [no] EVENT: of all that happened to the device so far, or since `forget`.
Result<void> Player::expect(Words& words) {
    Device* named = device(words);
    const bool absent = words.take_if("no");
    const std::string event = event_of(words);
    if (named == nullptr || words.complaint()) return {};
    bool happened = false;
    {
        const std::lock_guard lock{table_.mutex};
        const auto& diary = named->model->diary();
        const auto from = diary.begin() + static_cast<std::ptrdiff_t>(named->forgotten);
        happened = std::any_of(from, diary.end(),
                               [&](const std::string& line) { return line.starts_with(event); });
    }
    if (happened != absent) return {};
    return failed(*named, absent ? "it did happen" : "it did not happen");
}

// forget NAME: what happened so far is neither waited for nor expected any more.
Result<void> Player::forget(Words& words) {
    Device* named = device(words);
    const std::lock_guard lock{table_.mutex};
    if (named != nullptr) named->seen = named->forgotten = named->model->diary().size();
    return {};
}

Result<void> Player::say(Words& words) {
    (void)words.take();  // the line itself is printed
    return {};
}

}  // namespace stile::emulator
