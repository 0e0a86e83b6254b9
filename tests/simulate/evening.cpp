// SPDX-License-Identifier: Apache-2.0
// The heart of the simulation: a step each 20 ms.
#include "tests/simulate/evening.hpp"

#include <algorithm>
#include <csignal>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "crypto/base/sort_stably.hpp"
#include "daemon/stilectl/client.hpp"

namespace stile::simulate {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using namespace std::chrono_literals;

constexpr milliseconds kStep = 20ms;
constexpr milliseconds kReport = 1s;
constexpr milliseconds kLead = 2s;    // in truth: the programs start before the doors open
constexpr milliseconds kPerson = 3s;  // that somebody needs in a lane, of the evening
constexpr milliseconds kShortestPassage = 20ms;   // in truth
constexpr std::chrono::seconds kPatience = 120s;  // in truth, while nothing happens any more
constexpr Minutes kFire = kShow + Minutes{45};

std::string broker_lines(std::uint16_t page_port) {
    return fmt::format(
        "allow_anonymous true\nmax_queued_messages 0\nlistener {} 127.0.0.1\n"
        "protocol websockets\nsocket_domain ipv4\n",
        page_port);
}

}  // namespace

Evening::Evening(const Options& options)
    : options_{options},
      plan_{plan_evening(options.wishes)},
      passage_{std::max(kShortestPassage, kPerson / options.speed)},
      office_{options.wishes.seed, kDoors},
      page_port_{sync::testbed::free_port()},
      broker_{broker_lines(page_port_)},
      clock_{EveningClock::from_now(kDoors - kLead * options.speed, options.speed)} {
    loop_.handle_signals([this] { loop_.stop(0); });  // the terminal is gone: as Ctrl-C
    if (!broker_.start()) throw std::runtime_error{"mosquitto does not start; is it installed?"};
    clock_ = EveningClock::from_now(kDoors - kLead * options_.speed, options_.speed);
    build();
    plan_incidents();
}

void Evening::build() {
    fs::create_directories(options_.out);
    ear_.emplace(loop_, broker_.port(), options_.out / "mqtt", [] {});
    collector_.emplace(
        CollectorSite::Setup{options_.out / "collector", broker_.port(), options_.wishes.people},
        office_, clock_);
    collector_->start();
    for (std::size_t i = 0; i < options_.wishes.gates; ++i) {
        const std::string name = fmt::format("gate-{}", i + 1);
        wires_.push_back(std::make_unique<Wire>(loop_, broker_.port()));
        gates_.push_back(std::make_unique<GateSite>(
            GateSite::Setup{.name = name,
                            .folder = options_.out / name,
                            .runtime = sockets_.path() / std::to_string(i),
                            .broker = wires_.back()->port(),
                            .passage = passage_},
            office_, clock_));
        gates_.back()->start_daemon();
    }
    crowd_.emplace(Crowd::World{loop_, clock_, plan_, office_, kDoors, gates_.size(),
                                [this](std::size_t gate, const std::string& lane) {
                                    return LaneFront::Place{gates_[gate]->socket("reader.sock"),
                                                            GateSite::reader_of(lane), passage_};
                                }});
    for (const auto& gate : gates_)
        watches_.push_back(std::make_unique<GateWatch>(
            loop_, gate->socket("control.sock"), [this](const Entry& entry) { take(entry); }));
}

void Evening::add_spell(const std::optional<Spell>& spell, const std::string& begins,
                        std::function<void(std::size_t)> begin, const std::string& ends,
                        std::function<void(std::size_t)> end) {
    if (!spell) return;
    const std::size_t gate = spell->gate % gates_.size();
    const std::string& name = gates_[gate]->name();
    incidents_.push_back(
        {spell->from, name + begins, [gate, act = std::move(begin)] { act(gate); }});
    incidents_.push_back({spell->until, name + ends, [gate, act = std::move(end)] { act(gate); }});
}

void Evening::plan_incidents() {
    const Scenario& scenario = *options_.wishes.scenario;
    incidents_.push_back({kShow, "the show begins", [] {}});
    add_spell(
        scenario.broken_reader, ": the reader of lane a breaks",
        [this](std::size_t gate) { crowd_->lane(gate, 0).break_reader(); },
        ": the reader of lane a is mended",
        [this](std::size_t gate) { crowd_->lane(gate, 0).mend_reader(); });
    add_spell(
        scenario.network_cut, ": the network is cut; it goes on deciding",
        [this](std::size_t gate) { wires_[gate]->cut(); }, ": the network is back",
        [this](std::size_t gate) { wires_[gate]->mend(); });
    add_spell(
        scenario.dead_gate, ": stiled is killed (kill -9)",
        [this](std::size_t gate) { gates_[gate]->kill_daemon(); }, ": stiled starts again",
        [this](std::size_t gate) { gates_[gate]->start_daemon(); });
    if (scenario.refund)
        incidents_.push_back({*scenario.refund,
                              fmt::format("{} tickets are refunded; the holders of {} are inside",
                                          plan_.refunds.size(), plan_.refunded_inside),
                              [this] {
                                  for (std::size_t i = 0; i < gates_.size(); ++i)
                                      without_refunds_.push_back(i);
                              }});
    if (options_.fire == Fire::Yes)
        incidents_.push_back({kFire, "FIRE: all lanes open", [this] { fire(); }});
    sort_stably(incidents_, &Incident::at);
}

