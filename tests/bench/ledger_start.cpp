// SPDX-License-Identifier: Apache-2.0
// What it costs to start on a ledger of a million entries, beside reading its file once; and the
// first start after an update that brings another format.
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <vector>

#include <sys/resource.h>

#include "crypto/key_ring.hpp"
#include "daemon/ledger/layout.hpp"
#include "daemon/ledger/ledger.hpp"
#include "tests/bench/ratio.hpp"
#include "tests/support/fakes.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::bench {
namespace {

constexpr int kEntries = 1'000'000;
constexpr int kBatch = 5'000;
const WallTime kNow{std::chrono::seconds{1'800'000'000}};

Ledger open(const std::filesystem::path& folder, test::FakeClock& clock) {
    auto ledger = Ledger::open({.folder = folder, .map_bytes = std::size_t{4} << 30U}, clock);
    if (!ledger) throw std::runtime_error{ledger.error().context};
    return std::move(*ledger);
}

// Half of them admissions with their outcomes, half refusals.
void fill(Ledger& ledger, test::FakeClock& clock) {
    const Decided refusal{.reason = Reason::Used, .lane = "lane-1", .reader = "camera-1"};
    Decided good = refusal;
    good.verdict = Verdict::Admit;
    good.reason = Reason::Valid;
    std::vector<Grant> grants;
    for (std::uint64_t serial = 0; ledger.head().seq < kEntries;) {
        auto batch = ledger.begin().value();
        for (const Grant& grant : grants)
            (void)batch.resolve(grant.admission(), {.lane = "lane-1"}, clock.now()).value();
        for (int i = 0; i < kBatch / 4; ++i) {
            const auto identity = crypto::identity_of(crypto::IssuerId{1}, 7, ++serial);
            (void)batch.admit({good, identity, {}}, clock.now()).value();
            (void)batch.append(refusal, clock.now()).value();
            (void)batch.append(refusal, clock.now()).value();
        }
        clock.advance(std::chrono::seconds{1});
        grants = std::move(batch).commit().value();
    }
}

double cpu_seconds() {
    double seconds = 0;
    for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {  // a child walks the pages
        rusage used{};
        ::getrusage(who, &used);
        for (const timeval& time : {used.ru_utime, used.ru_stime})
            seconds += static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    }
    return seconds;
}

double read_once(const std::filesystem::path& file) {
    const double before = cpu_seconds();
    std::ifstream in{file, std::ios::binary};
    std::vector<char> part(1U << 20U);
    while (in.read(part.data(), static_cast<std::streamsize>(part.size())) || in.gcount() > 0) {
    }
    return cpu_seconds() - before;
}

void make_old(const std::filesystem::path& folder) {
    auto raw = lmdb::Environment::open({.folder = folder,
                                        .map_bytes = std::size_t{4} << 30U,
                                        .tables = {layout::kTables.begin(), layout::kTables.end()}})
                   .value();
    auto writer = raw.write().value();
    const auto format = big_endian(layout::kFormat - 1);
    layout::put_row(raw, writer, layout::kMeta, as_bytes(layout::kFormatKey),
                    {format.begin(), format.end()})
        .value();
    std::move(writer).commit().value();
}

double wall_seconds_to_open(const std::filesystem::path& folder, test::FakeClock& clock) {
    const auto before = std::chrono::steady_clock::now();
    (void)open(folder, clock);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
}

int run() {
    const test::TempDir temp;
    const auto folder = temp.path() / "ledger";
    test::FakeClock clock{kNow};
    {
        Ledger ledger = open(folder, clock);
        fill(ledger, clock);
    }
    std::vector<double> starts;
    std::vector<double> reads;
    std::uint64_t entries = 0;
    for (int i = 0; i < 5; ++i) {
        const double before = cpu_seconds();
        entries = open(folder, clock).head().seq;
        starts.push_back(cpu_seconds() - before);
        reads.push_back(read_once(folder / "data.mdb"));
    }
    std::printf("%-58s %6.3f  (%.2f s / %.2f s; %llu entries, %.0f MB)\n",
                "start on 1 M entries / reading the file once, CPU", median(starts) / median(reads),
                median(starts), median(reads), static_cast<unsigned long long>(entries),
                static_cast<double>(std::filesystem::file_size(folder / "data.mdb")) / 1e6);
    const double plain = wall_seconds_to_open(folder, clock);
    make_old(folder);
    const double migrating = wall_seconds_to_open(folder, clock);
    std::printf("%-58s %6.3f  (%.2f s / %.2f s)\n",
                "first start after a change of format / a start", migrating / plain, migrating,
                plain);
    return 0;
}

}  // namespace
}  // namespace stile::bench

int main() {
    try {
        return stile::bench::run();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
