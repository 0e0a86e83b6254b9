// SPDX-License-Identifier: Apache-2.0
// Orders with 2.5 positions each: load time, memory and pages, and a look-up by secret beside a
// bare LMDB get and a bare signature check. Takes the numbers of orders as arguments.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/os.h>
#include <sodium.h>

#include "daemon/catalog/catalog.hpp"
#include "daemon/catalog/orders/import.hpp"
#include "daemon/catalog/orders/orders.hpp"
#include "daemon/runtime/unique_fd.hpp"
#include "tests/bench/ratio.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::bench {
namespace {

constexpr std::uint64_t kMixer = 0x9E37'79B9'7F4A'7C15U;

// Two or three positions, in turn: 2.5 of each order.
std::uint64_t positions_of(std::uint64_t order) {
    return 2 + order % 2;
}

std::string secret(std::uint64_t order, std::uint64_t position) {
    const std::uint64_t number = (4 * order + position + 1) * kMixer;
    return fmt::format("{:016x}{:016x}", number, number * kMixer);
}

std::string position(std::uint64_t order, std::uint64_t index) {
    return fmt::format(
        R"({{"id":{},"positionid":{},"item":{},"variation":null,"subevent":null,"secret":"{}",)"
        R"("attendee_name":"Guest {}","addon_to":null,"blocked":null,"valid_from":null,)"
        R"("valid_until":null,"checkins":[],"answers":[],"price":"23.00","tax_rate":"19.00",)"
        R"("attendee_email":null,"company":null,"street":null,"city":null,"downloads":[]}})",
        4 * order + index + 1, index + 1, 1 + index % 5, secret(order, index), order);
}

std::string order(std::uint64_t number) {
    std::string out = fmt::format(
        R"({{"code":"{:X}","status":"p","email":"guest{}@example.org","require_approval":false,)"
        R"("checkin_attention":false,"last_modified":"2026-03-04T16:29:59.861202Z","locale":"en",)"
        R"("testmode":false,"total":"46.00","comment":"","positions":[)",
        number * 7'919 % 99'999'989, number);
    for (std::uint64_t i = 0; i < positions_of(number); ++i)
        out.append(i == 0 ? "" : ",").append(position(number, i));
    return out + "]}\n";
}

std::filesystem::path write_text(const std::filesystem::path& folder, std::uint64_t orders) {
    const auto file = folder / "catalog.txt";
    std::uint64_t bytes = 0;
    for (std::uint64_t i = 0; i < orders; ++i)
        bytes += order(i).size();
    auto out = fmt::output_file(file.native());
    out.print("{}\n{}\n", R"({"catalog":1,"update":"full"})",
              fmt::format(R"({{"resource":"orders","event":"e","bytes":{}}})", bytes));
    for (std::uint64_t i = 0; i < orders; ++i)
        out.print("{}", order(i));
    return file;
}

std::uint64_t anonymous_kib() {
    std::ifstream status{"/proc/self/status"};
    for (std::string word; status >> word;) {
        std::uint64_t kib = 0;
        if (word == "RssAnon:" && status >> kib) return kib;
    }
    return 0;
}

// Seconds.
double load(lmdb::Environment& catalog, const std::filesystem::path& file) {
    const UniqueFd fd{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
    const std::uint64_t size = std::filesystem::file_size(file);
    std::uint64_t peak = 0;
    int steps = 0;
    const auto watch = [&](std::uint64_t, std::uint64_t) {
        if (++steps % 100 == 0) peak = std::max(peak, anonymous_kib());
    };
    const auto start = std::chrono::steady_clock::now();
    const auto done = import_catalog(catalog, {.fd = fd.get(), .size = size}, watch, {});
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    if (!done) {
        fmt::print("{}\n", done.error().context);
        std::abort();
    }
    fmt::print("{} orders, {} positions, {:.0f} MB of JSON: {:.2f} s, RssAnon at most {:.1f} MB\n",
               done->orders, done->positions, static_cast<double>(size) / 1e6, took.count(),
               static_cast<double>(peak) * 1.024e-3);
    return took.count();
}

struct Signature {
    Signature() {
        crypto_sign_keypair(key.data(), secret_key.data());
        crypto_sign_detached(bytes.data(), nullptr, message.data(), message.size(),
                             secret_key.data());
    }
    void verify() const {
        benchmark::DoNotOptimize(
            crypto_sign_verify_detached(bytes.data(), message.data(), message.size(), key.data()));
    }
    std::vector<unsigned char> message = std::vector<unsigned char>(110);
    std::vector<unsigned char> key = std::vector<unsigned char>(crypto_sign_PUBLICKEYBYTES);
    std::vector<unsigned char> secret_key = std::vector<unsigned char>(crypto_sign_SECRETKEYBYTES);
    std::vector<unsigned char> bytes = std::vector<unsigned char>(crypto_sign_BYTES);
};

void look_up(const lmdb::Environment& catalog, std::uint64_t count) {
    std::vector<std::string> secrets;
    for (std::uint64_t i = 0; i < 100'000; ++i) {
        const std::uint64_t number = (i + 1) * kMixer % count;
        secrets.push_back(secret(number, i % positions_of(number)));
    }
    const std::uint32_t event = event_number("e");
    Orders orders{catalog};
    FoundPositions found;
    std::size_t at = 0;
    const auto ours = [&] {
        at = at + 1 < secrets.size() ? at + 1 : 0;
        auto view = orders.view();
        found.clear();
        if (!view || !view->find_by_secret({&event, 1}, secrets[at], found) || found.size() != 1)
            std::abort();
    };
    auto reader = *catalog.read();
    const std::uint32_t number = orders.view()->load(event)->number;
    const auto get = [&] {
        at = at + 1 < secrets.size() ? at + 1 : 0;
        const auto key = index_key(number, IndexKind::Secret, hash_number(secrets[at]));
        const auto entry = reader.get(table_of(catalog, CatalogTable::Index), key);
        if (!entry || !*entry) std::abort();
    };
    const Signature signature;
    ratio(fmt::format("position by secret, {} orders / hash and LMDB get", count), ours, get,
          {.count = 301, .calls = 200});
    ratio(fmt::format("position by secret, {} orders / bare Ed25519 verify", count), ours,
          [&] { signature.verify(); }, {.count = 301, .calls = 200});
}

void measure(std::uint64_t orders) {
    const test::TempDir dir;
    const auto file = write_text(dir.path(), orders);
    auto catalog = open_catalog(dir.path() / "catalog", std::size_t{16} << 30U);
    if (!catalog) std::abort();
    (void)load(*catalog, file);
    fmt::print("  pages {:.1f} MB\n", static_cast<double>(catalog->used_bytes()) / 1e6);
    (void)load(*catalog, file);
    fmt::print("  pages after a second load beside it {:.1f} MB\n",
               static_cast<double>(catalog->used_bytes()) / 1e6);
    std::fflush(stdout);
    look_up(*catalog, orders);
}

}  // namespace
}  // namespace stile::bench

int main(int argc, char** argv) {
    if (sodium_init() < 0) return 1;
    std::vector<std::uint64_t> sizes;
    for (int i = 1; i < argc; ++i)
        sizes.push_back(std::strtoull(argv[i], nullptr, 10));
    if (sizes.empty()) sizes = {400, 100'000, 400'000};
    for (const std::uint64_t orders : sizes)
        stile::bench::measure(orders);
    return 0;
}
