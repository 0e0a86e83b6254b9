// SPDX-License-Identifier: Apache-2.0
// The steps, one function each.
#include "daemon/stilectl/decide_session.hpp"

#include <array>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "crypto/base/time_text.hpp"
#include "daemon/admission/platform_record.hpp"
#include "daemon/core/open_questions.hpp"
#include "daemon/stilectl/decide_answers.hpp"
#include "daemon/stilectl/shallow.hpp"

namespace stile {
namespace {

using Json = nlohmann::ordered_json;
using Text = Result<std::string>;  // an answer, or what is wrong with the step

constexpr std::string_view kDone = R"({"ok": true})";
constexpr std::string_view kFirstRequired = "@first_required";
constexpr std::string_view kPreparedAnswers = "@answers";
constexpr std::string_view kFirstNonce = "@nonce_of_first_check";

std::string answer_text(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string counted(std::size_t count) {
    return answer_text(Json{{"count", count}});
}

std::unexpected<Error> bad(std::string_view member) {
    return fail(Errc::Invalid, fmt::format("'{}' is missing or not understood", member));
}

Json member(const Json& step, std::string_view name) {
    const auto found = step.find(name);
    return found == step.end() ? Json{} : *found;
}

std::optional<std::string> text_of(const Json& step, std::string_view name) {
    const Json value = member(step, name);
    if (!value.is_string()) return std::nullopt;
    return value.get<std::string>();
}

std::optional<std::uint64_t> number_of(const Json& value) {
    if (!value.is_number_integer() || value < 0) return std::nullopt;
    return value.get<std::uint64_t>();
}

// Missing and null are the default.
std::optional<bool> flag_of(const Json& step, std::string_view name, std::optional<bool> unless) {
    const Json value = member(step, name);
    if (value.is_null()) return unless;
    if (!value.is_boolean()) return std::nullopt;
    return value.get<bool>();
}

// [{"question": 1, "answer": "True"}] or {"1": "True"}
std::optional<std::vector<GivenAnswer>> answers_in(const Json& json) {
    std::vector<GivenAnswer> out;
    for (const auto& [key, value] : json.items()) {
        const Json id =
            json.is_array() ? member(value, "question") : Json::parse(key, nullptr, false);
        const Json text = json.is_array() ? member(value, "answer") : value;
        const auto question = number_of(id);
        if (!question || !text.is_string()) return std::nullopt;
        out.push_back({*question, text.get<std::string>(), {}});
    }
    return out;
}

// "answers" as the platform's clients send them: the text of a list.
std::string field_text(const Json& record, std::string_view field) {
    const Json value = member(record, field);
    if (value.is_string()) return value.get<std::string>();
    if (value.is_null()) return "";
    return nlohmann::json(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

struct DecideSession::Script {
    World world;
    std::unique_ptr<DecideState> state;
    std::vector<GivenAnswer> prepared;            // by set_answer
    std::optional<std::uint64_t> first_required;  // of the last scan that questions were open for
    std::optional<std::string> first_nonce;       // of the first scan that was admitted
    std::uint64_t secrets = 0;                    // revoked or blocked so far

    Text now(const Json& step);
    Text sleep(const Json& step);
    Text check(const Json& step);
    Text set_rule(const Json& step);
    Text set_gate(const Json& step);
    Text load_question(const Json& step);
    Text set_answer(const Json& step);
    Text revoke(const Json& step);
    Text block(const Json& step);
    Text truncate(const Json& step);
    Text annul(const Json& step);
    Text count_queue(const Json& step);
    Text count_calls(const Json& step);
    Text first_queued(const Json& step);
    Text last_queued(const Json& step);
    Text count_checkins(const Json& step);

    Text run(const Json& step);
    Text done(const Result<void>& result) {
        if (!result) return std::unexpected{result.error()};
        return std::string{kDone};
    }
    std::optional<std::vector<ListKey>> lists_in(const Json& step) const;
    std::optional<std::vector<GivenAnswer>> answers_for(const Json& step) const;
    Text scan(const Inquiry& inquiry, const std::string& nonce);
    Result<void> list_secret(const Json& step, Resource resource);
    Result<std::vector<Json>> queue(std::string_view kind, bool of_kind) const;
    Text queued_field(const Json& step, const Result<std::vector<Json>>& queue,
                      std::size_t from_end);
};

Text DecideSession::Script::now(const Json& step) {
    const auto at = text_of(step, "at");
    const auto time = at ? parse_rfc3339(*at) : std::nullopt;
    // The ledger counts from 1970 on.
    if (!time || *time < WallTime{}) return bad("at");
    state->clock().set(*time);
    return std::string{kDone};
}

Text DecideSession::Script::sleep(const Json& step) {
    constexpr std::uint64_t kCentury = std::uint64_t{100} * 366 * 24 * 3600 * 1000;
    const auto ms = number_of(member(step, "ms"));
    if (!ms || *ms > kCentury) return bad("ms");
    state->clock().advance(std::chrono::milliseconds{static_cast<std::int64_t>(*ms)});
    return std::string{kDone};
}

std::optional<std::vector<ListKey>> DecideSession::Script::lists_in(const Json& step) const {
    const Json lists = member(step, "lists");
    if (!lists.is_object()) return std::nullopt;
    std::vector<ListKey> out;
    for (const auto& [slug, value] : lists.items()) {
        const auto list = number_of(value);
        if (!list) return std::nullopt;
        const EventBook* event = state->book().find(std::string_view{slug});
        out.push_back({event == nullptr ? event_number(slug) : event->event.number, *list});
    }
    return out;
}

std::optional<std::vector<GivenAnswer>> DecideSession::Script::answers_for(const Json& step) const {
    const Json answers = member(step, "answers");
    if (answers.is_null()) return std::vector<GivenAnswer>{};
    if (answers == kPreparedAnswers) return prepared;
    if (!answers.is_structured()) return std::nullopt;
    return answers_in(answers);
}

Text DecideSession::Script::check(const Json& step) {
    const auto secret = text_of(step, "secret");
    if (!secret) return bad("secret");
    const auto lists = lists_in(step);
    if (!lists) return bad("lists");
    const auto answers = answers_for(step);
    if (!answers) return bad("answers");
    const std::string type = text_of(step, "type").value_or("entry");
    if (type != "entry" && type != "exit") return bad("type");
    const auto ignore_unpaid = flag_of(step, "ignore_unpaid", false);
    if (!ignore_unpaid) return bad("ignore_unpaid");
    const auto ask = flag_of(step, "allow_questions", true);
    const auto supported = flag_of(step, "questions_supported", true);
    if (!ask || !supported) return bad("allow_questions");
    const std::string source = text_of(step, "source_type").value_or("barcode");
    state->clock().advance(std::chrono::milliseconds{1});
    using Unpaid = ListFacts::Unpaid;
    using Asking = ListFacts::Asking;
    return scan({.text = *secret,
                 .source = source,
                 .lists = *lists,
                 .direction = type == "exit" ? Direction::Exit : Direction::Entry,
                 .unpaid = *ignore_unpaid ? Unpaid::Ignore : Unpaid::Refuse,
                 .asking = *ask && *supported ? Asking::Ask : Asking::Skip,
                 .answers = *answers,
                 .time = state->clock().time()},
                text_of(step, "nonce").value_or(new_nonce()));
}

Text DecideSession::Script::scan(const Inquiry& inquiry, const std::string& nonce) {
    const auto scanned = state->scan(inquiry, nonce);
    if (!scanned) return std::unexpected{scanned.error()};
    const Decision& decision = scanned->decision;
    if (decision.verdict == Verdict::Admit && !first_nonce) first_nonce = nonce;
    if (decision.reason == Reason::AnswersRequired)
        first_required = open_questions(*scanned->scan).front()->id;
    return scan_answer(*scanned->scan, decision, nonce);
}

Text DecideSession::Script::set_rule(const Json& step) {
    const auto id = number_of(member(step, "list"));
    if (!id || world.events.empty()) return bad("list");
    if (!step.contains("rules")) return bad("rules");
    for (WorldRow& row : world.rows) {
        if (row.resource != Resource::Lists || row.event != world.events.front()) continue;
        Json list = Json::parse(row.json, nullptr, false);
        if (number_of(member(list, "id")) != id) continue;
        const auto put = [&](Json rule) {
            list["rules"] = std::move(rule);
            row.json = answer_text(list);
            return state->add({row});
        };
        const auto taken = put(member(step, "rules"));
        if (taken) return std::string{kDone};
        // Nobody passes under the rule before it.
        if (auto closed = put(false); !closed) return std::unexpected{closed.error()};
        return std::unexpected{taken.error()};
    }
    return fail(Errc::NotFound, fmt::format("the first event has no list {}", *id));
}

Text DecideSession::Script::set_gate(const Json& step) {
    const Json value = member(step, "gate");
    const auto gate = value.is_null() ? std::optional<std::uint64_t>{0} : number_of(value);
    if (!gate) return bad("gate");
    state->finder().set_gate(*gate);
    return std::string{kDone};
}

Text DecideSession::Script::load_question(const Json& step) {
    const auto file = world.files.find(text_of(step, "fixture").value_or(""));
    if (file == world.files.end() || world.events.empty()) return bad("fixture");
    return done(state->add({{Resource::Questions, world.events.front(), file->second}}));
}

Text DecideSession::Script::set_answer(const Json& step) {
    const Json question = member(step, "question");
    const auto id = question == kFirstRequired ? first_required : number_of(question);
    if (!id) return bad("question");
    const auto value = text_of(step, "value");
    if (!value) return bad("value");
    std::erase_if(prepared, [&](const GivenAnswer& answer) { return answer.question == *id; });
    prepared.push_back({*id, *value, {}});
    return std::string{kDone};
}

Result<void> DecideSession::Script::list_secret(const Json& step, Resource resource) {
    const auto event = text_of(step, "event");
    const auto secret = text_of(step, "secret");
    if (!event || state->book().find(std::string_view{*event}) == nullptr) return bad("event");
    if (!secret) return bad("secret");
    const std::string at = to_rfc3339(state->clock().time());
    const Json row{{"id", ++secrets},
                   {"secret", *secret},
                   {"created", at},
                   {"updated", at},
                   {"blocked", true}};
    return state->add({{resource, *event, answer_text(row)}});
}

Text DecideSession::Script::revoke(const Json& step) {
    return done(list_secret(step, Resource::Revoked));
}

Text DecideSession::Script::block(const Json& step) {
    return done(list_secret(step, Resource::Blocked));
}

// As if the platform had downloaded every order anew without its check-ins.
Text DecideSession::Script::truncate(const Json&) {
    state->forget_visits();
    std::vector<WorldRow> orders;
    for (WorldRow& row : world.rows) {
        if (row.resource != Resource::Orders) continue;
        Json order = Json::parse(row.json, nullptr, false);
        if (!order.is_object() || !order["positions"].is_array()) continue;
        for (Json& position : order["positions"])
            position["checkins"] = Json::array();
        row.json = answer_text(order);
        orders.push_back(row);
    }
    return done(state->add(orders));
}

Text DecideSession::Script::annul(const Json& step) {
    auto nonce = text_of(step, "nonce");
    if (nonce == kFirstNonce) nonce = first_nonce;
    if (!nonce) return bad("nonce");
    return done(state->annul(*nonce, text_of(step, "explanation").value_or("")));
}

// The records of this kind, or all others.
Result<std::vector<Json>> DecideSession::Script::queue(std::string_view kind, bool of_kind) const {
    const auto texts = state->queued();
    if (!texts) return std::unexpected{texts.error()};
    std::vector<Json> records;
    for (const std::string& text : *texts) {
        Json record = Json::parse(text, nullptr, false);
        if ((record["kind"] == kind) == of_kind) records.push_back(std::move(record));
    }
    return records;
}

Text DecideSession::Script::count_queue(const Json&) {
    const auto records = queue("redeem", true);
    if (!records) return std::unexpected{records.error()};
    return counted(records->size());
}

Text DecideSession::Script::count_calls(const Json&) {
    const auto records = queue("redeem", false);
    if (!records) return std::unexpected{records.error()};
    return counted(records->size());
}

Text DecideSession::Script::first_queued(const Json& step) {
    const auto field = text_of(step, "field");
    if (!field) return bad("field");
    const auto records = queue("redeem", true);
    if (!records) return std::unexpected{records.error()};
    if (records->empty()) return fail(Errc::NotFound, "nothing is queued");
    return answer_text(Json{{"value", field_text(records->front(), *field)}});
}

Text DecideSession::Script::last_queued(const Json& step) {
    const auto field = text_of(step, "field");
    if (!field) return bad("field");
    const auto records = queue("redeem", true);
    if (!records) return std::unexpected{records.error()};
    if (records->empty()) return fail(Errc::NotFound, "nothing is queued");
    return answer_text(Json{{"value", field_text(records->back(), *field)}});
}

Text DecideSession::Script::count_checkins(const Json& step) {
    const auto secret = text_of(step, "secret");
    if (!secret) return bad("secret");
    const auto count = state->checkins(*secret);
    if (!count) return std::unexpected{count.error()};
    return counted(*count);
}

Text DecideSession::Script::run(const Json& step) {
    using Step = Text (Script::*)(const Json&);
    constexpr std::array kSteps{
        std::pair{std::string_view{"now"}, Step{&Script::now}},
        std::pair{std::string_view{"sleep_ms"}, Step{&Script::sleep}},
        std::pair{std::string_view{"check"}, Step{&Script::check}},
        std::pair{std::string_view{"set_rule"}, Step{&Script::set_rule}},
        std::pair{std::string_view{"set_gate"}, Step{&Script::set_gate}},
        std::pair{std::string_view{"load_question"}, Step{&Script::load_question}},
        std::pair{std::string_view{"set_answer"}, Step{&Script::set_answer}},
        std::pair{std::string_view{"revoke"}, Step{&Script::revoke}},
        std::pair{std::string_view{"block"}, Step{&Script::block}},
        std::pair{std::string_view{"truncate_checkins"}, Step{&Script::truncate}},
        std::pair{std::string_view{"annul"}, Step{&Script::annul}},
        std::pair{std::string_view{"expect_queue"}, Step{&Script::count_queue}},
        std::pair{std::string_view{"expect_queued_calls"}, Step{&Script::count_calls}},
        std::pair{std::string_view{"expect_queue_first"}, Step{&Script::first_queued}},
        std::pair{std::string_view{"expect_queue_last"}, Step{&Script::last_queued}},
        std::pair{std::string_view{"expect_checkins"}, Step{&Script::count_checkins}},
    };
    const auto op = text_of(step, "op");
    if (!op) return bad("op");
    for (const auto& [name, function] : kSteps) {
        if (name == *op) return (this->*function)(step);
    }
    return fail(Errc::Unsupported, fmt::format("there is no step {}", *op));
}

DecideSession::DecideSession(std::unique_ptr<Script> script) : script_{std::move(script)} {}
DecideSession::DecideSession(DecideSession&&) noexcept = default;
DecideSession::~DecideSession() = default;

Result<DecideSession> DecideSession::open(World world) {
    auto state = DecideState::open(world);
    if (!state) return std::unexpected{std::move(state.error())};
    auto script = std::make_unique<Script>();
    script->world = std::move(world);
    script->state = std::move(*state);
    return DecideSession{std::move(script)};
}

std::string DecideSession::answer(std::string_view line) {
    const Json step = Json::parse(made_shallow(line), nullptr, false);
    const Text text =
        step.is_object() ? script_->run(step) : fail(Errc::Invalid, "this line is no JSON object");
    return text ? *text : answer_text(Json{{"error", text.error().context}});
}

}  // namespace stile
