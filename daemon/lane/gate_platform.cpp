// SPDX-License-Identifier: Apache-2.0
// The platform at the gate: whom its lists know, and what it has to hear.
#include <algorithm>
#include <utility>

#include "crypto/base45.hpp"
#include "crypto/formats/gt1.hpp"
#include "daemon/admission/platform_record.hpp"
#include "daemon/catalog/orders/update.hpp"
#include "daemon/core/scan_text.hpp"
#include "daemon/lane/post.hpp"

namespace stile {
namespace {

constexpr std::string_view kNobodyPassed = "Turnstile did not turn";
constexpr std::string_view kProvenMedium = "nfc_mf0aes";  // card and gate know its key

// A card that only repeats what somebody wrote on it is a printed code in another shape.
std::string_view source_of(const WaitingScan& scan) {
    const auto* medium = scan.shown<crypto::CardMedium>();
    return medium == nullptr ? kBarcodeSource : std::string_view{medium->type};
}

// What the platform is told of an answer that was refused.
std::string spelled_answer(Bytes answer) {
    return std::string{crypto::kGt1Prefix} + crypto::base45_encode(answer);
}

// How sure it is that nobody else has it, beside a ticket's own proofs.
crypto::Assurance assurance_of(const WaitingScan& scan) {
    const auto* medium = scan.shown<crypto::CardMedium>();
    const bool has_proven = medium != nullptr && medium->type == kProvenMedium;
    return has_proven || scan.shown<crypto::CardMutual>() != nullptr
               ? crypto::Assurance::MutualCard
               : crypto::Assurance::StaticCopy;
}

Result<void> enqueue(Batch& batch, const TakenBack& taken) {
    if (auto number = batch.enqueue(kPlatformQueue, as_bytes(annulment_record(taken))); !number)
        return std::unexpected{std::move(number.error())};
    return {};
}

}  // namespace

// The lanes name events as the platform does; only the book knows their numbers.
void Gate::take_book(std::shared_ptr<const AccessBook> book) {
    book_ = std::move(book);
    for (std::size_t at = 0; at < posts_.size(); ++at) {
        posts_[at].lists.clear();
        for (const PlatformList& list : rules_.lanes[at].lists) {
            const EventBook* event = book_ ? book_->book().find(list.event) : nullptr;
            const std::uint32_t number =
                event == nullptr ? event_number(list.event) : event->event.number;
            posts_[at].lists.push_back({number, list.list});
            events_[{number, list.list}] = list.event;
        }
    }
    if (!finder_) return;
    if (book_) take_keys(*book_);
    finder_->take_book(book_);
}

// A key that the gate pins already stays as it is pinned.
void Gate::take_keys(const AccessBook& book) {
    if (rules_.platform->keys == PlatformSetup::Keys::Pinned) return;
    keys_ = rules_.keys;
    const crypto::KeyRing named = platform_keys(book.book());
    for (const crypto::KeyRecord& key : named.records()) {
        if (sells(key.events.front())) (void)keys_.add(key);
    }
}

// Whose tickets are never judged by the gate's own list, at no lane.
bool Gate::sells(std::uint32_t event) const {
    return std::ranges::any_of(posts_, [event](const Post& post) {
        return std::ranges::find(post.lists, event, &ListKey::event) != post.lists.end();
    });
}

// Also of a list that is asked no longer: an admission on it may be open.
const std::string* Gate::event_of(const ListKey& list) const {
    const auto found = events_.find(list);
    return found == events_.end() ? nullptr : &found->second;
}

std::shared_ptr<Case> Gate::spare_case() {
    const auto spare = std::ranges::find_if(
        cases_, [](const std::shared_ptr<Case>& one) { return one.use_count() == 1; });
    if (spare != cases_.end()) return *spare;
    return cases_.emplace_back(std::make_shared<Case>());
}

void Gate::look_up(Examined& scan) {
    const WaitingScan& shown = scan.waiting;
    const bool is_answer = shown.shown<crypto::CardSigned>() != nullptr;
    std::optional<crypto::Proof> proof;
    if (is_answer || shown.shown<crypto::CardMutual>() != nullptr) proof = proof_of(shown);
    std::string spelled;
    if (is_answer) spelled = spelled_answer(shown.content());
    auto found = spare_case();
    finder_->find({.text = is_answer ? std::string_view{spelled} : as_text(shown.content()),
                   .source = source_of(shown),
                   .lists = posts_[shown.lane].lists,
                   .direction = direction_of(scan),
                   .unpaid = rules_.platform->unpaid,
                   .asking = rules_.platform->asking,
                   .answers = {},
                   .time = parts_.clock.now().time,
                   .proof = proof ? &*proof : nullptr,
                   .assurance = assurance_of(shown)},
                  *found);
    if (found->elsewhere && !sells((*found->elsewhere)->event))
        return take_ticket(scan, *found->elsewhere);
    if (found->fault) scan.fault = std::to_underlying(*found->fault);
    if (!found->identities().empty())
        scan.ticket_id = crypto::ticket_id(parts_.secret, found->identities().front());
    scan.decision = decide(*found, rules_.own(), {});  // for whom nobody knows
    scan.at_platform = std::move(found);
}

Result<void> Gate::tell_released(Batch& batch, const OpenAdmission& admission, WallTime now) const {
    const bool test = (admission.flags & kFlagTest) != 0;
    const std::string* event = test ? nullptr : event_of(admission.list);
    if (event == nullptr) return {};
    const Watermark entry{admission.epoch, admission.admission};
    return enqueue(batch, {.event = *event,
                           .list = admission.list.list,
                           .nonce = parts_.ledger.derived_nonce(entry),
                           .explanation = kNobodyPassed,
                           .time = now});
}

Result<void> Gate::tell_annulled(Batch& batch, const Annulment& annulment, WallTime now) const {
    const std::string nonce =
        annulment.nonce.empty() ? parts_.ledger.derived_nonce(annulment.entry) : annulment.nonce;
    const auto found = batch.find(nonce);
    if (!found) return std::unexpected{found.error()};
    const std::string* event = *found ? event_of((*found)->list) : nullptr;
    if (event == nullptr) return {};
    return enqueue(batch, {.event = *event,
                           .list = (*found)->list.list,
                           .nonce = nonce,
                           .explanation = annulment.reason,
                           .time = now});
}

}  // namespace stile
