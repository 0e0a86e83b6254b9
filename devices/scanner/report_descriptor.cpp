// SPDX-License-Identifier: Apache-2.0
// Items, the state that they change, and the fields that come of it (HID 1.11, section 6.2.2).
#include "devices/scanner/report_descriptor.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace stile::devices {
namespace {

constexpr std::size_t kMaxBytes = 4096;
constexpr std::size_t kMaxFields = 256;
constexpr std::size_t kMaxUsages = 64;
constexpr int kMaxDepth = 16;
constexpr std::size_t kMaxPushed = 8;
constexpr std::uint32_t kMaxElementBits = 256;
constexpr std::uint32_t kMaxReportBits = 8 * 4096;

constexpr std::uint8_t kLongItem = 0xFE;

enum class Type : std::uint8_t { Main, Global, Local, Reserved };

struct Item {
    Type type = Type::Reserved;
    std::uint8_t tag = 0;
    std::uint32_t value = 0;
    std::int32_t signed_value = 0;
    std::size_t bytes = 0;  // of the value
};

// What stays from item to item, until it is said anew.
struct Global {
    std::uint32_t page = 0;
    std::int32_t least = 0;
    std::uint32_t bits = 0;
    std::uint32_t count = 0;
    std::uint8_t report = 0;
};

// What is said of the next main item only.
struct Local {
    std::vector<HidUsageRange> usages;
    std::optional<HidUsage> least;
};

// Little-endian, 0, 1, 2 or 4 bytes; nothing when it is cut off.
std::optional<Item> take_item(Bytes& rest) {
    const std::uint8_t head = rest.front();
    Item item{.type = static_cast<Type>((head >> 2) & 3),
              .tag = static_cast<std::uint8_t>(head >> 4)};
    if (head == kLongItem) {
        const std::size_t size = rest.size() < 2 ? kMaxBytes : std::size_t{rest[1]} + 3;
        if (rest.size() < size) return std::nullopt;
        rest = rest.subspan(size);
        item.type = Type::Local;  // of a tag that means nothing
        item.tag = 0x0F;
        return item;
    }
    constexpr std::array<std::size_t, 4> kSizes{0, 1, 2, 4};
    item.bytes = kSizes[head & 3U];
    if (rest.size() < 1 + item.bytes) return std::nullopt;
    for (std::size_t i = 0; i < item.bytes; ++i)
        item.value |= std::uint32_t{rest[1 + i]} << (8 * i);
    const std::uint32_t sign = item.bytes == 0 ? 0 : 1U << (8 * item.bytes - 1);
    item.signed_value = static_cast<std::int32_t>((item.value ^ sign) - sign);
    rest = rest.subspan(1 + item.bytes);
    return item;
}

class Parser {
public:
    // What is wrong, or nothing.
    [[nodiscard]] const char* take(const Item& item) {
        switch (item.type) {
            case Type::Main:
                return main(item);
            case Type::Global:
                return global(item);
            case Type::Local:
                return local(item);
            case Type::Reserved:
                return "an item of a reserved type";
        }
        return nullptr;
    }
    [[nodiscard]] const char* finish() const {
        return depth_ == 0 ? nullptr : "a collection that is not closed";
    }
    [[nodiscard]] std::vector<HidField> fields() { return std::move(fields_); }

private:
    [[nodiscard]] const char* main(const Item& item) {
        enum Tag : std::uint8_t { Input = 8, Collection = 10, EndCollection = 12 };
        const Local said = std::exchange(local_, {});
        if (item.tag == Input) return input(item.value, said);
        if (item.tag == Collection && ++depth_ > kMaxDepth) return "too many collections";
        if (item.tag == EndCollection && --depth_ < 0) return "an end without a collection";
        return nullptr;
    }