Evening::Ending Evening::run() {
    last_progress_ = std::chrono::steady_clock::now();
    steps_ = loop_.every(kStep, [this] { step(); });
    reports_ = loop_.every(kReport, [this] { progress(); });
    if (loop_.run() == 0) ending_ = Ending::Interrupted;
    progress();
    steps_.reset();
    reports_.reset();
    for (const auto& gate : gates_) {
        if (!gate->stop()) say(gate->name() + " does not end");
    }
    if (!collector_->stop()) say("the collector does not end");
    return ending_;
}

bool Evening::all_up() const {
    for (std::size_t gate = 0; gate < gates_.size(); ++gate) {
        if (!watches_[gate]->up()) return false;
        for (std::size_t lane = 0; lane < std::size(kLanes); ++lane)
            if (!crowd_->lane(gate, lane).up()) return false;
    }
    return ear_->listens();
}

void Evening::step() {
    constexpr int kEnd = 1;
    if (is_stuck()) {
        ending_ = Ending::Stuck;
        return loop_.stop(kEnd);
    }
    if (!started_) {
        if (!all_up() || !collector_is_up()) return;
        started_ = true;
        for (const auto& gate : gates_)
            gate->start_sync();
        say("the doors open at " + clock_text(kDoors));
        crowd_->start();
    }
    incidents();
    hand_out_refunds();
    const bool over = next_incident_ == incidents_.size() && crowd_->done();
    if (!over || burning_ != lanes_on_fire_ || !all_delivered() || !collector_has_all()) return;
    if (options_.afterwards == Afterwards::StayUntilInterrupted) return;
    ending_ = Ending::Over;
    loop_.stop(kEnd);
}

void Evening::take(const Entry& entry) {
    crowd_->take(entry);
    const auto* event = std::get_if<LaneEvent>(&entry.body);
    if (event != nullptr && event->what == LaneEventKind::FireStarted) ++lanes_on_fire_;
}

void Evening::incidents() {
    while (next_incident_ < incidents_.size()) {
        const Incident& next = incidents_[next_incident_];
        if (clock_.now() < kDoors + std::chrono::round<milliseconds>(next.at)) return;
        ++next_incident_;
        say(next.words);
        next.act();
    }
}

// Of the people who are to be inside by then all are; a gate that is dead gets its list later.
void Evening::hand_out_refunds() {
    if (without_refunds_.empty()) return;
    for (std::size_t i = 0; i < plan_.refunded_inside; ++i)
        if (!crowd_->is_inside(plan_.refunds[i])) return;
    std::string list;
    for (const std::size_t ticket : plan_.refunds)
        list += BoxOffice::revocation(plan_.tickets[ticket].serial);
    const fs::path file = options_.out / "refunds.txt";
    write_private(file, list);
    std::erase_if(without_refunds_, [&](std::size_t gate) {
        auto client = ControlClient::connect(gates_[gate]->socket("control.sock"));
        if (!client) return false;
        const UniqueFd open{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
        const auto done = client->import(protocol::Content::RevocationText, open.get(), list.size(),
                                         [](std::uint64_t, std::uint64_t) {});
        if (done) crowd_->got_refunds(gate);
        return done.has_value();
    });
    if (without_refunds_.empty()) tell_collector_of_refunds();
}

void Evening::fire() {
    crowd_->send_home();
    burning_ = gates_.size() * std::size(kLanes);
    for (const auto& gate : gates_)
        gate->signal_daemon(SIGHUP);
}

bool Evening::all_delivered() const {
    for (std::size_t i = 0; i < gates_.size(); ++i) {
        const auto& heard = ear_->entries(gates_[i]->name());
        if (!watches_[i]->up() || heard.size() < watches_[i]->seq()) return false;
    }
    return true;
}

// In truth; while people are still to come there is always something to wait for.
bool Evening::is_stuck() {
    std::pair<std::size_t, std::size_t> now{crowd_->refused(), next_incident_};
    for (std::size_t i = 0; i < gates_.size(); ++i)
        now.second += watches_[i]->seq() + ear_->entries(gates_[i]->name()).size();
    const auto time = std::chrono::steady_clock::now();
    const bool coming = started_ && clock_.now() < kDoors + kFire;
    const bool stays = options_.afterwards == Afterwards::StayUntilInterrupted;
    if (std::exchange(known_, now) != now || coming || stays) last_progress_ = time;
    return time - last_progress_ > kPatience;
}

Findings Evening::findings() const {
    std::vector<Witness> witnesses;
    for (std::size_t i = 0; i < gates_.size(); ++i)
        witnesses.push_back({gates_[i]->name(), gates_[i]->ledger(), watches_[i]->seq()});
    auto stored = collector_->entries();
    const Teller tellers[] = {
        {"by MQTT",
         [this](const std::string& gate) -> const Payloads& { return ear_->entries(gate); }},
        {"in the collector's store", [&stored](const std::string& gate) -> const Payloads& {
             static const Payloads nothing;
             return stored ? (*stored)[gate] : nothing;
         }}};
    Findings found = compare(plan_, crowd_->seen(), witnesses, tellers);
    if (ear_->contradictions() > 0)
        found.differences.push_back(
            fmt::format("{} entries came twice by MQTT and differ", ear_->contradictions()));
    if (!stored) found.differences.push_back("the collector's store: " + stored.error().context);
    compare_with_collector(found);
    return found;
}

}  // namespace stile::simulate
