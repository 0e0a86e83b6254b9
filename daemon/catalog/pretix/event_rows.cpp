// SPDX-License-Identifier: Apache-2.0
// One function for each kind of row.
#include "daemon/catalog/pretix/event_rows.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "daemon/catalog/pretix/fields.hpp"

namespace stile::pretix {
namespace {

constexpr std::size_t kMaxName = 200;  // bytes of a slug or a zone

std::unexpected<Error> not_understood(std::string_view what, std::uint64_t id) {
    return fail(Errc::Invalid, fmt::format("{} {}: not understood", what, id));
}

void add_keys(EventRow& out, JsonView list) {
    for (std::size_t i = 0; i < list.size(); ++i) {
        const auto text = list.element(i).text();
        const auto key = text ? crypto::parse_public_key(*text) : std::nullopt;
        if (key)
            out.keys.push_back(*key);
        else
            ++out.bad_keys;
    }
}

Result<Variation> variation_row(JsonView row) {
    Fields fields{row};
    Variation out;
    out.id = fields.id("id");
    out.name = fields.name("value");
    out.attention = fields.warning("checkin_attention");
    out.checkin_text = fields.words("checkin_text");
    if (!fields.good()) return not_understood("variation", out.id);
    return out;
}

// A policy names what to do (reuse, new, ...), a type the medium; both together make one wanted.
MediaPolicy media_of(JsonView row) {
    const JsonView policy = row.at("media_policy");
    const JsonView type = row.at("media_type");
    const bool wanted = !policy.none() && policy.text() != "";
    const bool possible = type.absent() || (!type.none() && type.text() != "");
    return wanted && possible ? MediaPolicy::Wanted : MediaPolicy::None;
}

// A kind of question that is not known is asked as free text: better than not at all.
QuestionType type_of(JsonView value) {
    constexpr std::array kTypes{
        std::pair{std::string_view{"N"}, QuestionType::Number},
        std::pair{std::string_view{"S"}, QuestionType::Line},
        std::pair{std::string_view{"T"}, QuestionType::Text},
        std::pair{std::string_view{"B"}, QuestionType::YesNo},
        std::pair{std::string_view{"C"}, QuestionType::Choice},
        std::pair{std::string_view{"M"}, QuestionType::MultipleChoice},
        std::pair{std::string_view{"F"}, QuestionType::File},
        std::pair{std::string_view{"D"}, QuestionType::Date},
        std::pair{std::string_view{"H"}, QuestionType::TimeOfDay},
        std::pair{std::string_view{"W"}, QuestionType::DateTime},
        std::pair{std::string_view{"CC"}, QuestionType::Country},
        std::pair{std::string_view{"TEL"}, QuestionType::Phone},
        std::pair{std::string_view{"EMAIL"}, QuestionType::Email},
    };
    const std::string_view letter = value.text().value_or("");
    const auto* row =
        std::ranges::find(kTypes, letter, [](const auto& pair) { return pair.first; });
    return row == kTypes.end() ? QuestionType::Line : row->second;
}

std::vector<QuestionOption> options_of(Fields& question) {
    std::vector<QuestionOption> out;
    const JsonView list = question.at("options");
    for (std::size_t i = 0; i < list.size(); ++i) {
        Fields row{list.element(i)};
        QuestionOption option;
        option.id = row.id("id");
        option.identifier = row.exact("identifier", kMaxName);
        option.text = row.name("answer");
        if (!row.good()) question.doubt();
        out.push_back(std::move(option));
    }
    return out;
}

// Older servers name one value, newer ones a list.
std::vector<std::string> dependency_values(Fields& question) {
    std::vector<std::string> out;
    const JsonView list = question.at("dependency_values");
    if (!list.none() && !list.is_array()) question.doubt();
    for (std::size_t i = 0; i < list.size(); ++i) {
        const auto text = list.element(i).text();
        if (!text) question.doubt();
        out.emplace_back(text.value_or(""));
    }
    if (out.empty() && !question.at("dependency_value").none())
        out.push_back(question.exact("dependency_value", kMaxText));
    return out;
}

}  // namespace

Result<EventRow> event_row(JsonView row, std::uint32_t event) {
    Fields fields{row};
    EventRow out;
    out.event.number = event;
    out.event.slug = fields.exact("slug", kMaxName);
    out.event.name = fields.name("name");
    out.event.zone = fields.exact("timezone", kMaxName);
    out.event.times = fields.event_times();
    if (!fields.good() || out.event.slug.empty())
        return fail(Errc::Invalid, fmt::format("event {}: not understood", out.event.slug));
    add_keys(out, row.at("valid_keys").at("pretix_sig1"));
    return out;
}

Result<Subevent> subevent_row(JsonView row) {
    Fields fields{row};
    Subevent out;
    out.id = fields.id("id");
    out.name = fields.name("name");
    out.times = fields.event_times();
    if (!fields.good()) return not_understood("subevent", out.id);
    return out;
}

Result<Product> product_row(JsonView row) {
    Fields fields{row};
    Product out;
    out.id = fields.id("id");
    out.name = fields.name("name");
    out.admission = fields.flag("admission");
    out.attention = fields.warning("checkin_attention");
    out.checkin_text = fields.words("checkin_text");
    out.media = media_of(row);
    const JsonView variations = row.at("variations");
    for (std::size_t i = 0; i < variations.size(); ++i) {
        auto variation = variation_row(variations.element(i));
        if (!variation) return not_understood("item", out.id);
        out.variations.push_back(std::move(*variation));
    }
    if (!fields.good()) return not_understood("item", out.id);
    return out;
}

Result<ListRow> list_row(JsonView row, std::uint32_t event) {
    Fields fields{row};
    ListRow out;
    out.list.key = {.event = event, .list = fields.id("id")};
    out.list.name = fields.words("name");
    out.list.all_products = fields.flag("all_products");
    out.list.products = fields.ids("limit_products");
    if (const std::uint64_t subevent = fields.optional_id("subevent"); subevent != 0)
        out.list.subevent = subevent;
    out.list.include_pending = fields.flag("include_pending");
    out.list.multiple_entries = fields.flag("allow_multiple_entries");
    out.list.entry_after_exit = fields.flag("allow_entry_after_exit");
    out.list.addon_match = fields.flag("addon_match");
    const JsonView rules = row.at("rules");
    if (!rules.none() && !(rules.is_object() && rules.size() == 0)) out.rules = rules.dump();
    if (!fields.good()) return not_understood("check-in list", out.list.key.list);
    return out;
}

Result<Question> question_row(JsonView row, std::uint32_t event) {
    Fields fields{row};
    Question out;
    out.id = fields.id("id");
    out.event = event;
    out.text = fields.name("question");
    out.identifier = fields.exact("identifier", kMaxName);
    out.type = type_of(row.at("type"));
    out.required = fields.flag("required");
    out.ask_at_checkin = fields.flag("ask_during_checkin");
    out.show_at_checkin = fields.warning("show_during_checkin");
    out.position = row.at("position").signed_number().value_or(0);
    out.products = fields.ids("items");
    out.options = options_of(fields);
    out.depends_on = fields.optional_id("dependency_question");
    out.depends_values = dependency_values(fields);
    if (!fields.good()) return not_understood("question", out.id);
    return out;
}

bool media_enforced(JsonView settings) {
    const JsonView value = settings.at("reusable_media_usage_enforced");
    return !value.none() && value.flag().value_or(true);
}

}  // namespace stile::pretix
