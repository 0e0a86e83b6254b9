// SPDX-License-Identifier: Apache-2.0
// The way of a scan through finder, decision and ledger, as in the gate.
#include "daemon/stilectl/decide_state.hpp"

#include <cstdlib>
#include <set>

#include <fmt/format.h>
#include <unistd.h>

#include "daemon/admission/platform_record.hpp"
#include "daemon/admission/record.hpp"

namespace stile {
namespace {

constexpr std::size_t kCatalogMap = std::size_t{4} << 30U;  // sparse files
constexpr std::size_t kLedgerMap = std::size_t{1} << 30U;
constexpr std::size_t kMostQueued = 1'000'000;

crypto::BoxKey random_key() {
    std::array<std::uint8_t, 32> secret{};
    crypto::fill_random(secret);
    return crypto::BoxKey{secret};
}

// A ledger, as far as it has not been forgotten.
template <class Memory>
struct Remembered {
    const Memory& memory;
    std::uint64_t forgotten;

    [[nodiscard]] Result<void> visits(const crypto::Identity& identity, const ListKey& list,
                                      std::vector<Visit>& into) const {
        const auto before = static_cast<std::ptrdiff_t>(into.size());
        if (auto found = memory.visits(identity, list, into); !found) return found;
        const auto gone = std::remove_if(into.begin() + before, into.end(),
                                         [this](const Visit& v) { return v.order <= forgotten; });
        into.erase(gone, into.end());
        return {};
    }
    [[nodiscard]] Result<TicketState> state(const crypto::Identity& identity) const {
        return memory.state(identity);
    }
};

// Memory where there is enough of it: what nobody will read again need not wait for a disk.
// Nothing: there is no place.
std::filesystem::path passing_place() {
    constexpr std::uintmax_t kEnough = std::uintmax_t{1} << 30U;
    const std::filesystem::path memory = "/dev/shm";
    std::error_code error;
    const auto space = std::filesystem::space(memory, error);
    const bool is_good = !error && space.available >= kEnough && ::access("/dev/shm", W_OK) == 0;
    const bool is_told = std::getenv("TMPDIR") != nullptr;
    if (is_good && !is_told) return memory;
    return std::filesystem::temp_directory_path(error);
}

Passage passage_of(const OpenAdmission& admission) {
    return {.result = admission.direction == Direction::Entry ? PassageResult::Entered
                                                              : PassageResult::Left,
            .people = admission.people};
}

}  // namespace

Result<PassingFolder> PassingFolder::make() {
    const auto parent = passing_place();
    if (parent.empty()) return fail(Errc::Io, "there is no place for temporary files");
    std::string path = parent / "stilectl-decide-";
    path.append(6, 'X');  // mkdtemp puts letters of its own there
    if (::mkdtemp(path.data()) == nullptr) return fail(Errc::Io, path + ": cannot be made");
    return PassingFolder{path};
}

PassingFolder::~PassingFolder() {
    remove();
}

void PassingFolder::remove() {
    std::error_code ignored;  // nobody is left to be told
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
    path_.clear();
}

DecideState::DecideState(PassingFolder folder) : folder_{std::move(folder)}, device_{random_key()} {
    crypto::fill_random(secret_);
}

Result<std::unique_ptr<DecideState>> DecideState::open(const World& world) {
    auto folder = PassingFolder::make();
    if (!folder) return std::unexpected{std::move(folder.error())};
    std::unique_ptr<DecideState> state{new DecideState{std::move(*folder)}};
    if (auto started = state->start(world); !started) return std::unexpected{started.error()};
    return state;
}

Result<void> DecideState::start(const World& world) {
    auto catalog = open_catalog(folder_.path() / "catalog", kCatalogMap);
    if (!catalog) return std::unexpected{std::move(catalog.error())};
    catalog_ = std::make_unique<lmdb::Environment>(std::move(*catalog));
    auto ledger = Ledger::open({.folder = folder_.path() / "ledger",
                                .map_bytes = kLedgerMap,
                                .software = "stilectl",
                                .gate = "decide",
                                .device = device_.public_key()},
                               clock_);
    if (!ledger) return std::unexpected{std::move(ledger.error())};
    ledger_ = std::make_unique<Ledger>(std::move(*ledger));
    orders_ = std::make_unique<Orders>(*catalog_);
    verifier_ = std::make_unique<crypto::Verifier>(keys_);
    finder_ = std::make_unique<Finder>(Finder::Parts{*orders_, *verifier_, {}, {}, 0});
    folder_.remove();  // all is open now
    return load(world.rows, UpdateKind::Full);
}

Result<void> DecideState::add(const std::vector<WorldRow>& rows) {
    return load(rows, UpdateKind::Difference);
}

Result<void> DecideState::load(const std::vector<WorldRow>& rows, UpdateKind kind) {
    CatalogUpdate update{
        *catalog_, {.kind = kind, .at = std::chrono::floor<std::chrono::seconds>(clock_.time())}};
    std::pair<Resource, std::string> opened{};
    bool first = true;
    for (const WorldRow& row : rows) {
        if (first || opened != std::pair{row.resource, row.event}) {
            if (auto done = update.open(row.resource, row.event); !done) return done;
        }
        first = false;
        opened = {row.resource, row.event};
        if (auto done = update.add(row.json); !done) return done;
    }
    const auto summary = update.finish({});
    if (!summary) return std::unexpected{summary.error()};
    if (kind == UpdateKind::Difference && summary->refused > 0)
        return fail(Errc::Invalid, summary->warnings.empty() ? "the row is not understood"
                                                             : summary->warnings.front());
    return take_book();
}

Result<void> DecideState::take_book() {
    auto book = load_access_book(*catalog_);
    if (!book) return std::unexpected{std::move(book.error())};
    book_ = std::move(*book);
    keys_ = platform_keys(book_->book());
    finder_->take_book(book_);
    return {};
}

Result<DecideState::Scanned> DecideState::scan(const Inquiry& inquiry, std::string_view nonce) {
    finder_->find(inquiry, case_);
    const ClockReading now = clock_.now();
    auto batch = ledger_->begin();
    if (!batch) return std::unexpected{std::move(batch.error())};
    Recording what{.nonce = std::string{nonce}};
    if (case_.has_claimant()) {
        auto state = recall(case_, Remembered<Batch>{*batch, forgotten_}, {});
        if (!state) return std::unexpected{std::move(state.error())};
        what.state = *state;
    }
    const Decision decision = decide(case_, {}, now.bounds);
    describe(case_, decision, secret_, what.entry);
    if (auto done = record(*batch, case_, decision, std::move(what), now); !done)
        return std::unexpected{std::move(done.error())};
    const auto grants = std::move(*batch).commit();
    if (!grants) return std::unexpected{grants.error()};
    if (auto passed = let_pass(*grants, now); !passed) return std::unexpected{passed.error()};
    return Scanned{&case_, decision};
}

Result<void> DecideState::let_pass(const std::vector<Grant>& grants, const ClockReading& now) {
    if (grants.empty()) return {};
    auto batch = ledger_->begin();
    if (!batch) return std::unexpected{std::move(batch.error())};
    for (const Grant& grant : grants) {
        const OpenAdmission& admission = grant.admission();
        if (auto done = batch->resolve(admission, passage_of(admission), now); !done) return done;
    }
    if (auto done = std::move(*batch).commit(); !done) return std::unexpected{done.error()};
    return {};
}

Result<void> DecideState::annul(std::string_view nonce, std::string_view explanation) {
    const ClockReading now = clock_.now();
    auto batch = ledger_->begin();
    if (!batch) return std::unexpected{std::move(batch.error())};
    const auto admission = batch->find(nonce);
    if (!admission) return std::unexpected{admission.error()};
    const auto answer =
        batch->annul({.nonce = std::string{nonce}, .reason = std::string{explanation}}, now);
    if (!answer) return std::unexpected{answer.error()};
    if (*answer != AnnulAnswer::Done)
        return fail(*answer == AnnulAnswer::Unknown ? Errc::NotFound : Errc::Denied,
                    std::string{text_of(*answer)});
    const ListKey list = (*admission)->list;
    const EventBook* event = book().find(list.event);
    const std::string told =
        annulment_record({event == nullptr ? std::string_view{} : event->event.slug, list.list,
                          nonce, explanation, now.time});
    if (auto number = batch->enqueue(kPlatformQueue, as_bytes(told)); !number)
        return std::unexpected{std::move(number.error())};
    if (auto done = std::move(*batch).commit(); !done) return std::unexpected{done.error()};
    return {};
}

Result<std::vector<std::string>> DecideState::queued() const {
    const auto records = ledger_->queued(kPlatformQueue, 0, kMostQueued, device_);
    if (!records) return std::unexpected{records.error()};
    std::vector<std::string> out;
    for (const Queued& record : *records)
        out.emplace_back(as_text(record.plain));
    return out;
}

Result<std::size_t> DecideState::checkins(std::string_view secret) {
    std::vector<std::uint32_t> events;
    for (const EventBook& event : book().events())
        events.push_back(event.event.number);
    FoundPositions positions;
    auto view = orders_->view();
    if (!view) return std::unexpected{std::move(view.error())};
    if (auto found = view->find_by_secret(events, secret, positions); !found)
        return std::unexpected{std::move(found.error())};
    std::size_t count = 0;
    for (const KnownPosition& position : positions.all()) {
        const auto here = checkins_of(position);
        if (!here) return here;
        count += *here;
    }
    return count;
}

Result<std::size_t> DecideState::checkins_of(const KnownPosition& position) const {
    std::set<std::uint64_t> lists;
    for (const PlatformVisit& visit : position.visits)
        lists.insert(visit.list);
    if (const EventBook* event = book().find(position.event)) {
        for (const BookList& list : event->lists)
            lists.insert(list.list.key.list);
    }
    std::size_t count = 0;
    for (const std::uint64_t list : lists) {
        std::vector<Visit> visits;
        for (const crypto::Identity& identity : position.identities) {
            const Remembered<Ledger> memory{*ledger_, forgotten_};
            if (auto found = memory.visits(identity, {position.event, list}, visits); !found)
                return std::unexpected{std::move(found.error())};
        }
        merge_visits(position.visits, list, 0, visits);
        count += visits.size();
    }
    return count;
}

Result<const Case*> DecideState::look(const Inquiry& inquiry) {
    finder_->find(inquiry, case_);
    if (!case_.has_claimant()) return &case_;
    auto state = recall(case_, Remembered<Ledger>{*ledger_, forgotten_}, {});
    if (!state) return std::unexpected{std::move(state.error())};
    return &case_;
}

}  // namespace stile
