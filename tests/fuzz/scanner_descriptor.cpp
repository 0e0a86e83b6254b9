// SPDX-License-Identifier: Apache-2.0
// Fuzzes the reader of HID report descriptors: fields lie in their report one behind the other, and
// what a scanner's form names is inside of it.
#include <cstdlib>
#include <map>

#include "devices/scanner/scanner_form.hpp"
#include "tests/fuzz/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace stile::devices;
    const auto fields = parse_report_descriptor({data, size});
    if (!fields) return 0;
    std::map<std::uint8_t, std::uint32_t> ends;
    for (const HidField& field : *fields) {
        if (field.offset < ends[field.report] || field.end() > 8 * 4096) std::abort();
        ends[field.report] = field.end();
    }
    const auto form = scanner_form(*fields);
    if (!form) return 0;
    const std::size_t bytes = report_bytes(*fields);
    if (const auto* pos = std::get_if<PosForm>(&*form)) {
        if (pos->data.end() > bytes || pos->more.value_or(0) >= 8 * bytes) std::abort();
        if (pos->length && pos->length->end() > bytes) std::abort();
    } else if (std::get<KeyboardForm>(*form).keys.end() > bytes) {
        std::abort();
    }
    return 0;
}