    [[nodiscard]] const char* input(std::uint32_t flags, const Local& said) {
        constexpr std::uint32_t kConstant = 1;
        constexpr std::uint32_t kVariable = 2;
        if (depth_ == 0) return "a field outside of a collection";
        if (fields_.size() == kMaxFields) return "too many fields";
        if (!ends_.empty() && (global_.report == 0) != ends_.contains(0))
            return "some reports have a number and some have none";
        std::uint32_t& end = ends_[global_.report];
        const std::uint64_t size = std::uint64_t{global_.bits} * global_.count;
        if (size > kMaxReportBits - end) return "a report that is too long";
        HidField field{
            .report = global_.report,
            .offset = end,
            .bits = global_.bits,
            .count = global_.count,
            .form = (flags & kVariable) != 0 ? HidField::Form::Variable : HidField::Form::Array,
            .least = global_.least,
            .usages = said.usages};
        end += static_cast<std::uint32_t>(size);
        if ((flags & kConstant) == 0 && size > 0) fields_.push_back(std::move(field));
        return nullptr;
    }

    [[nodiscard]] const char* global(const Item& item) {
        enum Tag : std::uint8_t {
            Page = 0,
            LogicalMinimum = 1,
            ReportSize = 7,
            ReportId = 8,
            ReportCount = 9,
            Push = 10,
            Pop = 11
        };
        switch (item.tag) {
            case Page:
                global_.page = item.value & 0xFFFF;
                return nullptr;
            case LogicalMinimum:
                global_.least = item.signed_value;
                return nullptr;
            case ReportSize:
                global_.bits = item.value;
                return item.value == 0 || item.value > kMaxElementBits ? "elements of such a size"
                                                                       : nullptr;
            case ReportId:
                global_.report = static_cast<std::uint8_t>(item.value);
                return item.value == 0 || item.value > 255 ? "such a report number" : nullptr;
            case ReportCount:
                global_.count = item.value;
                return item.value > kMaxReportBits ? "a report that is too long" : nullptr;
            case Push:
                pushed_.push_back(global_);
                return pushed_.size() > kMaxPushed ? "too much that is pushed" : nullptr;
            case Pop:
                return pop();
            default:  // units and limits, which do not matter here
                return nullptr;
        }
    }

    [[nodiscard]] const char* pop() {
        if (pushed_.empty()) return "a pop without a push";
        global_ = pushed_.back();
        pushed_.pop_back();
        return nullptr;
    }

    [[nodiscard]] const char* local(const Item& item) {
        enum Tag : std::uint8_t { Usage = 0, UsageMinimum = 1, UsageMaximum = 2 };
        // Four bytes bring their own page.
        const HidUsage usage = item.bytes == 4 ? item.value : (global_.page << 16) | item.value;
        if (item.tag == Usage) return add({usage, usage});
        if (item.tag == UsageMinimum) local_.least = usage;
        if (item.tag == UsageMaximum) {
            const auto first = std::exchange(local_.least, std::nullopt);
            if (!first || *first > usage || (*first >> 16) != (usage >> 16))
                return "a range of usages without a beginning";
            return add({*first, usage});
        }
        return nullptr;
    }

    [[nodiscard]] const char* add(HidUsageRange range) {
        if (local_.usages.size() == kMaxUsages) return "too many usages";
        local_.usages.push_back(range);
        return nullptr;
    }

    Global global_;
    Local local_;
    std::vector<Global> pushed_;
    int depth_ = 0;
    std::map<std::uint8_t, std::uint32_t> ends_;  // of each report, in bits
    std::vector<HidField> fields_;
};

}  // namespace

HidUsage HidField::usage(std::uint32_t index) const {
    for (const HidUsageRange& range : usages) {
        const std::uint32_t size = range.last - range.first + 1;
        if (index < size) return range.first + index;
        index -= size;
    }
    return form == Form::Variable && !usages.empty() ? usages.back().last : 0;
}

Result<std::vector<HidField>> parse_report_descriptor(Bytes descriptor) {
    const auto wrong = [](const char* what) {
        return fail(Errc::Invalid, std::string{"report descriptor: "} + what);
    };
    if (descriptor.size() > kMaxBytes) return wrong("too long");
    Parser parser;
    while (!descriptor.empty()) {
        const auto item = take_item(descriptor);
        if (!item) return wrong("an item that is cut off");
        if (const char* what = parser.take(*item)) return wrong(what);
    }
    if (const char* what = parser.finish()) return wrong(what);
    return parser.fields();
}

}  // namespace stile::devices
