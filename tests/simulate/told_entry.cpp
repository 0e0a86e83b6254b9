// SPDX-License-Identifier: Apache-2.0
// The words of sync/TOPICS.md once more.
#include "tests/simulate/told_entry.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace stile::simulate {
namespace {

using Json = nlohmann::json;

class Reader {
public:
    explicit Reader(const Json& told) : told_{told} {}

    Reader& says(const char* field, const Json& value) {
        const auto found = told_.find(field);
        const bool good = found == told_.end() ? value.is_null() : *found == value;
        if (!good && wrong_.empty()) wrong_ = field;
        return *this;
    }
    // A field that stands there only when it is not `usual`.
    Reader& says(const char* field, std::uint64_t value, std::uint64_t usual) {
        return says(field, value == usual ? Json{} : Json(value));
    }
    Reader& names(const std::array<std::uint8_t, 16>& ticket) {
        std::string digits;
        for (const std::uint8_t byte : ticket)
            digits += fmt::format("{:02x}", byte);
        const bool known = std::ranges::any_of(ticket, [](std::uint8_t byte) { return byte != 0; });
        return says("ticket", known ? Json(digits) : Json{});
    }
    [[nodiscard]] const std::string& wrong() const { return wrong_; }

private:
    const Json& told_;
    std::string wrong_;
};

const char* word(PassageResult result) {
    switch (result) {
        case PassageResult::Entered:
            return "entered";
        case PassageResult::Left:
            return "left";
        case PassageResult::Released:
            return "released";
        case PassageResult::PresumedEntered:
            return "presumed-entered";
    }
    return "";
}

struct Body {
    Reader& told;

    void operator()(const Decided& body) const {
        told.says("kind", "decision")
            .says("lane", body.lane)
            .says("reader", body.reader)
            .says("direction", body.direction == Direction::Entry ? "entry" : "exit")
            .says("verdict", body.verdict == Verdict::Admit ? "admit" : "refuse")
            .says("reason", text_of(body.reason).code)
            .says("people", body.people, 1)
            .names(body.ticket);
    }
    void operator()(const Passage& body) const {
        told.says("kind", "passage")
            .says("lane", body.lane)
            .says("result", word(body.result))
            .says("admission", body.admission)
            .says("people", std::max<std::uint64_t>(body.people, 1), 1)
            .names(body.ticket);
    }
    void operator()(const LaneEvent& body) const {
        told.says("kind", "lane").says("lane", body.lane).says("count", body.count);
    }
    void operator()(const EpochStarted& /*body*/) const { told.says("kind", "epoch"); }
    void operator()(const DaemonStarted& /*body*/) const { told.says("kind", "start"); }
    void operator()(const ListChanged& /*body*/) const { told.says("kind", "list"); }
    void operator()(const Act& /*body*/) const { told.says("kind", "act"); }
    void operator()(const Annulled& /*body*/) const { told.says("kind", "annulled"); }
    void operator()(const NotStored& /*body*/) const { told.says("kind", "not-stored"); }
};

}  // namespace

std::string wrong_field(std::string_view json, std::string_view gate, const Entry& entry) {
    const Json told = Json::parse(json, nullptr, false);
    if (!told.is_object()) return "all of it";
    Reader reader{told};
    reader.says("gate", gate)
        .says("epoch", fmt::format("{:016x}", entry.epoch))
        .says("seq", entry.seq);
    std::visit(Body{reader}, entry.body);
    return reader.wrong();
}

}  // namespace stile::simulate
