// SPDX-License-Identifier: Apache-2.0
// Opens what the daemon keeps, and asks it.
#include "daemon/stilectl/gate_view.hpp"

#include "daemon/admission/recall.hpp"

namespace stile {

Result<std::unique_ptr<GateView>> GateView::open(const std::filesystem::path& state) {
    auto catalog = open_catalog_to_read(state / "catalog");
    if (!catalog) return std::unexpected{std::move(catalog.error())};
    auto ledger = Ledger::open_read_only(state / "ledger");
    if (!ledger) return std::unexpected{std::move(ledger.error())};
    std::unique_ptr<GateView> view{new GateView{std::move(*catalog), std::move(*ledger)}};
    if (auto started = view->start(); !started) return std::unexpected{started.error()};
    return view;
}

Result<void> GateView::start() {
    auto book = load_access_book(catalog_);
    if (!book) return std::unexpected{std::move(book.error())};
    book_ = std::move(*book);
    keys_ = platform_keys(book_->book());
    const auto signed_list = [this](const crypto::Ticket& ticket) -> Result<RevocationFacts> {
        const auto status = revocations_.look_up(ticket);
        if (!status) return std::unexpected{status.error()};
        using List = RevocationFacts::List;
        return RevocationFacts{status->revoked ? List::Revoked : List::Clear,
                               status->lowest_valid_reissue};
    };
    finder_ = std::make_unique<Finder>(Finder::Parts{orders_, verifier_, signed_list, book_, 0});
    return {};
}

Result<const Case*> GateView::look(const Inquiry& inquiry) {
    finder_->find(inquiry, case_);
    if (!case_.has_claimant()) return &case_;
    auto state = recall(case_, ledger_, {});
    if (!state) return std::unexpected{std::move(state.error())};
    return &case_;
}

}  // namespace stile
