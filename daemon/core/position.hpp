// SPDX-License-Identifier: Apache-2.0
// A sold ticket as synced orders know it, and a medium that stands for some of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/ticket.hpp"
#include "daemon/core/visit.hpp"

namespace stile {

enum class OrderStatus : std::uint8_t { Pending = 1, Paid, Canceled, Expired };

// As the platform spells it.
[[nodiscard]] constexpr std::string_view name_of(OrderStatus status) {
    switch (status) {
        case OrderStatus::Pending:
            return "pending";
        case OrderStatus::Paid:
            return "paid";
        case OrderStatus::Canceled:
            return "canceled";
        case OrderStatus::Expired:
            return "expired";
    }
    return "unknown";
}

struct GivenAnswer {
    std::uint64_t question = 0;
    std::string text;
    std::string options;  // identifiers of the options that were chosen, joined by commas
    friend bool operator==(const GivenAnswer&, const GivenAnswer&) = default;
};

// A check-in that the platform knows of.
struct PlatformVisit {
    std::uint64_t list = 0;
    Visit visit;               // `order`: the platform's id
    std::uint64_t device = 0;  // that scanned it; 0: not known
};

// Strings and vectors keep their capacity when the value is filled again, so that a gate which
// reuses one allocates nothing after its first tickets.
struct KnownPosition {
    std::uint64_t id = 0;
    std::uint32_t event = 0;
    std::uint64_t product = 0;
    std::uint64_t variation = 0;  // 0: none
    std::uint64_t subevent = 0;   // 0: none
    std::uint64_t addon_to = 0;   // id of the position that it belongs to; 0: none
    std::string secret;
    std::string order_code;
    std::string attendee_name;
    std::string order_text;  // shown at check-in
    OrderStatus status = OrderStatus::Canceled;
    bool require_approval = false;
    bool valid_if_pending = false;
    bool order_attention = false;
    bool blocked = false;
    bool understood = true;  // false: the platform's row made no sense, so it counts as cancelled
    std::optional<WallTime> valid_from;
    std::optional<WallTime> valid_until;
    std::vector<GivenAnswer> answers;
    std::vector<PlatformVisit> visits;
    // Every identity under which the ledger may remember it; the first is the position's own, under
    // which new passages are written.
    std::vector<crypto::Identity> identities;
};

// A wristband, card or printed code that is used again and again.
struct KnownMedium {
    std::uint64_t id = 0;
    std::string type;  // barcode, nfc_uid, nfc_mf0aes
    std::string identifier;
    bool active = false;
    std::optional<WallTime> expires;
    std::vector<std::uint64_t> positions;  // ids
};

}  // namespace stile
