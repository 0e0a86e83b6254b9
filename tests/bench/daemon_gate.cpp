// SPDX-License-Identifier: Apache-2.0
// What a decision costs beside the bare signature check, and its durable record beside a bare LMDB
// commit.
#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/os.h>
#include <lmdb.h>
#include <sodium.h>
#include <sys/stat.h>

#include "daemon/catalog/catalog.hpp"
#include "daemon/catalog/revocation_import.hpp"
#include "daemon/catalog/revocations.hpp"
#include "daemon/core/decide.hpp"
#include "daemon/ledger/ledger.hpp"
#include "tests/bench/gate_lanes.hpp"
#include "tests/bench/ratio.hpp"
#include "tests/crypto/issuer.hpp"
#include "tests/support/fakes.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::bench {
namespace {

constexpr std::uint64_t kIssued = 100'000'000;
constexpr std::uint64_t kRevoked = 10'000'000;
constexpr std::uint64_t kMixer = 61'803'399;
constexpr int kTickets = 4'000;
const WallTime kNow{std::chrono::seconds{1'760'010'000}};

crypto::KeyRecord record() {
    crypto::KeyRecord out = tests::test_record(tests::test_key(1));
    out.dense = crypto::SerialRange{0, kIssued - 1};
    return out;
}

struct Signed {
    std::string text;
    Buffer message;
    crypto::Signature signature{};
};

// Tickets that are not revoked, each with its signature apart for the bare check.
std::vector<Signed> make_tickets() {
    std::vector<Signed> out;
    for (std::uint64_t i = 0; i < kTickets; ++i) {
        crypto::Gt1Fields fields = tests::test_fields();
        fields.serial = (kRevoked + i) * kMixer % kIssued;
        const Buffer bytes = tests::test_ticket(fields, tests::test_key(1));
        const auto parsed = crypto::SignedGt1::from_bytes(bytes);
        const Bytes message = parsed->signed_message();
        Signed ticket{crypto::gt1_text(bytes), {message.begin(), message.end()}, {}};
        std::ranges::copy(parsed->issuer_signature(), ticket.signature.begin());
        out.push_back(std::move(ticket));
    }
    return out;
}

void import_revocations(lmdb::Environment& catalog, const std::filesystem::path& folder,
                        const crypto::KeyRing& keys) {
    const auto file = (folder / "list.txt").native();
    {
        auto out = fmt::output_file(file);
        for (std::uint64_t i = 0; i < kRevoked; ++i)
            out.print("test-issuer 7 {}\n", i * kMixer % kIssued);
    }
    const UniqueFd fd{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
    RevocationImport import{catalog, folder / "catalog"};
    const auto list =
        import.run({fd.get(), std::filesystem::file_size(file), {}, dense_ranges(keys)},
                   [](std::uint64_t, std::uint64_t) {}, {});
    if (!list) throw std::runtime_error{list.error().context};
}

bool bare_verify(const Signed& ticket, const crypto::PublicKey& key) {
    return crypto_sign_verify_detached(ticket.signature.data(), ticket.message.data(),
                                       ticket.message.size(), key.data()) == 0;
}

// The same records in the same tables as an admission, written with LMDB's own calls.
class BareCommit {
public:
    explicit BareCommit(const std::filesystem::path& folder) {
        ::mkdir(folder.c_str(), 0700);
        check(mdb_env_create(&env_));
        check(mdb_env_set_maxdbs(env_, 8));
        check(mdb_env_set_mapsize(env_, 1U << 30U));
        check(mdb_env_open(env_, folder.c_str(), 0, 0600));
        MDB_txn* txn = nullptr;
        check(mdb_txn_begin(env_, nullptr, 0, &txn));
        for (std::size_t i = 0; i < tables_.size(); ++i) {
            check(mdb_dbi_open(txn, fmt::format("t{}", i).c_str(), MDB_CREATE, &tables_[i]));
        }
        check(mdb_txn_commit(txn));
    }
    BareCommit(const BareCommit&) = delete;
    BareCommit& operator=(const BareCommit&) = delete;
    ~BareCommit() { mdb_env_close(env_); }

    void operator()() {
        MDB_txn* txn = nullptr;
        check(mdb_txn_begin(env_, nullptr, 0, &txn));
        const auto number = big_endian(++seq_);
        std::array<std::uint8_t, 16> seq{};
        std::ranges::copy(number, seq.begin() + 8);
        crypto::Identity identity = crypto::identity_of(crypto::IssuerId{1}, 7, seq_);
        put(txn, 0, as_bytes("totals"), totals_, 0);
        put(txn, 1, seq, log_, MDB_APPEND);
        put(txn, 2, identity.bytes, state_, 0);
        put(txn, 3, seq, open_, MDB_APPEND);
        Buffer visit{identity.bytes.begin(), identity.bytes.end()};
        visit.resize(52);
        put(txn, 4, visit, visit_, 0);
        check(mdb_txn_commit(txn));
    }

private:
    static void check(int rc) {
        if (rc != 0) throw std::runtime_error{mdb_strerror(rc)};
    }
    void put(MDB_txn* txn, std::size_t table, Bytes key, Bytes value, unsigned flags) {
        MDB_val at{key.size(), const_cast<std::uint8_t*>(key.data())};
        MDB_val data{value.size(), const_cast<std::uint8_t*>(value.data())};
        check(mdb_put(txn, tables_[table], &at, &data, flags));
    }
    MDB_env* env_ = nullptr;
    std::array<MDB_dbi, 5> tables_{};
    std::uint64_t seq_ = 0;
    const Buffer totals_ = Buffer(564), log_ = Buffer(152), state_ = Buffer(36), open_ = Buffer(70),
                 visit_ = Buffer(7);
};

int run() {
    const test::TempDir temp;
    const crypto::KeyRing keys = tests::ring_of(record());
    const crypto::PublicKey key = record().public_key;
    const std::vector<Signed> tickets = make_tickets();
    auto catalog = open_catalog(temp.path() / "catalog", std::size_t{4} << 30U).value();
    import_revocations(catalog, temp.path(), keys);
    Revocations revocations{catalog};
    const crypto::Verifier verifier{keys};
    const ClockBounds now = test::FakeClock{kNow}.now().bounds;

    const auto judge = [&](const Signed& ticket, const EntryFacts& entry) {
        auto proof = verifier.prove(as_bytes(ticket.text)).value();
        const auto status = revocations.look_up(proof.ticket()).value();
        const auto list =
            status.revoked ? RevocationFacts::List::Revoked : RevocationFacts::List::Clear;
        const Decision decision =
            decide(proof, {{list, status.lowest_valid_reissue}, entry}, {}, now, Direction::Entry);
        if (decision.verdict != Verdict::Admit)
            throw std::runtime_error{"a good ticket was refused"};
        return proof;
    };
    std::size_t a = 0;
    std::size_t b = 0;
    ratio(
        "parse + verify + 10 M revocations + decide / bare verify",
        [&] { benchmark::DoNotOptimize(judge(tickets[a++ % kTickets], {})); },
        [&] { benchmark::DoNotOptimize(bare_verify(tickets[b++ % kTickets], key)); });

    test::FakeClock clock{kNow};
    auto ledger =
        Ledger::open({.folder = temp.path() / "ledger", .map_bytes = std::size_t{1} << 30U}, clock)
            .value();
    BareCommit bare{temp.path() / "bare"};
    std::vector<double> ours_us;
    std::vector<double> bare_us;
    std::vector<double> verify_us;
    std::vector<Visit> visits;
    for (int i = 0; i < kTickets; ++i) {
        const Signed& ticket = tickets[static_cast<std::size_t>(i)];
        auto admit = [&] {
            const auto proof = judge(ticket, {});
            auto batch = ledger.begin().value();
            const TicketState state = batch.state(proof->identity).value();
            visits.clear();
            if (!batch.visits(proof->identity, {7, 0}, visits)) throw std::runtime_error{"visits"};
            const Decided decided{.verdict = Verdict::Admit,
                                  .reason = Reason::Valid,
                                  .event = 7,
                                  .lane = "lane-1",
                                  .reader = "camera-1",
                                  .issuer = "test-issuer"};
            if (!batch.admit({decided, proof->identity, state}, clock.now()))
                throw std::runtime_error{"admit"};
            benchmark::DoNotOptimize(std::move(batch).commit().value());
        };
        auto verify = [&] { benchmark::DoNotOptimize(bare_verify(ticket, key)); };
        ours_us.push_back(round_us(admit, 1));
        bare_us.push_back(round_us(bare, 1));
        verify_us.push_back(round_us(verify, 1));
    }
    const double ours = median(ours_us) - median(verify_us);
    std::printf("%-58s %6.3f  (%.1f us - %.1f us) / %.1f us\n",
                "(decision with commit - bare verify) / bare LMDB commit", ours / median(bare_us),
                median(ours_us), median(verify_us), median(bare_us));

    std::vector<std::string> texts;
    for (const Signed& ticket : tickets)
        texts.push_back(ticket.text);
    const GateWork work{temp.path(), keys, kNow, texts, [&bare] { bare(); }};
    scan_to_release(work);
    eight_lanes_against_one(work);
    release_on_a_slow_disk(work);
    return 0;
}

}  // namespace
}  // namespace stile::bench

int main() {
    if (sodium_init() < 0) return 1;
    try {
        return stile::bench::run();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
