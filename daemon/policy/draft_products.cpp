// SPDX-License-Identifier: Apache-2.0
// Time slots, products and the gate's own lists.
#include <utility>

#include <fmt/format.h>

#include "daemon/policy/draft.hpp"

namespace stile::policy {
namespace {

constexpr std::size_t kMostSlots = 32;  // of one product

std::uint8_t days_of(const Texts& names) {
    constexpr std::string_view kDays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    unsigned days = 0;
    for (unsigned day = 0; day < std::size(kDays); ++day) {
        if (std::ranges::find(names.value, kDays[day]) != names.value.end()) days |= 1U << day;
    }
    return static_cast<std::uint8_t>(days);
}

void put_weekly(Draft& draft, const SlotTable& row, Slot& slot) {
    slot.days = days_of(row.days);
    if (slot.days == 0) draft.wrong(row.days, "slot.days", "names no day");
    if (!row.from.is_given() || !row.to.is_given())
        return draft.wrong(row.days, "slot.days", "needs from and to as well");
    need_zone(draft, row.from, "slot.from");
    slot.from = time_of_day(draft, row.from, "slot.from");
    slot.to = time_of_day(draft, row.to, "slot.to");
}

void put_once(Draft& draft, const SlotTable& row, Slot& slot) {
    slot.begins = row.begins.value;
    slot.ends = row.ends.value;
    if (row.ends.value <= row.begins.value)
        draft.wrong(row.ends, "slot.ends", "is not after begins");
}

Slot slot_of(Draft& draft, const SlotTable& row) {
    Slot slot{.name = row.name.value,
              .early = std::chrono::minutes{row.early_minutes.value},
              .late = std::chrono::minutes{row.late_minutes.value}};
    const bool weekly = row.days.is_given() || row.from.is_given() || row.to.is_given();
    const bool once = row.begins.is_given() || row.ends.is_given();
    if (weekly == once) {
        draft.wrong(row.name, "slot.name",
                    fmt::format("when is \"{}\"? Give either days, from and to, or begins and ends",
                                row.name.value));
    } else if (weekly && row.days.is_given()) {
        put_weekly(draft, row, slot);
    } else if (once && row.begins.is_given() && row.ends.is_given()) {
        put_once(draft, row, slot);
    } else {
        draft.wrong(row.name, "slot.name",
                    fmt::format("\"{}\" needs {}", row.name.value,
                                weekly ? "days beside from and to" : "both begins and ends"));
    }
    return slot;
}

// The product's word, or else its class's.
template <class T>
const Placed<T>& stronger(const Placed<T>& product, const Placed<T>& of_class) {
    return product.is_given() ? product : of_class;
}

struct TermsRow {
    const TermsTable& product;
    const TermsTable& of_class;

