// SPDX-License-Identifier: Apache-2.0
// Columns for people.
#include "daemon/policy/policy_text.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "daemon/policy/policy_words.hpp"

namespace stile {
namespace {

using policy::clock_text;
using policy::name_of;

// Words that are not empty, with commas between them.
std::string joined(const std::vector<std::string>& words) {
    std::vector<std::string> said;
    for (const std::string& word : words) {
        if (!word.empty()) said.push_back(word);
    }
    return fmt::format("{}", fmt::join(said, ", "));
}

// "  name                text"
std::string line(std::string_view name, std::string_view text) {
    std::string line = fmt::format("  {:<26}  {}", name, text);
    line.erase(line.find_last_not_of(' ') + 1);
    return line + "\n";
}

std::string_view area_name(const AccessPolicy& policy, std::uint32_t number) {
    const std::size_t place = policy.areas.place(number);
    return place == 0 ? "outside" : std::string_view{policy.areas.areas()[place].name};
}

std::string class_names(const AccessPolicy& policy, ClassSet set) {
    std::vector<std::string> names;
    for (std::size_t number = 0; number < policy.classes.size(); ++number) {
        if ((set >> number & 1U) != 0) names.push_back(policy.classes[number]);
    }
    return fmt::format("{}", fmt::join(names, " and "));
}

std::string passback_text(const Area& area) {
    if (area.passback == Passback::Off) return "";
    if (area.passback != Passback::Timed) return fmt::format("{} passback", name_of(area.passback));
    return fmt::format("passback refused for {} min", area.passback_time.count());
}

std::string area_text(const AccessPolicy& policy, const Area& area) {
    return joined({area.capacity ? fmt::format("at most {}", *area.capacity) : "no limit",
                   passback_text(area),
                   area.parents == Parents::Strict ? "from its parent only" : "",
                   area.daily_reset ? "reset at " + clock_text(*area.daily_reset) : "",
                   area.exempt != 0 ? "but not for " + class_names(policy, area.exempt) : ""});
}

std::string areas_text(const AccessPolicy& policy) {
    const AreaTree& tree = policy.areas;
    std::string text = "areas\n";
    if (tree.areas().size() == 1) text += line("none", "");
    for (std::size_t place = 1; place < tree.areas().size(); ++place) {
        const Area& area = tree.areas()[place];
        const std::string name =
            fmt::format("{:{}}{} ({})", "", 2 * (tree.depth(place) - 1), area.name, area.number);
        text += line(name, area_text(policy, area));
    }
    return text;
}

std::string lanes_text(const AccessPolicy& policy) {
    if (policy.ways.empty()) return "";
    std::string text = "\nlanes\n";
    for (const Way& way : policy.ways) {
        const std::string name = way.gate.empty() ? way.lane : way.gate + "/" + way.lane;
        text += line(name, fmt::format("{:<5}  {} to {}", name_of(way.direction),
                                       area_name(policy, way.from), area_name(policy, way.to)));
    }
    return text;
}

std::string freshness_text(const std::optional<Freshness>& freshness) {
    if (!freshness) return "";
    return fmt::format("{} when lists are older than {} min", name_of(freshness->when_stale),
                       freshness->max_age.count());
}

std::string slots_text(const std::vector<Slot>& slots) {
    std::vector<std::string> names;
    for (const Slot& slot : slots)
        names.push_back(fmt::format("{} ({})", slot.name, policy::text_of(slot)));
    return names.empty() ? "" : fmt::format("in {}", fmt::join(names, " or "));
}

std::string terms_text(const AccessPolicy& policy, const Terms& terms) {
    const auto level = static_cast<unsigned>(terms.assurance);
    return joined(
        {policy.classes[terms.class_number], level == 0 ? "" : fmt::format("at least A{}", level),
         terms.group == GroupMode::Together ? "groups together" : "",
         terms.release.count() == 0 ? "" : fmt::format("{} ms open", terms.release.count()),
         terms.reissue == ReissueMode::Replaces ? "a new copy replaces older ones" : "",
         slots_text(terms.slots), freshness_text(terms.freshness),
         terms.lists.empty() ? "" : fmt::format("lists {}", fmt::join(terms.lists, " "))});
}

std::string ids_text(const ProductTerms& product) {
    const std::string ids =
        product.ids.empty() ? "all others" : fmt::format("{}", fmt::join(product.ids, " "));
    return product.event ? fmt::format("{} of event {}", ids, *product.event) : ids;
}

std::string products_text(const AccessPolicy& policy) {
    std::string text = "\nproducts\n";
    for (const ProductTerms& product : policy.products)
        text += line(product.name, joined({ids_text(product), terms_text(policy, product.terms)}));
    return text + line("(any other)", policy.other_products
                                          ? terms_text(policy, *policy.other_products)
                                          : "refused");
}

std::string lists_text(const AccessPolicy& policy) {
    if (policy.lists.empty()) return "";
    std::string text = "\nlists\n";
    for (const AccessList& list : policy.lists) {
        const std::string products =
            list.all_products ? "all products"
                              : fmt::format("products {}", fmt::join(list.products, " "));
        const std::string event =
            list.key.event == 0 ? "every event" : fmt::format("event {}", list.key.event);
        text +=
            line(fmt::format("{} ({})", list.name, list.key.list),
                 joined({event, products, fmt::format("re-entry {}", policy::reentry_name(list))}));
    }
    return text;
}

std::string classes_text(const AccessPolicy& policy) {
    const ClassSet exempt = policy.passback_exempt | policy.capacity_exempt;
    if (exempt == 0) return "";
    std::string text = "\nclasses\n";
    for (std::size_t number = 0; number < policy.classes.size(); ++number) {
        const ClassSet bit = ClassSet{1} << number;
        if ((exempt & bit) == 0) continue;
        text +=
            line(policy.classes[number],
                 joined({(policy.passback_exempt & bit) != 0 ? "may pass back" : "",
                         (policy.capacity_exempt & bit) != 0 ? "may fill beyond capacity" : ""}));
    }
    return text;
}

std::string doubts_text(const AccessPolicy& policy) {
    const ClockRules& clock = policy.clock;
    const auto clock_line = [](std::string_view name, Doubt timed, Doubt other) {
        return line(name, fmt::format("{} where times matter, else {}",
                                      name_of(std::max(timed, other)), name_of(other)));
    };
    return "\ndoubts\n" + line("old lists", freshness_text(policy.freshness)) +
           clock_line("clock not synced", clock.timed_unsynced, clock.other_unsynced) +
           clock_line("clock wrong", clock.timed_wrong, clock.other_wrong);
}

}  // namespace

std::string policy_summary(const AccessPolicy& policy) {
    return areas_text(policy) + lanes_text(policy) + classes_text(policy) + products_text(policy) +
           lists_text(policy) + doubts_text(policy);
}

}  // namespace stile
