// SPDX-License-Identifier: Apache-2.0
// Fuzzes what the ledger reads back: rows whose checksum fits by chance, and manifests of backups.
#include <algorithm>
#include <cstdlib>

#include "daemon/ledger/layout.hpp"
#include "daemon/ledger/manifest.hpp"
#include "daemon/ledger/ticket_state.hpp"

using namespace stile;  // NOLINT(google-build-using-namespace)

namespace {

// What is accepted has one spelling, the one that came in.
void expect_same(const Buffer& again, Bytes input) {
    if (!std::ranges::equal(again, input)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes input{data, size};
    if (const auto state = decode_state(input)) expect_same(encode_state(*state), input);
    const layout::EntryKey entry = layout::entry_key({1, 2});
    if (const auto row = layout::decode_admission(entry, input))
        expect_same(layout::encode_admission(*row), input);
    const layout::VisitKey key = layout::visit_key({}, {}, {}, {});
    if (const auto visit = layout::decode_visit(key, input))
        expect_same(layout::encode_visit(*visit), input);
    (void)layout::decode_visit(input, input);
    (void)layout::checked(layout::kVisit, entry, input);
    if (const auto manifest = parse_manifest(as_text(input))) {
        if (parse_manifest(manifest_json(*manifest)) != *manifest) std::abort();
    }
    return 0;
}
