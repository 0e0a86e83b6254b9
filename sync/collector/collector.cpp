// SPDX-License-Identifier: Apache-2.0
// Wiring: the broker's messages, the store, and the ticks by which everything is said.
#include "sync/collector/collector.hpp"

#include <algorithm>
#include <random>
#include <utility>

#include <fmt/format.h>

#include "daemon/entry/entry_json.hpp"
#include "daemon/runtime/log.hpp"
#include "daemon/runtime/notify.hpp"
#include "sync/collector/expected_gates.hpp"
#include "sync/collector/troubles.hpp"

namespace stile::sync {
namespace {

using namespace std::chrono_literals;
constexpr auto kTick = 1s;  // so often at most each message under _ops
constexpr auto kBatchWait = 20ms;
constexpr auto kStoreAgain = 1s;
constexpr auto kStall = 20s;  // without an acknowledgement: the connection does not work
constexpr auto kSettle = 5s;  // a broker that does not let us read _ops
constexpr auto kGoodbye = 1200ms;
constexpr auto kHangUp = 600ms;
constexpr std::size_t kScanned = 1000;
constexpr std::size_t kProgressLine = 100'000;

std::string random_hex64() {
    std::random_device bits;
    return hex64((std::uint64_t{bits()} << 32) | bits());
}

// The link's remedies name what the user has to be allowed.
Settings for_all_gates(Settings settings) {
    settings.gate = "+";
    return settings;
}

// What detectors look at: attempts to enter, but for test tickets.
bool is_attempt(const GateEntry& entry) {
    return entry.kind == EntryKind::Decision && entry.time && entry.verdict &&
           entry.direction != Direction::Exit && !entry.has(EntryFlag::Test);
}

}  // namespace

Collector::Collector(EventLoop& loop, MqttSession& session, EntryStore& store,
                     const CollectorConfig& config, WallClock clock, CollectorPapers papers)
    : loop_{loop},
      session_{session},
      store_{store},
      config_{config},
      wall_clock_{std::move(clock)},
      settings_{for_all_gates(config.broker)},
      topics_{config.venue, config.name},
      broker_{loop,
              session,
              settings_,
              speaks() ? topics_.ops("status") : "",
              {.make_will = [this] { return make_will(); },
               .on_up = [this](std::uint16_t maximum) { broker_up(maximum); },
               .on_down = [this] { broker_down(); },
               .on_delivered = [this](Token token) { delivered(token); },
               .on_arrived = [this](const Arrived& message) { arrived(message); }}},
      intake_{store,
              {.on_stored = [this](const GateEntry& entry) { stored(entry); },
               .on_found = [this](const GateEntry& entry) { count(entry); },  // once or twice
               .on_differing =
                   [this](const GateEntry& entry) {
                       const EntryName& name = entry.name;
                       if (!log_limit_.due("differs " + name.ledger.gate)) return;
                       log::error(
                           fmt::format("entry {} of {}, epoch {}, came again with another "
                                       "content; the first stays",
                                       name.seq, name.ledger.gate, hex64(name.ledger.epoch)));
                   }}},
      picture_{config},
      imports_{store, picture_.occupancy()},
      desk_{store, board_, topics_},
      doubts_{store},
      answers_{store,
               picture_.occupancy(),
               {.receipt = std::move(papers.receipt),
                .report = std::move(papers.report),
                .acknowledge = [this](const AcknowledgeQuestion& question) {
                    return desk_.acknowledge(question, wall_clock_().time);
                }}} {}

Result<void> Collector::rebuild() {
    if (auto loaded = doubts_.load(); !loaded) return loaded;
    std::uint64_t position = 0;
    std::size_t count = 0;
    while (true) {
        const auto entries = store_.scan(position, kScanned);
        if (!entries) return std::unexpected{entries.error()};
        if (entries->empty()) break;
        for (const StoredEntry& one : *entries)
            stored(one.entry);
        position = entries->back().position;
        count += entries->size();
        if (count % kProgressLine < entries->size() && count >= kProgressLine)
            log::info(fmt::format("read {} entries from the store", count));
    }
    do {
        if (auto looked = imports_.work(); !looked) return looked;
    } while (!imports_.done());
    if (auto loaded = desk_.load(); !loaded) return loaded;
    const auto known = expect_gates(store_, watch_, {wall_clock_().time, Clock::now()});
    if (!known) return known;
    log::info(fmt::format("the store has {} entries of {} gates", count,
                          progress_.gates(store_.coverage(), Clock::now()).size()));
    return {};
}

void Collector::start() {
    ticks_ = loop_.every(kTick, [this] { tick(); });
    broker_.start();
}

// --- the broker

std::string Collector::make_will() {
    boot_ = random_hex64();
    return ops_lost_json(config_.name, boot_);
}

void Collector::broker_up(std::uint16_t receive_maximum) {
    const auto now = Clock::now();
    up_since_ = now;
    last_delivery_ = now;
    watch_.reconnected(now);
    progress_.gaps().reconnected(now);
    broker_.subscribe(topics_.all());
    if (speaks()) board_.keep(topics_.ops("status"), status_message(OpsState::Online).payload);
    const std::size_t most = std::max<std::size_t>(receive_maximum, 2) - 1;
    board_.open(std::min(settings_.window, most));
    publish_watermarks();
    publish_waiting();
    notify::status("connected to " + broker_.broker());
}

void Collector::broker_down() {
    if (up_since_ != Clock::time_point{}) watch_.disconnected(Clock::now());
    up_since_ = {};
    board_.close();
    notify::status(broker_.trouble());
}

void Collector::delivered(Token token) {
    last_delivery_ = Clock::now();
    board_.delivered(token);
}

void Collector::on_session_events() {
    broker_.handle(session_.take_events());
    publish_waiting();
}

void Collector::publish_waiting() {
    if (stopping_) return;
    while (const auto message = board_.next()) {
        if (board_.in_flight() == 1) last_delivery_ = Clock::now();  // the wait begins now
        broker_.publish(*message);
    }
}

// --- what is heard

void Collector::arrived(const Arrived& message) {
    const auto topic = read_topic(config_.venue, message.topic);
    if (!topic) return;
    if (topic->gate == "_ops") return heard_of_ops(topic->rest, message.payload);
    if (topic->rest == "entry") return take_entry(std::string{topic->gate}, message.payload);
    heard_of_gate(std::string{topic->gate}, topic->rest, message);
}

void Collector::heard_of_gate(const std::string& gate, std::string_view what,
                              const Arrived& message) {
    constexpr std::string_view kAlarm = "alarm/";
    const auto now = Clock::now();
    const std::string_view payload = message.payload;
    const auto said = message.retained ? GateWatch::Said::Remembered : GateWatch::Said::Now;
    if (what == "health" && !payload.empty())
        return watch_.health(gate, read_time(payload), said, now);
    if (what == "status") {
        if (payload.empty()) watch_.forget(gate);  // it was scrapped
        if (const auto status = read_status(payload)) watch_.status(gate, *status, said, now);
    }
    if (what == "count") {
        if (const auto end = read_count(payload)) progress_.counted(gate, *end, now);
    }
    if (what.starts_with(kAlarm)) desk_.heard(gate, what.substr(kAlarm.size()), payload);
}

void Collector::heard_of_ops(std::string_view what, std::string_view payload) {
    constexpr std::string_view kForecast = "forecast/";
    constexpr std::string_view kAlarm = "alarm/";
    if (!speaks()) return;
    if (what == "ask") return asked(payload);
    if (settled_) return;  // the rest are our own words
    if (what.starts_with(kForecast) && !payload.empty())
        picture_.remembered(what.substr(kForecast.size()), board_, topics_);
    if (what.starts_with(kAlarm))
        desk_.remembered(what.substr(kAlarm.size()), payload, wall_clock_().time);
    if (what == "status") {
        const auto status = read_status(payload);
        settled_ = status && status->boot == boot_;  // retained messages came before it
    }
}

void Collector::take_entry(const std::string& gate, std::string_view payload) {
    if (const auto taken = intake_.take(gate, payload); !taken) {
        if (log_limit_.due("entry of " + gate))
            log::warning(fmt::format("what {} published as an entry is none: {}, ignoring", gate,
                                     taken.error().context));
        return;
    }
    if (intake_.waiting() >= Intake::kBatch) return store_waiting();
    if (!batch_) batch_ = loop_.after(kBatchWait, [this] { store_waiting(); });
}

void Collector::asked(std::string_view payload) {
    const auto question = read_question(payload);
    const auto now = wall_clock_().time;
    const auto asker =
        question ? std::optional{question->asker} : std::move(question.error().asker);
    if (!asker || !limit_.take(asker->reply, QuestionLimit::Time{EventLoop::monotonic_ns()})) {
        if (log_limit_.due("question"))
            log::warning("questions that nobody can answer, or too many of them, ignoring");
        return;
    }
    if (question && !store_trouble_.empty())  // it would block, or tell half of it
        return board_.once(topics_.answer(asker->reply),
                           error_answer(*asker, "the store fails: " + store_trouble_, now));
    board_.once(topics_.answer(asker->reply),
                question ? answers_.answer(*question, now)
                         : error_answer(*asker, question.error().error, now));
}

// --- the store

void Collector::store_waiting() {
    batch_.reset();
    if (Clock::now() < try_store_) return;
    if (intake_.waiting() > 0) store_says(intake_.store());
    look_at_lists();
    publish_watermarks();
    publish_waiting();
}

void Collector::count(const GateEntry& entry) {
    picture_.take(entry);
    progress_.take(entry);
}

void Collector::stored(const GateEntry& entry) {
    count(entry);
    if (!is_attempt(entry)) return;
    detectors_.take({.time = *entry.time,
                     .gate = entry.name.ledger.gate,
                     .lane = entry.lane,
                     .issuer = entry.issuer,
                     .ticket = entry.ticket,
                     .verdict = *entry.verdict},
                    wall_clock_().time);
}

void Collector::store_says(const Result<void>& result) {
    if (result) {
        if (!std::exchange(store_trouble_, {}).empty()) log::notice("the store works again");
        return;
    }
    store_trouble_ = result.error().context;
    try_store_ = Clock::now() + kStoreAgain;
    if (log_limit_.due("store: " + store_trouble_))
        log::error(fmt::format("the store fails: {}; trying on, gates keep their entries",
                               store_trouble_));
}

// What they say is not urgent; while entries are not stored, the store is left alone.
void Collector::look_at_lists() {
    if (!store_trouble_.empty() || Clock::now() < try_store_) return;
    const auto looked = imports_.work();
    lists_trouble_ = looked ? "" : looked.error().context;
    if (looked) return;
    if (log_limit_.due("lists"))
        log::warning("the lists of sold and revoked tickets cannot be read: " + lists_trouble_);
}

void Collector::publish_watermarks() {
    for (const GateProgress& gate : progress_.gates(store_.coverage(), Clock::now())) {
        const EntryName now{gate.ledger, gate.seq};
        EntryName& said = said_watermarks_[gate.ledger.gate];
        if (said == now) continue;
        said = now;
        board_.keep(topics_.ack(gate.ledger.gate),
                    ack_json(config_.name, gate, wall_clock_().time));
    }
}

// --- by the clock

void Collector::tick() {
    const auto now = Clock::now();
    if (intake_.waiting() > 0)
        store_waiting();
    else
        look_at_lists();
    publish_watermarks();
    if (broker_.up()) ask_for_missing();
    if (broker_.up() && now - up_since_ >= kSettle) settled_ = true;
    if (speaks() && settled_) speak();
    note_doubts();
    if (broker_.up() && board_.in_flight() > 0 && now - last_delivery_ > kStall)
        broker_.drop("it acknowledges nothing");
    publish_waiting();
}

void Collector::ask_for_missing() {
    if (!store_trouble_.empty()) return;  // there is no place for them
    for (const ReplayRequest& request : progress_.requests(store_.coverage(), Clock::now()))
        board_.once(topics_.replay(request.ledger.gate), replay_json(config_.name, request));
}

void Collector::speak() {
    const auto now = wall_clock_().time;
    picture_.publish(
        board_, topics_, [this](std::uint64_t event) { return imports_.sold(event); }, now);
    auto gates = progress_.gates(store_.coverage(), Clock::now());
    if (said_gates_ != gates) {
        board_.keep(topics_.ops("gates"), gates_json(gates, now));
        said_gates_ = std::move(gates);
    }
    if (broker_.up()) desk_.update(troubles(now), now);  // who is away hears nobody
}

// Whatever it publishes: receipts are made of its store.
void Collector::note_doubts() {
    const auto steady = Clock::now();
    const auto now = wall_clock_().time;
    // A new connection brings first what the broker remembers of the gates.
    if (!broker_.up() || steady - up_since_ < kSettle || !store_trouble_.empty())
        return doubts_.deaf(now);
    const auto is_back = [this](const std::string& gate) { return watch_.is_back(gate); };
    DoubtNotes::Heard heard{.silent = {}, .is_back = is_back, .ends = progress_.ends(steady)};
    for (const GateWatch::Silent& silent : watch_.silent(steady))
        heard.silent.push_back(silent.gate);
    doubts_.update(heard, now);
}

std::vector<Trouble> Collector::troubles(WallTime now) {
    const auto steady = Clock::now();
    std::vector<Trouble> out;
    add_store(store_trouble_, out);
    add_silent_gates(watch_.silent(steady), out);
    add_missing_entries(progress_.gaps().overdue(steady), out);
    add_full_areas(picture_.occupancy().view(), config_.areas, desk_.alarms(), out);
    add_double_entries(picture_.occupancy(), desk_.acknowledged(), now, out);
    add_refunded_inside(picture_.occupancy(), imports_.revoked_inside(), out);
    add_strikes(detectors_.look(now), out);
    return out;
}

Outgoing Collector::status_message(OpsState state) const {
    return {.topic = topics_.ops("status"),
            .payload = ops_status_json(config_.name, boot_, state, "", wall_clock_().time),
            .retain = Retain::Yes};
}

// --- the end

Collector::Ending Collector::finish() {
    stopping_ = true;
    ticks_.reset();
    batch_.reset();
    broker_.stop();
    if (intake_.waiting() > 0) (void)intake_.store();  // what is not stored comes again
    if (broker_.state() == BrokerLink::State::Connecting) return Ending::Hasty;
    if (!broker_.up()) return Ending::Clean;
    if (speaks()) {
        Outgoing farewell = status_message(OpsState::Offline);
        farewell.token = board_.reserve();
        broker_.publish(farewell);
        const auto deadline = Clock::now() + kGoodbye;
        while (broker_.up() && board_.waits_for(farewell.token) && Clock::now() < deadline) {
            broker_.handle(session_.wait_events(
                std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now())));
        }
    }
    if (!broker_.up() || !session_.disconnect()) return Ending::Hasty;
    for (const SessionEvent& event : session_.wait_events(kHangUp)) {
        if (std::holds_alternative<Disconnected>(event)) return Ending::Clean;
    }
    return Ending::Hasty;
}

}  // namespace stile::sync
