// SPDX-License-Identifier: Apache-2.0
// Scans as JSON, with the names that the platform's interface has for them.
#include "daemon/admission/platform_record.hpp"

#include <nlohmann/json.hpp>

#include "crypto/base/time_text.hpp"
#include "crypto/hash.hpp"
#include "daemon/core/answers.hpp"
#include "daemon/core/open_questions.hpp"
#include "daemon/core/scan_text.hpp"
#include "daemon/ledger/batch.hpp"

namespace stile {
namespace {

using Json = nlohmann::json;

// Longer codes are nobody's ticket; the platform needs their beginning, the queue its limit.
constexpr std::size_t kMostRaw = 1'024;

std::string dump(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string instant(WallTime time) {
    return to_rfc3339(std::chrono::floor<std::chrono::seconds>(time));
}

std::string_view name_of(Direction direction) {
    return direction == Direction::Exit ? "exit" : "entry";
}

Json basis(const Case& scan, std::string_view kind, std::string_view nonce) {
    return {{"kind", kind},
            {"event", scan.door.book->event.slug},
            {"list", scan.list.list},
            {"type", name_of(scan.direction)},
            {"datetime", instant(scan.time)},
            {"nonce", nonce}};
}

// Those of this scan that count.
Json answers_of(const Query& q) {
    Json answers = Json::array();
    const ListFacts& at = *q.facts.at;
    if (q.direction == Direction::Exit || at.asking == ListFacts::Asking::Skip) return answers;
    const Interview interview = interview_of(q);
    for (const Question& question : interview.questions) {
        const GivenAnswer* given = answer_to(question.id, interview.given);
        if (given == nullptr || !concerns(question, interview)) continue;
        if (const auto text = clean_answer(question, given->text, Demand::AsAsked))
            answers.push_back({{"question", question.id}, {"answer", *text}});
    }
    return answers;
}

std::string redeem_record(const Case& scan, std::string_view nonce) {
    Json record = basis(scan, "redeem", nonce);
    // The position's own secret, whatever stood for it.
    record["secret"] = scan.position != nullptr ? scan.position->secret : scan.text;
    record["source_type"] =
        scan.position != nullptr ? std::string_view{kBarcodeSource} : std::string_view{scan.source};
    record["answers"] = scan.ask({}, {}, answers_of);
    std::string told = dump(record);
    if (told.size() <= kMaxQueued) return told;
    // The entry counts more than what somebody wrote into a field.
    record["answers"] = Json::array();
    return dump(record);
}

void add_claimant(const Case& scan, Json& record) {
    const auto add = [&record](const char* name, std::uint64_t id) {
        if (id != 0) record[name] = id;
    };
    if (scan.position != nullptr) {
        add("position", scan.position->id);
        add("raw_item", scan.position->product);
        add("raw_variation", scan.position->variation);
        add("raw_subevent", scan.position->subevent);
    } else if (scan.ticket) {
        add("raw_item", (*scan.ticket)->product);
        add("raw_variation", (*scan.ticket)->variation);
        add("raw_subevent", (*scan.ticket)->subevent);
    }
}

std::string failed_record(const Case& scan, Reason reason, std::string_view nonce) {
    Json record = basis(scan, "failed", nonce);
    record["error_reason"] = text_of(reason).reported;
    record["error_explanation"] = text_of(reason).headline;
    record["raw_barcode"] = utf8_head(scan.text, kMostRaw);
    record["raw_source_type"] = scan.source;
    add_claimant(scan, record);
    return dump(record);
}

}  // namespace

std::string new_nonce() {
    std::array<std::uint8_t, 16> random{};
    crypto::fill_random(random);
    return to_hex(random);
}

std::optional<std::string> scan_record(const Case& scan, const Decision& decision,
                                       std::string_view nonce) {
    if (scan.door.book == nullptr || scan.door.list == nullptr) return std::nullopt;
    if (decision.verdict == Verdict::Admit) return redeem_record(scan, nonce);
    if (decision.reason == Reason::AnswersRequired) return std::nullopt;
    return failed_record(scan, decision.reason, nonce);
}

std::string annulment_record(const TakenBack& taken) {
    return dump(Json{{"kind", "annul"},
                     {"event", taken.event},
                     {"list", taken.list},
                     {"nonce", taken.nonce},
                     {"error_explanation", taken.explanation},
                     {"datetime", instant(taken.time)}});
}

}  // namespace stile
