// SPDX-License-Identifier: Apache-2.0
// A disk that fails at a chosen call: it stands between this program, LMDB and the kernel.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

namespace stile::test {

enum class DiskStep : std::uint8_t {
    PageWrite = 1,  // LMDB writes pages that nothing points to yet
    PageSync,
    MetaWrite,  // the page that makes a commit true
    CopyWrite,  // of a backup
    CopySync,
    Rename,
    Last = Rename
};

enum class DiskFault : std::uint8_t {
    Kill = 1,  // the process dies before the call
    PowerCut,  // some of what was not synced is lost as well
    InputOutput,
    Full,  // this write and the next three
    Last = Full
};

struct DiskPlan {
    std::filesystem::path folder;  // only files below it count
    DiskFault fault = DiskFault::Kill;
    int at = 1;  // the call that fails
    unsigned seed = 0;
    std::function<void(DiskStep)> on_fault;  // told before it happens
};

// From now on, in this process. Once, before threads start.
void arm_disk(DiskPlan plan);

}  // namespace stile::test
