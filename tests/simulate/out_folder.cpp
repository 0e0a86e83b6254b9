// SPDX-License-Identifier: Apache-2.0
// A file marks what is ours.
#include "tests/simulate/out_folder.hpp"

#include <fstream>

#include <fmt/format.h>

namespace stile::simulate {

namespace fs = std::filesystem;

Result<void> take_folder(const fs::path& folder) {
    std::error_code fault;
    fs::create_directories(folder, fault);
    const bool ours = !fault && fs::is_regular_file(folder / kOursFile, fault);
    if (ours) return {};
    if (fault && fault != std::errc::no_such_file_or_directory)
        return fail(Errc::Io, fmt::format("{}: {}", folder.native(), fault.message()));
    if (!fs::is_empty(folder, fault) || fault)
        return fail(Errc::Invalid, fmt::format("{} is not empty, and not of an earlier simulation: "
                                               "nothing is removed; name another folder",
                                               folder.native()));
    if (!std::ofstream{folder / kOursFile}.flush())
        return fail(Errc::Io, fmt::format("{} cannot be written to", folder.native()));
    return {};
}

}  // namespace stile::simulate
