// SPDX-License-Identifier: Apache-2.0
// Fuzzes CSV files as an organiser might send them: every row has a place and either cells or a
// fault, and a cell that we write comes back.
#include <cstdlib>

#include "crypto/base/bytes.hpp"
#include "crypto/issue/csv/csv.hpp"
#include "tests/fuzz/target.hpp"

namespace {

using stile::crypto::CsvReader;

void read_all(CsvReader csv) {
    for (std::size_t last = 0;;) {
        const auto row = csv.next();
        if (!row) std::abort();
        if (!*row) return;
        if ((*row)->line < last || (*row)->line == 0) std::abort();
        if ((*row)->cells.empty() == (*row)->fault.empty()) std::abort();
        last = (*row)->line;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text{stile::as_text({data, size})};
    read_all(CsvReader::of(text));
    if (text.empty() || size > 1000 || !stile::is_utf8({data, size})) return 0;
    auto written = CsvReader::of("a,b\n" + stile::crypto::csv_cell(text) + ",x\n");
    (void)written.next();
    const auto row = written.next();
    const bool is_blank = text.find_first_not_of(" \t") == std::string::npos;
    if (is_blank || text.front() == ' ' || text.back() == ' ') return 0;  // spaces at the ends go
    if (!row || !*row || (*row)->cells.empty() || (*row)->cells[0] != text) std::abort();
    return 0;
}
