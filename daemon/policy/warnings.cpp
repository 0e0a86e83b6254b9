// SPDX-License-Identifier: Apache-2.0
// What a document may say, and whoever wrote it hardly meant.
#include <fmt/format.h>

#include "daemon/policy/draft.hpp"

namespace stile::policy {
namespace {

struct Around {
    const AccessPolicy& policy;
    const AreaTable& row;
    std::size_t place;

    [[nodiscard]] const Area& area() const { return policy.areas.areas()[place]; }
    [[nodiscard]] bool leads_in(const Way& way) const { return !is_in(way.from) && is_in(way.to); }
    [[nodiscard]] bool leads_out(const Way& way) const { return is_in(way.from) && !is_in(way.to); }

private:
    [[nodiscard]] bool is_in(std::uint32_t number) const {
        return policy.areas.within(policy.areas.place(number), place);
    }
};

bool is_reset(const AccessPolicy& policy, std::size_t place) {
    for (; place != 0; place = policy.areas.parent(place)) {
        if (policy.areas.areas()[place].daily_reset) return true;
    }
    return false;
}

void warn_of_lanes(Draft& draft, const Around& around) {
    const auto& ways = draft.policy.ways;
    const std::string& name = around.area().name;
    const auto leads_in = [&](const Way& way) { return around.leads_in(way); };
    const auto leads_out = [&](const Way& way) { return around.leads_out(way); };
    if (std::ranges::none_of(ways, leads_in)) {
        draft.odd(around.row.name, "area.name",
                  fmt::format("no [[lane]] leads into \"{}\": nobody is ever counted there", name));
    } else if (around.area().passback == Passback::Hard && std::ranges::none_of(ways, leads_out)) {
        draft.odd(around.row.passback, "area.passback",
                  fmt::format("\"hard\", but no [[lane]] leads out of \"{}\": whoever has left it "
                              "is refused",
                              name));
    }
}

void warn_of_numbers(Draft& draft, const Around& around) {
    const Area& area = around.area();
    const auto capacity_around =
        draft.policy.areas.areas()[draft.policy.areas.parent(around.place)].capacity;
    if (area.capacity == std::optional<std::uint32_t>{0}) {
        draft.odd(around.row.capacity, "area.capacity",
                  fmt::format("0: nobody gets into \"{}\"", area.name));
    }
    if (area.capacity && capacity_around && *area.capacity > *capacity_around) {
        draft.odd(around.row.capacity, "area.capacity",
                  fmt::format("{} is more than the {} of the area around it", *area.capacity,
                              *capacity_around));
    }
    if (area.passback == Passback::Hard && !is_reset(draft.policy, around.place)) {
        draft.odd(around.row.passback, "area.passback",
                  fmt::format("\"hard\" without daily_reset: whoever leaves \"{}\" unseen is "
                              "refused for ever",
                              area.name));
    }
}

void warn_of_areas(Draft& draft) {
    for (const AreaTable& row : draft.tables.areas) {
        const Around around{draft.policy, row,
                            draft.policy.areas.place(static_cast<std::uint32_t>(row.number.value))};
        warn_of_lanes(draft, around);
        warn_of_numbers(draft, around);
    }
}

void warn_of_direction(Draft& draft, const LaneTable& row) {
    const auto place = [&](const Text& name) {
        const AreaTable* area = named(draft.tables.areas, name.value);
        return area == nullptr
                   ? 0
                   : draft.policy.areas.place(static_cast<std::uint32_t>(area->number.value));
    };
    const std::size_t from = place(row.from);
    const std::size_t to = place(row.to);
    const AreaTree& tree = draft.policy.areas;
    const bool entry = row.direction.value == "entry";
    if (from == to) {
        draft.odd(
            row.name, "lane.name",
            fmt::format("lane \"{}\" leads from \"{}\" to itself", row.name.value, row.from.value));
    } else if (entry ? tree.within(from, to) : tree.within(to, from)) {
        draft.odd(
            row.name, "lane.direction",
            fmt::format("lane \"{}\" leads from \"{}\" to \"{}\": is that an {}?", row.name.value,
                        row.from.value, row.to.value, entry ? "entry" : "exit"));
    } else if (entry && to != 0 && tree.areas()[to].parents == Parents::Strict &&
               !tree.within(from, tree.parent(to))) {
        draft.odd(row.name, "lane.from",
                  fmt::format("\"{}\" has strict parents, and lane \"{}\" leads past the entrance "
                              "of \"{}\"",
                              row.to.value, row.name.value, tree.areas()[tree.parent(to)].name));
    }
}

bool is_on_a_list(const AccessPolicy& policy, const ProductTerms& product) {
    const auto names = [&product](const AccessList& list) {
        if (list.all_products) return true;
        const auto listed = [&list](std::uint64_t id) {
            return std::ranges::find(list.products, id) != list.products.end();
        };
        return std::ranges::any_of(product.ids, listed);
    };
    return policy.lists.empty() || std::ranges::any_of(policy.lists, names);
}

void warn_of_products(Draft& draft) {
    for (std::size_t i = 0; i < draft.tables.products.size(); ++i) {
        const ProductTable& row = draft.tables.products[i];
        if (is_on_a_list(draft.policy, draft.policy.products[i])) continue;
        draft.odd(row.name, "product.name",
                  fmt::format("no [[list]] has \"{}\": it gets in nowhere", row.name.value));
    }
    if (!draft.policy.other_products && draft.policy.products.empty()) {
        draft.odd(draft.tables.head.other_products, "policy.other_products",
                  "\"refuse\", and there is no [[product]]: nobody gets in");
    }
}

bool has(const Texts& names, std::string_view name) {
    return std::ranges::find(names.value, name) != names.value.end();
}

void warn_of_unused(Draft& draft) {
    const Tables& tables = draft.tables;
    for (const SlotTable& slot : tables.slots) {
        const auto uses = [&slot](const auto& row) {
            return has(row.terms.slots, slot.name.value);
        };
        if (std::ranges::any_of(tables.products, uses) || std::ranges::any_of(tables.classes, uses))
            continue;
        draft.odd(slot.name, "slot.name",
                  fmt::format("no product and no class has the slot \"{}\"", slot.name.value));
    }
    for (const ClassTable& row : tables.classes) {
        const auto is_of_it = [&row](const ProductTable& product) {
            return product.class_name.value == row.name.value;
        };
        if (row.name.value == kGuestClass || std::ranges::any_of(tables.products, is_of_it))
            continue;  // products that no section names are of the class "guest"
        draft.odd(row.name, "class.name",
                  fmt::format("no product is of the class \"{}\"", row.name.value));
    }
}

}  // namespace

void warn(Draft& draft) {
    warn_of_areas(draft);
    for (const LaneTable& row : draft.tables.lanes)
        warn_of_direction(draft, row);
    warn_of_products(draft);
    warn_of_unused(draft);
}

}  // namespace stile::policy
