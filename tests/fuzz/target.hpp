// SPDX-License-Identifier: Apache-2.0
// The one function of a fuzz target, under the name that libFuzzer looks for.
#pragma once

#include <cstddef>
#include <cstdint>

// Returns 0. A finding is a crash, an abort or a sanitizer's report.
// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer gives the name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
