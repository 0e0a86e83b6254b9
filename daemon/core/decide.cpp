// SPDX-License-Identifier: Apache-2.0
// The checks, in the order in which they are asked.
#include "daemon/core/decide.hpp"

#include <array>

#include "daemon/core/checks.hpp"

namespace stile {
namespace {

// The gate's own list: its policy says who may pass.
constexpr std::array kOwnList{
    CheckRow{Check::ListsReadable, checks::lists_readable},
    CheckRow{Check::OwnEvent, checks::own_event},
    CheckRow{Check::Revocation, checks::not_revoked},
    CheckRow{Check::NewestCopy, checks::newest_copy},
    CheckRow{Check::Times, checks::in_time},
    CheckRow{Check::Proof, checks::fresh_proof},
    CheckRow{Check::OwnProduct, checks::own_product},
    CheckRow{Check::VenuePolicy, checks::venue_policy},
    CheckRow{Check::Admissions, checks::admissions_left},
};

// A platform's list, and a ticket whose order is not known.
constexpr std::array kSignedPath{
    CheckRow{Check::ListsReadable, checks::lists_readable},
    CheckRow{Check::ListKnown, checks::list_known},
    CheckRow{Check::Revocation, checks::not_revoked},
    CheckRow{Check::Block, checks::not_blocked},
    CheckRow{Check::NewestCopy, checks::newest_copy},
    CheckRow{Check::Times, checks::in_time},
    CheckRow{Check::Proof, checks::fresh_proof},
    CheckRow{Check::ListProduct, checks::on_list},
    CheckRow{Check::Subevent, checks::of_subevent},
    CheckRow{Check::ProductKnown, checks::product_known},
    CheckRow{Check::CustomRule, checks::custom_rule},
    CheckRow{Check::Questions, checks::answered},
    CheckRow{Check::VenuePolicy, checks::venue_policy},
    CheckRow{Check::EntryPermission, checks::may_enter},
};

// A platform's list, and a position of synced orders.
constexpr std::array kDataPath{
    CheckRow{Check::ListsReadable, checks::lists_readable},
    CheckRow{Check::ListKnown, checks::list_known},
    CheckRow{Check::OrderStanding, checks::order_stands},
    CheckRow{Check::Revocation, checks::not_revoked},
    CheckRow{Check::Block, checks::not_blocked},
    CheckRow{Check::Approval, checks::approved},
    CheckRow{Check::Times, checks::in_time},
    CheckRow{Check::ListProduct, checks::on_list},
    CheckRow{Check::Subevent, checks::of_subevent},
    CheckRow{Check::ProductKnown, checks::product_known},
    CheckRow{Check::Payment, checks::paid},
    CheckRow{Check::Exchange, checks::exchanged},
    CheckRow{Check::CustomRule, checks::custom_rule},
    CheckRow{Check::Questions, checks::answered},
    CheckRow{Check::VenuePolicy, checks::venue_policy},
    CheckRow{Check::EntryPermission, checks::may_enter},
};

constexpr Decision refuse(Reason reason) {
    return {Verdict::Refuse, reason};
}

}  // namespace

std::span<const CheckRow> checks_for(const Query& query) {
    if (query.ticket() == nullptr && query.position() == nullptr) return {};
    if (query.ticket() == nullptr) {
        if (query.facts.at == nullptr) return {};
        return kDataPath;
    }
    if (query.facts.at == nullptr) return kOwnList;
    return kSignedPath;
}

Decision decide(const Claimant& claimant, const Facts& facts, const Policy& policy,
                const ClockBounds& now, Direction direction) {
    const Query query{claimant, facts, policy, now, direction};
    const auto rows = checks_for(query);
    if (rows.empty()) return refuse(Reason::Error);
    for (const CheckRow& row : rows) {
        if (const Refusal refusal = row.refusal(query)) return refuse(*refusal);
    }
    return {Verdict::Admit, Reason::Valid};
}

Decision decide(crypto::Fault fault) {
    using crypto::Fault;
    switch (fault) {
        case Fault::ProofMissing:
            return refuse(Reason::Assurance);
        case Fault::UnknownFormat:
        case Fault::BadEncoding:
        case Fault::Truncated:
        case Fault::TrailingData:
        case Fault::Version:
        case Fault::ReservedFlag:
        case Fault::BadField:
        case Fault::CriticalExtension:
        case Fault::UnknownKey:
        case Fault::KeyNotUsable:
        case Fault::BadSignature:
        case Fault::BadHolderKey:
        case Fault::BadProof:
        case Fault::ProofUnsupported:
        case Fault::KeyRevoked:
            return refuse(Reason::Invalid);
    }
    return refuse(Reason::Error);
}

std::string_view name_of(Check check) {
    switch (check) {
        case Check::ListsReadable:
            return "lists-readable";
        case Check::OwnEvent:
            return "own-event";
        case Check::ListKnown:
            return "list-known";
        case Check::OrderStanding:
            return "order-standing";
        case Check::Revocation:
            return "revocation";
        case Check::Block:
            return "block";
        case Check::NewestCopy:
            return "newest-copy";
        case Check::Approval:
            return "approval";
        case Check::Times:
            return "times";
        case Check::Proof:
            return "proof";
        case Check::OwnProduct:
            return "own-product";
        case Check::ListProduct:
            return "list-product";
        case Check::Subevent:
            return "subevent";
        case Check::ProductKnown:
            return "product-known";
        case Check::Payment:
            return "payment";
        case Check::Exchange:
            return "exchange";
        case Check::CustomRule:
            return "custom-rule";
        case Check::Questions:
            return "questions";
        case Check::VenuePolicy:
            return "venue-policy";
        case Check::Admissions:
            return "admissions";
        case Check::EntryPermission:
            return "entry-permission";
    }
    return "unknown";
}

}  // namespace stile