    template <class T>
    [[nodiscard]] const Placed<T>& operator[](Placed<T> TermsTable::* field) const {
        return stronger(product.*field, of_class.*field);
    }
};

// Of the product or of the class: `section`.
void check_terms(Draft& draft, const TermsTable& row, std::string_view section) {
    const std::string key = std::string{section} + ".slots";
    if (row.slots.is_given() && row.slots.value.empty())
        draft.wrong(row.slots, key, "names no slot: leave it out if there are none");
    if (row.slots.value.size() > kMostSlots)
        draft.wrong(row.slots, key, fmt::format("names more than {} slots", kMostSlots));
    for (const std::string& name : row.slots.value) {
        if (named(draft.tables.slots, name) != nullptr) continue;
        draft.wrong(row.slots, key,
                    fmt::format("there is no [[slot]] \"{}\"; there are: {}", name,
                                names_of(draft.tables.slots)));
    }
    if (row.lists.is_given() && row.lists.value.empty()) {
        draft.wrong(row.lists, std::string{section} + ".lists",
                    "names no list: leave it out if all are allowed");
    }
}

std::vector<Slot> slots_of(const Draft& draft, const Texts& names) {
    std::vector<Slot> slots;
    for (const std::string& name : names.value) {
        const auto slot = std::ranges::find(draft.slots, name, &Slot::name);
        if (slot != draft.slots.end()) slots.push_back(*slot);
    }
    return slots;
}

std::optional<Freshness> freshness_of(const Draft& draft, const TermsRow& row) {
    const Text& doubt = row[&TermsTable::freshness];
    const Number& age = row[&TermsTable::max_list_age_minutes];
    if (!doubt.is_given() && !age.is_given()) return std::nullopt;
    Freshness freshness = draft.policy.freshness;
    if (doubt.value == "admit") freshness.when_stale = Doubt::Admit;
    if (doubt.value == "flag") freshness.when_stale = Doubt::Flag;
    if (doubt.value == "refuse") freshness.when_stale = Doubt::Refuse;
    if (age.is_given()) freshness.max_age = std::chrono::minutes{age.value};
    return freshness;
}

crypto::Assurance assurance_of(const Text& text) {
    if (text.value.size() != 2 || text.value[1] < '0' || text.value[1] > '4') return {};
    return crypto::Assurance{static_cast<std::uint8_t>(text.value[1] - '0')};
}

std::vector<std::uint64_t> numbers_of(const Numbers& numbers) {
    std::vector<std::uint64_t> out;
    for (const std::int64_t number : numbers.value)
        out.push_back(static_cast<std::uint64_t>(number));
    return out;
}

Terms terms_of(const Draft& draft, const TermsRow& row) {
    return {.assurance = assurance_of(row[&TermsTable::assurance]),
            .group = row[&TermsTable::group].value == "together" ? GroupMode::Together
                                                                 : GroupMode::OneByOne,
            .reissue = row[&TermsTable::reissue].value == "replaces" ? ReissueMode::Replaces
                                                                     : ReissueMode::Counts,
            .release = std::chrono::milliseconds{row[&TermsTable::release_ms].value},
            .freshness = freshness_of(draft, row),
            .slots = slots_of(draft, row[&TermsTable::slots]),
            .lists = numbers_of(row[&TermsTable::lists])};
}

std::optional<std::uint32_t> event_of(const Number& event) {
    if (!event.is_given()) return std::nullopt;
    return static_cast<std::uint32_t>(event.value);
}

const TermsTable& terms_of_class(const Draft& draft, std::string_view name) {
    static const TermsTable kNothing;
    const ClassTable* row = named(draft.tables.classes, name);
    return row == nullptr ? kNothing : row->terms;
}

// Whatever no section names is sold to guests.
void put_other_products(Draft& draft) {
    if (!draft.policy.other_products) return;
    const TermsTable nothing;
    draft.policy.other_products = terms_of(draft, {nothing, terms_of_class(draft, kGuestClass)});
    draft.policy.other_products->class_number = class_number(draft, kGuestClass).value_or(0);
}

ProductTerms product_of(Draft& draft, const ProductTable& row) {
    ProductTerms product{.name = row.name.value, .event = event_of(row.event)};
    product.ids = numbers_of(row.ids);
    std::ranges::sort(product.ids);
    if (row.ids.is_given() && row.ids.value.empty())
        draft.wrong(row.ids, "product.ids", "names no product: leave it out if all are meant");
    if (const auto twice = std::ranges::adjacent_find(product.ids); twice != product.ids.end())
        draft.wrong(row.ids, "product.ids", fmt::format("{} is in it twice", *twice));
    product.terms = terms_of(draft, {row.terms, terms_of_class(draft, row.class_name.value)});
    if (const auto number = class_number(draft, row.class_name.value)) {
        product.terms.class_number = *number;
    } else {
        draft.wrong(row.class_name, "product.class",
                    fmt::format("there is no [[class]] \"{}\"; there are: {}", row.class_name.value,
                                fmt::join(draft.policy.classes, ", ")));
    }
    return product;
}

// A row speaks for a product; without a number, for all that no other row names.
struct Claim {
    std::optional<std::uint32_t> event;
    std::optional<std::uint64_t> id;
    std::size_t row = 0;
    friend auto operator<=>(const Claim&, const Claim&) = default;
};

std::vector<Claim> claims_of(const std::vector<ProductTerms>& products) {
    std::vector<Claim> claims;
    for (std::size_t row = 0; row < products.size(); ++row) {
        const ProductTerms& product = products[row];
        if (product.ids.empty()) claims.push_back({product.event, {}, row});
        for (const std::uint64_t id : product.ids)
            claims.push_back({product.event, id, row});
    }
    std::ranges::sort(claims);
    return claims;
}

// Notes each row that speaks for a product of a row before it, with the first such product.
void check_overlaps(Draft& draft) {
    const auto same = [](const Claim& a, const Claim& b) {
        return a.event == b.event && a.id == b.id && a.row != b.row;
    };
    const auto claims = claims_of(draft.policy.products);
    std::vector<bool> told(draft.policy.products.size());
    for (auto at = std::ranges::adjacent_find(claims, same); at != claims.end();
         at = std::ranges::adjacent_find(at + 1, claims.end(), same)) {
        const Claim& later = *(at + 1);
        if (told[later.row]) continue;
        told[later.row] = true;
        const ProductTable& first = draft.tables.products[at->row];
        draft.wrong(
            draft.tables.products[later.row].name, "product.name",
            fmt::format("{} is in \"{}\" of line {} already",
                        later.id ? fmt::format("product {}", *later.id) : "every other product",
                        first.name.value, first.name.line));
    }
}

void add_products(Draft& draft, const ListTable& row, AccessList& list) {
    list.all_products = !row.products.is_given();
    if (row.products.is_given() && row.products.value.empty())
        draft.wrong(row.products, "list.products",
                    "names no product: leave it out if all are meant");
    for (const std::string& name : row.products.value) {
        const auto product = std::ranges::find(draft.policy.products, name, &ProductTerms::name);
        if (product == draft.policy.products.end()) {
            draft.wrong(row.products, "list.products",
                        fmt::format("there is no [[product]] \"{}\"; there are: {}", name,
                                    names_of(draft.tables.products)));
            continue;
        }
        if (product->event && list.key.event != 0 && *product->event != list.key.event) {
            draft.wrong(row.products, "list.products",
                        fmt::format("\"{}\" is of event {}, this list of event {}", name,
                                    *product->event, list.key.event));
        }
        if (product->ids.empty()) list.all_products = true;
        list.products.insert(list.products.end(), product->ids.begin(), product->ids.end());
    }
}

AccessList list_of(Draft& draft, const ListTable& row) {
    AccessList list{.key = {static_cast<std::uint32_t>(row.event.value),
                            static_cast<std::uint64_t>(row.number.value)},
                    .name = row.name.value};
    list.multiple_entries = row.reentry.value == "always";
    list.entry_after_exit = row.reentry.value == "after-exit";
    add_products(draft, row, list);
    const auto& lists = draft.policy.lists;
    const auto same = std::ranges::find(lists, list.key, &AccessList::key);
    if (same != lists.end()) {
        draft.wrong(row.name, "list.name",
                    fmt::format("list \"{}\" has this event and number already: give each a "
                                "number of its own",
                                same->name));
    }
    return list;
}

}  // namespace

void put_slots(Draft& draft) {
    check_names(draft, draft.tables.slots, "slot");
    for (const SlotTable& row : draft.tables.slots)
        draft.slots.push_back(slot_of(draft, row));
}

void put_products(Draft& draft) {
    const auto& rows = draft.tables.products;
    check_names(draft, rows, "product");
    for (const ClassTable& row : draft.tables.classes)
        check_terms(draft, row.terms, "class");
    for (const ProductTable& row : rows) {
        check_terms(draft, row.terms, "product");
        draft.policy.products.push_back(product_of(draft, row));
    }
    check_overlaps(draft);
    put_other_products(draft);
}

void put_lists(Draft& draft) {
    const auto& rows = draft.tables.lists;
    check_names(draft, rows, "list");
    for (const ListTable& row : rows)
        draft.policy.lists.push_back(list_of(draft, row));
}

}  // namespace stile::policy
