// SPDX-License-Identifier: Apache-2.0
// A gate's stored state to look at: catalog and ledger, read only.
#pragma once

#include <filesystem>
#include <memory>

#include "daemon/admission/finder.hpp"
#include "daemon/catalog/revocations.hpp"
#include "daemon/ledger/ledger.hpp"

namespace stile {

// Thread-bound. The daemon may be at work on the same folder.
class GateView {
public:
    // `state` is the daemon's state folder. Errors: NotFound, Denied, Corrupt, Io, Unsupported.
    [[nodiscard]] static Result<std::unique_ptr<GateView>> open(const std::filesystem::path& state);

    // Errors: Corrupt, Io.
    [[nodiscard]] Result<const Case*> look(const Inquiry& inquiry);
    [[nodiscard]] const Book& book() const { return book_->book(); }

private:
    GateView(lmdb::Environment catalog, Ledger ledger)
        : catalog_{std::move(catalog)}, ledger_{std::move(ledger)} {}
    [[nodiscard]] Result<void> start();

    lmdb::Environment catalog_;
    Ledger ledger_;
    Orders orders_{catalog_};
    Revocations revocations_{catalog_};
    std::shared_ptr<const AccessBook> book_;  // shared with the Finder
    crypto::KeyRing keys_;
    crypto::Verifier verifier_{keys_};
    std::unique_ptr<Finder> finder_;
    Case case_;
};

}  // namespace stile
