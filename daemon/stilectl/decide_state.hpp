// SPDX-License-Identifier: Apache-2.0
// A gate's state in a folder that is gone afterwards: real catalog, real ledger, no lane.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/sealed_box.hpp"
#include "daemon/admission/finder.hpp"
#include "daemon/admission/recall.hpp"
#include "daemon/catalog/orders/update.hpp"
#include "daemon/ledger/ledger.hpp"
#include "daemon/stilectl/decide_clock.hpp"
#include "daemon/stilectl/decide_files.hpp"

namespace stile {

// A folder of its own under a place for temporary files, removed with everything in it.
class PassingFolder {
public:
    // Errors: Io.
    [[nodiscard]] static Result<PassingFolder> make();
    PassingFolder(PassingFolder&& other) noexcept : path_{std::exchange(other.path_, {})} {}
    PassingFolder& operator=(PassingFolder&&) = delete;
    PassingFolder(const PassingFolder&) = delete;
    PassingFolder& operator=(const PassingFolder&) = delete;
    ~PassingFolder();
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    // Files that are open live on, and nothing is left behind if the program is killed.
    void remove();

private:
    explicit PassingFolder(std::filesystem::path path) : path_{std::move(path)} {}
    std::filesystem::path path_;
};

// Thread-bound. All errors: Invalid (a row that the platform would not send), Full, Corrupt, Io.
class DecideState {
public:
    [[nodiscard]] static Result<std::unique_ptr<DecideState>> open(const World& world);

    // Adds rows to the catalog as a download of what changed does.
    [[nodiscard]] Result<void> add(const std::vector<WorldRow>& rows);
    // Decides one scan and writes it down; whoever is admitted passes at once. `scan` stays until
    // the next one.
    struct Scanned {
        const Case* scan = nullptr;
        Decision decision;
    };
    [[nodiscard]] Result<Scanned> scan(const Inquiry& inquiry, std::string_view nonce);
    // Takes an admission back. Errors: also NotFound and Denied, with the reason.
    [[nodiscard]] Result<void> annul(std::string_view nonce, std::string_view explanation);
    // Ignores everything that the ledger has seen so far.
    void forget_visits() { forgotten_ = ledger_->head().seq; }

    // What waits for the platform, the oldest first: JSON as in ADMISSION.md.
    [[nodiscard]] Result<std::vector<std::string>> queued() const;
    // Check-ins of whoever has this secret, on all lists, the platform's and ours.
    [[nodiscard]] Result<std::size_t> checkins(std::string_view secret);
    // For an explanation: the case as it is now, with nothing written down.
    [[nodiscard]] Result<const Case*> look(const Inquiry& inquiry);

    [[nodiscard]] DecideClock& clock() { return clock_; }
    [[nodiscard]] Finder& finder() { return *finder_; }
    [[nodiscard]] const Book& book() const { return book_->book(); }

private:
    explicit DecideState(PassingFolder folder);
    [[nodiscard]] Result<void> start(const World& world);
    [[nodiscard]] Result<void> load(const std::vector<WorldRow>& rows, UpdateKind kind);
    [[nodiscard]] Result<void> take_book();
    [[nodiscard]] Result<void> let_pass(const std::vector<Grant>& grants, const ClockReading& now);
    [[nodiscard]] Result<std::size_t> checkins_of(const KnownPosition& position) const;

    PassingFolder folder_;
    DecideClock clock_;
    crypto::BoxKey device_;
    crypto::EventSecret secret_{};
    std::unique_ptr<lmdb::Environment> catalog_;
    std::unique_ptr<Ledger> ledger_;
    std::unique_ptr<Orders> orders_;
    std::shared_ptr<const AccessBook> book_;
    crypto::KeyRing keys_;
    std::unique_ptr<crypto::Verifier> verifier_;
    std::unique_ptr<Finder> finder_;
    Case case_;
    std::uint64_t forgotten_ = 0;  // up to this entry
};

}  // namespace stile
