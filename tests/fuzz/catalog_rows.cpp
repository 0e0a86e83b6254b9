// SPDX-License-Identifier: Apache-2.0
// Fuzzes the splitting of files into rows: a file of rows has these rows again.
#include <cstdlib>
#include <string>

#include <sys/mman.h>

#include "daemon/catalog/pretix/rows.hpp"
#include "daemon/runtime/unique_fd.hpp"

namespace stile {
namespace {

// The rows as lines; nothing after an error.
std::optional<std::string> lines(std::string_view text) {
    const UniqueFd file{::memfd_create("rows", MFD_CLOEXEC)};
    if (::write(file.get(), text.data(), text.size()) != std::ssize(text)) return std::nullopt;
    pretix::RowReader reader{file.get(), 0, text.size()};
    std::string out;
    for (;;) {
        const auto row = reader.next();
        if (!row) return std::nullopt;
        if (!*row) return out;
        if ((*row)->front() == '{') out.append(**row).append("\n");
    }
}

}  // namespace
}  // namespace stile

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // Blanks and brackets may differ the first time, not again.
    const auto once = stile::lines({reinterpret_cast<const char*>(data), size});
    const auto twice = once ? stile::lines(*once) : std::nullopt;
    if (twice && stile::lines(*twice) != twice) std::abort();
    return 0;
}
