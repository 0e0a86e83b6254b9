// SPDX-License-Identifier: Apache-2.0
// What a batch of tickets costs beside bare signing, bare QR codes and bare writing of the same
// pictures: planning, checking, the issue log and its waits for the disk are ours.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>

#include <benchmark/benchmark.h>
#include <png.h>
#include <qrcodegen.hpp>
#include <sodium.h>

#include "crypto/issue/batch.hpp"
#include "crypto/issue/files.hpp"
#include "crypto/issue/gt1_writer.hpp"
#include "tests/bench/ratio.hpp"
#include "tests/crypto/issuer.hpp"
#include "tests/crypto/temporary_folder.hpp"

namespace {

using stile::as_bytes;
using stile::Buffer;
namespace bench = stile::bench;
namespace crypto = stile::crypto;
namespace tests = stile::tests;

constexpr int kTickets = 200;
constexpr int kPixels = 8;
constexpr int kQuiet = 4;

struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

// The picture of the product: one bit a pixel, no filter, fastest compression.
void write_png(const std::string& path, const qrcodegen::QrCode& code) {
    const int side = (code.getSize() + 2 * kQuiet) * kPixels;
    const std::unique_ptr<std::FILE, Close> file{std::fopen(path.c_str(), "wb")};
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    png_infop info = png_create_info_struct(png);
    png_init_io(png, file.get());
    png_set_IHDR(png, info, static_cast<png_uint_32>(side), static_cast<png_uint_32>(side), 1,
                 PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
    png_set_compression_level(png, 1);
    png_write_info(png, info);
    for (int y = -kQuiet; y < code.getSize() + kQuiet; ++y) {
        Buffer row(static_cast<std::size_t>((side + 7) / 8), 0xFF);
        for (int x = 0; x < code.getSize(); ++x) {
            if (!code.getModule(x, y)) continue;
            for (int at = (x + kQuiet) * kPixels; at < (x + kQuiet + 1) * kPixels; ++at)
                row[static_cast<std::size_t>(at / 8)] &=
                    static_cast<std::uint8_t>(~(0x80 >> (at % 8)));
        }
        for (int i = 0; i < kPixels; ++i)
            png_write_row(png, row.data());
    }
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
}

// Each round is a batch of its own, so that every ticket is new.
class Ours {
public:
    explicit Ours(unsigned jobs) {
        options_.desk.key = folder_ / "bench.key";
        options_.desk.now = tests::at(1'760'000'000);
        options_.csv = folder_ / "rows.csv";
        options_.out = folder_ / "out";
        options_.defaults[crypto::Column::Event] = "7";
        options_.defaults[crypto::Column::Until] = "+7d";
        options_.forms = {crypto::Form::Png};
        options_.jobs = jobs;
        const crypto::IssuerKey key{tests::test_record(tests::test_key(1)), tests::test_key(1)};
        ok_ = crypto::write_new_file(options_.desk.key,
                                     as_bytes(crypto::private_key_text(key, nullptr).value()),
                                     crypto::Access::OwnerOnly)
                  .has_value();
        std::ofstream csv{options_.csv};
        csv << "product,ref\n";
        for (int i = 0; i < kTickets; ++i)
            csv << i % 3 << ",order-" << i << "\n";
    }
    void operator()() {
        std::filesystem::remove(folder_ / "bench.issued");
        ok_ = crypto::run_batch(options_).has_value() && ok_;
    }
    [[nodiscard]] bool ok() const { return ok_; }

private:
    tests::TemporaryFolder folder_;
    crypto::BatchOptions options_;
    bool ok_ = false;
};

class Bare {
public:
    Bare() : ticket_{tests::test_ticket(tests::test_fields(), tests::test_key(1))} {
        crypto_sign_seed_keypair(public_.data(), secret_.data(), Buffer(32, 1).data());
    }
    void operator()() const {
        for (int i = 0; i < kTickets; ++i) {
            Buffer signature(crypto_sign_BYTES);
            crypto_sign_detached(signature.data(), nullptr, ticket_.data(), 32 + 11,
                                 secret_.data());
            benchmark::DoNotOptimize(signature.data());
            const std::string text = crypto::gt1_text(ticket_);
            const auto segment = qrcodegen::QrSegment::makeAlphanumeric(text.c_str());
            write_png(folder_ / ("7-" + std::to_string(i) + ".png"),
                      qrcodegen::QrCode::encodeSegments({segment}, qrcodegen::QrCode::Ecc::MEDIUM,
                                                        1, 40, -1, false));
        }
    }

private:
    tests::TemporaryFolder folder_;
    Buffer ticket_;
    Buffer public_ = Buffer(crypto_sign_PUBLICKEYBYTES);
    Buffer secret_ = Buffer(crypto_sign_SECRETKEYBYTES);
};

}  // namespace

int main() {
    if (sodium_init() < 0) return 1;
    constexpr bench::Rounds kRounds{.count = 5, .calls = 1};
    Ours one{1};
    Ours all{0};
    const Bare bare;
    const double alone = bench::ratio("200 tickets as PNG, one thread / bare", std::ref(one),
                                      std::cref(bare), kRounds);
    const double together = bench::ratio("200 tickets as PNG, all processors / bare (one thread)",
                                         std::ref(all), std::cref(bare), kRounds);
    std::printf("throughput beside bare: %.2f with one thread, %.2f with all processors\n",
                1 / alone, 1 / together);
    return one.ok() && all.ok() ? 0 : 1;
}
