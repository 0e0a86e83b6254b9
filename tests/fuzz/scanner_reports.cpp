// SPDX-License-Identifier: Apache-2.0
// Fuzzes scanners: whatever reports and bytes come, and when, no scan is empty or too long.
#include <cstdlib>

#include "devices/scanner/scan_decoder.hpp"
#include "tests/fuzz/fake_layout.hpp"
#include "tests/fuzz/target.hpp"

namespace {
using namespace stile::devices;
void check(const std::vector<ScannedText>& scans) {
    for (const auto& [text, at] : scans)
        if (text.empty() || text.size() > kMaxScannedBytes) std::abort();
}

// Each report: milliseconds, size, bytes.
void play(const std::unique_ptr<ScanDecoder>& decoder, stile::Bytes input) {
    ScanDecoder::Time now = std::chrono::hours{1};
    while (input.size() >= 2) {
        now += std::chrono::milliseconds{input[0]};
        const std::size_t size = std::min<std::size_t>(input[1] % 70, input.size() - 2);
        if (input[0] == 7) decoder->spoil(now);
        if (input[0] % 2 == 0) check(decoder->expire(now));
        check(decoder->take(input.subspan(2, size), now));
        input = input.subspan(2 + size);
    }
    if (const auto end = decoder->deadline()) check(decoder->expire(*end));
    if (decoder->deadline()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ScannerSettings settings{.ends = {.suffix = "##"}};
    const PosForm pos{.report = 2, .data = {5, 56}, .length = ByteRange{1, 1}, .more = 504};
    for (const ScannerForm& form : {ScannerForm{kBootKeyboard}, ScannerForm{pos}})
        play(make_decoder(form, settings, load_fake_layout).value(), {data, size});
    play(make_serial_decoder(settings), {data, size});
    return 0;
}
