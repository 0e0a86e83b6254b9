// SPDX-License-Identifier: Apache-2.0
// Ten million revocations: the import beside `sort -u` of the same file, its memory, the pages, and
// look-ups beside a bare signature check. Takes the number of lines as an argument.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/os.h>
#include <sodium.h>
#include <sys/wait.h>

#include "daemon/catalog/catalog.hpp"
#include "daemon/catalog/revocation_import.hpp"
#include "daemon/catalog/revocations.hpp"
#include "tests/bench/ratio.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::bench {
namespace {

constexpr std::uint64_t kIssued = 100'000'000;
constexpr std::uint64_t kMixer = 61'803'399;  // has no factor in common with kIssued: unordered

enum class Kind { Bit, Serial, Secret, Reissue };

// What line `i` of a list is about; the share of each kind is the list's `cycle`.
struct List {
    const char* name;
    std::vector<Kind> cycle;
    [[nodiscard]] Kind kind(std::uint64_t i) const { return cycle[i % cycle.size()]; }
};

std::uint64_t dense_serial(std::uint64_t i) {
    return i * kMixer % kIssued;
}

std::uint64_t foreign_serial(std::uint64_t i) {
    return (i + 1) * 0x9E37'79B9'7F4A'7C15U >> 20U;
}

std::string line(const List& list, std::uint64_t i) {
    switch (list.kind(i)) {
        case Kind::Bit:
            return fmt::format("festival 7 {}\n", dense_serial(i));
        case Kind::Serial:
            return fmt::format("other-seller 3 {}\n", foreign_serial(i));
        case Kind::Secret:
            return fmt::format("secret 7 {:016x}\n", foreign_serial(i) * kMixer);
        case Kind::Reissue:
            return fmt::format("festival 7 {} <{}\n", dense_serial(i), 1 + i % 9);
    }
    return {};
}

crypto::Ticket serial_ticket(std::string_view issuer, std::uint32_t event, std::uint64_t serial) {
    crypto::Ticket out{};
    out.issuer = crypto::issuer_id(issuer);
    out.event = event;
    out.serial = serial;
    out.identity = crypto::identity_of(out.issuer, event, serial);
    return out;
}

crypto::Ticket ticket(const List& list, std::uint64_t i) {
    switch (list.kind(i)) {
        case Kind::Bit:
        case Kind::Reissue:
            return serial_ticket("festival", 7, dense_serial(i));
        case Kind::Serial:
            return serial_ticket("other-seller", 3, foreign_serial(i));
        case Kind::Secret: {
            crypto::Ticket out{};
            out.identity = secret_identity(7, fmt::format("{:016x}", foreign_serial(i) * kMixer));
            return out;
        }
    }
    return {};
}

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void write_list(const List& list, std::uint64_t lines, const std::filesystem::path& file) {
    auto out = fmt::output_file(file.native());
    for (std::uint64_t i = 0; i < lines; ++i)
        out.print("{}", line(list, i));
}

double sort_seconds(const std::filesystem::path& file) {
    const auto start = std::chrono::steady_clock::now();
    const std::string command = fmt::format("LC_ALL=C sort -u -o /dev/null '{}'", file.native());
    if (std::system(command.c_str()) != 0) std::abort();  // NOLINT(concurrency-mt-unsafe)
    return seconds_since(start);
}

std::uint64_t anonymous_kib() {
    std::ifstream status{"/proc/self/status"};
    for (std::string word; status >> word;) {
        std::uint64_t kib = 0;
        if (word == "RssAnon:" && status >> kib) return kib;
    }
    return 0;
}

struct Measured {
    double seconds = 0;
    std::uint64_t peak_kib = 0;
    RevocationList list;
};

Measured import(lmdb::Environment& catalog, const std::filesystem::path& folder,
                const std::filesystem::path& file) {
    const UniqueFd fd{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
    Measured out;
    const auto watch = [&](std::uint64_t, std::uint64_t) {
        out.peak_kib = std::max(out.peak_kib, anonymous_kib());
    };
    const auto start = std::chrono::steady_clock::now();
    auto list = RevocationImport{catalog, folder}.run(
        {.fd = fd.get(),
         .size = std::filesystem::file_size(file),
         .at = {},
         .dense = {{crypto::issuer_id("festival"), 7, 0, kIssued - 1}}},
        watch, {});
    out.seconds = seconds_since(start);
    if (!list) {
        fmt::print("{}\n", list.error().context);
        std::abort();
    }
    out.list = *list;
    return out;
}

// Random tickets, half of them revoked, beside a bare check of an Ed25519 signature of 110 bytes.
void look_up(const lmdb::Environment& catalog, const List& list, std::uint64_t lines) {
    std::mt19937_64 random{1};
    std::vector<crypto::Ticket> tickets;
    for (int i = 0; i < 200'000; ++i)
        tickets.push_back(ticket(list, random() % (2 * lines)));
    std::vector<unsigned char> message(110);
    unsigned char public_key[crypto_sign_PUBLICKEYBYTES];
    unsigned char secret_key[crypto_sign_SECRETKEYBYTES];
    unsigned char signature[crypto_sign_BYTES];
    crypto_sign_keypair(public_key, secret_key);
    crypto_sign_detached(signature, nullptr, message.data(), message.size(), secret_key);

    Revocations revocations{catalog};
    std::size_t at = 0;
    std::uint64_t revoked = 0;
    ratio(
        fmt::format("look-up among {} lines, {} / bare Ed25519 verify", lines, list.name),
        [&] {
            at = at + 1 < tickets.size() ? at + 1 : 0;
            const auto status = revocations.look_up(tickets[at]);
            if (!status) std::abort();
            revoked += status->revoked ? 1U : 0U;
        },
        [&] {
            benchmark::DoNotOptimize(
                crypto_sign_verify_detached(signature, message.data(), message.size(), public_key));
        },
        {.count = 301, .calls = 200});
    benchmark::DoNotOptimize(revoked);
}

void measure(const List& list, std::uint64_t lines) {
    const test::TempDir dir;
    const auto file = dir.path() / "list.txt";
    write_list(list, lines, file);
    (void)sort_seconds(file);  // warms the page cache for both
    const double sorted = sort_seconds(file);
    const auto folder = dir.path() / "catalog";
    auto catalog = open_catalog(folder, std::size_t{4} << 30U);
    if (!catalog) std::abort();
    const Measured first = import(*catalog, folder, file);
    const std::uint64_t used = catalog->used_bytes();
    const Measured again = import(*catalog, folder, file);
    fmt::print("{}: {} lines, {:.1f} MB; {} bits, {} re-issues, {} hashed\n", list.name, lines,
               static_cast<double>(std::filesystem::file_size(file)) / 1e6, first.list.bits,
               first.list.reissues, first.list.hashed);
    fmt::print("  import {:.2f} s, again {:.2f} s, sort -u {:.2f} s: {:.2f} and {:.2f} times\n",
               first.seconds, again.seconds, sorted, first.seconds / sorted,
               again.seconds / sorted);
    fmt::print("  RssAnon at most {:.1f} MB; pages {:.1f} MB, after the second {:.1f} MB\n",
               static_cast<double>(std::max(first.peak_kib, again.peak_kib)) * 1.024e-3,
               static_cast<double>(used) / 1e6, static_cast<double>(catalog->used_bytes()) / 1e6);
    std::fflush(stdout);
    look_up(*catalog, list, lines);
}

}  // namespace
}  // namespace stile::bench

int main(int argc, char** argv) {
    using namespace stile::bench;
    if (sodium_init() < 0) return 1;
    const std::uint64_t lines = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10'000'000;
    measure({.name = "dense", .cycle = {Kind::Bit}}, lines);
    measure({.name = "foreign", .cycle = {Kind::Serial, Kind::Secret}}, lines);
    measure({.name = "mixed",
             .cycle = {Kind::Bit, Kind::Bit, Kind::Bit, Kind::Bit, Kind::Bit, Kind::Serial,
                       Kind::Serial, Kind::Secret, Kind::Secret, Kind::Reissue}},
            lines);
    return 0;
}
