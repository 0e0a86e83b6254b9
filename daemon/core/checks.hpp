// SPDX-License-Identifier: Apache-2.0
// The checks of the decision, one function each. decide.cpp puts them in order.
#pragma once

#include "daemon/core/query.hpp"
#include "daemon/core/rules/facts.hpp"

namespace stile::checks {

// Of both paths and of the gate's own list.
[[nodiscard]] Refusal lists_readable(const Query& q);
[[nodiscard]] Refusal not_revoked(const Query& q);
[[nodiscard]] Refusal in_time(const Query& q);       // entries only; both ends are inside
[[nodiscard]] Refusal venue_policy(const Query& q);  // asked before, as a fact (core/policy)

// Of signed tickets.
[[nodiscard]] Refusal newest_copy(const Query& q);
[[nodiscard]] Refusal fresh_proof(const Query& q);

// Of the gate's own list, which its policy describes.
[[nodiscard]] Refusal own_event(const Query& q);
[[nodiscard]] Refusal own_product(const Query& q);
[[nodiscard]] Refusal admissions_left(const Query& q);

// Of a platform's lists; facts.at is there.
[[nodiscard]] Refusal list_known(const Query& q);
[[nodiscard]] Refusal not_blocked(const Query& q);
[[nodiscard]] Refusal on_list(const Query& q);
[[nodiscard]] Refusal of_subevent(const Query& q);
[[nodiscard]] Refusal product_known(const Query& q);
[[nodiscard]] Refusal custom_rule(const Query& q);  // entries only
[[nodiscard]] Refusal answered(const Query& q);     // entries only
[[nodiscard]] Refusal may_enter(const Query& q);    // entries only

// Of positions of synced orders.
[[nodiscard]] Refusal order_stands(const Query& q);
[[nodiscard]] Refusal approved(const Query& q);
[[nodiscard]] Refusal paid(const Query& q);
[[nodiscard]] Refusal exchanged(const Query& q);

// What the custom rule is asked about; event and list are known.
[[nodiscard]] rules::Facts rule_facts(const Query& q);

}  // namespace stile::checks
