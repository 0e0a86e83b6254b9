// SPDX-License-Identifier: Apache-2.0
// Part after part, row after row; whatever is missing at the end is an error.
#include "daemon/catalog/orders/import.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/catalog/pretix/json.hpp"
#include "daemon/catalog/pretix/rows.hpp"

namespace stile {
namespace {

constexpr std::size_t kMaxHeader = 4'096;
constexpr std::uint64_t kFormat = 1;

struct Part {
    Resource resource = Resource::Orders;
    std::string event;
    std::uint64_t begin = 0;  // in the file
    std::uint64_t size = 0;
};

// The line at `at`, without its end. Errors: Invalid, Io.
Result<std::string> read_line(int fd, std::uint64_t at) {
    std::array<char, kMaxHeader> bytes;
    const ssize_t count = ::pread(fd, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (count < 0) return fail(Errc::Io, "the file cannot be read");
    const std::string_view text{bytes.data(), static_cast<std::size_t>(count)};
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos)
        return fail(Errc::Invalid, fmt::format("no header at byte {}", at));
    return std::string{text.substr(0, end)};
}

Result<UpdateKind> read_kind(const std::string& line) {
    const auto json = pretix::JsonDocument::parse(line);
    if (!json || json->root().at("catalog").number() != kFormat)
        return fail(Errc::Invalid, "this is no catalog text of format 1");
    const auto kind = json->root().at("update").text();
    if (kind == "full") return UpdateKind::Full;
    if (kind == "difference") return UpdateKind::Difference;
    return fail(Errc::Invalid, "`update` is neither full nor difference");
}

// Reads the headers first: numbers of events must be known before their rows.
class Parts {
public:
    Result<void> read(const CatalogText& text);

    UpdateKind kind = UpdateKind::Full;
    std::vector<Part> list;
    std::map<std::string, std::uint32_t, std::less<>> numbers;

private:
    Result<std::uint64_t> add(const std::string& line, std::uint64_t begin);
};

Result<void> Parts::read(const CatalogText& text) {
    auto line = read_line(text.fd, 0);
    if (!line) return std::unexpected{std::move(line.error())};
    const auto update = read_kind(*line);
    if (!update) return std::unexpected{update.error()};
    kind = *update;
    for (std::uint64_t at = line->size() + 1; at != text.size;) {
        line = read_line(text.fd, at);
        if (!line) return std::unexpected{std::move(line.error())};
        const std::uint64_t begin = at + line->size() + 1;
        const auto size = begin <= text.size ? add(*line, begin) : 0;
        if (!size) return std::unexpected{size.error()};
        if (begin > text.size || *size > text.size - begin)
            return fail(Errc::Invalid, "the text ends too early");
        at = begin + *size;
    }
    return {};
}

Result<std::uint64_t> Parts::add(const std::string& line, std::uint64_t begin) {
    const auto json = pretix::JsonDocument::parse(line);
    if (!json) return fail(Errc::Invalid, fmt::format("no header before byte {}", begin));
    const pretix::JsonView header = json->root();
    const auto resource = resource_from(header.at("resource").text().value_or(""));
    const auto size = header.at("bytes").number();
    const std::string event{header.at("event").text().value_or("")};
    if (!resource || !size || (event.empty() && *resource != Resource::Media))
        return fail(Errc::Invalid, fmt::format("the header before byte {} is wrong", begin));
    if (const pretix::JsonView number = header.at("number"); !number.none()) {
        const auto value = number.number();
        if (!value || *value == 0 || *value > 0xFFFF'FFFFU)
            return fail(Errc::Invalid, fmt::format("the number of event {} is wrong", event));
        numbers[event] = static_cast<std::uint32_t>(*value);
    }
    list.push_back({*resource, event, begin, *size});
    return *size;
}

// The pages of a resource go on after the last one that came.
bool goes_on(const std::string& page) {
    if (page.empty()) return false;
    const auto json = pretix::JsonDocument::parse(page);
    return !json || !json->root().at("next").none();
}

std::string name_of(const Part& part) {
    return part.event.empty() ? "media" : part.event;
}

class Import {
public:
    Import(lmdb::Environment& catalog, const CatalogText& text, Parts parts,
           const ImportSteps& progress, const std::stop_token& stop)
        : text_{text},
          parts_{std::move(parts)},
          progress_{progress},
          stop_{stop},
          update_{catalog,
                  {.kind = parts_.kind,
                   .at = text.at,
                   .numbers = parts_.numbers,
                   .batch_bytes = text.batch_bytes}} {}

    Result<UpdateSummary> run() {
        for (const Part& part : parts_.list)
            if (auto read = add(part); !read) return fail(name_of(part), std::move(read.error()));
        for (const auto& [part, open] : open_)
            if (open && parts_.kind == UpdateKind::Full)
                return fail(Errc::Invalid, part.second + ": the last page is missing");
        return update_.finish(stop_);
    }

private:
    Result<void> add(const Part& part) {
        if (auto opened = update_.open(part.resource, part.event); !opened) return opened;
        pretix::RowReader rows{text_.fd, part.begin, part.size};
        for (;;) {
            const auto row = rows.next();
            if (!row) return std::unexpected{row.error()};
            const std::optional<std::string_view>& json = *row;
            if (!json) break;
            if (auto added = update_.add(*json); !added)
                return fail(fmt::format("row {}", rows.rows()), std::move(added.error()));
            if (auto gone_on = step(rows.place()); !gone_on) return gone_on;
        }
        if (rows.place() != part.begin + part.size)
            return fail(Errc::Invalid, "the file ends too early");
        open_[{part.resource, name_of(part)}] = goes_on(rows.page());
        return {};
    }

    Result<void> step(std::uint64_t place) {
        if (place == reported_) return {};
        reported_ = place;
        if (stop_.stop_requested()) return fail(Errc::Closed, "stopped");
        progress_(place, text_.size);
        return {};
    }

    const CatalogText& text_;
    Parts parts_;
    const ImportSteps& progress_;
    const std::stop_token& stop_;
    CatalogUpdate update_;
    std::map<std::pair<Resource, std::string>, bool> open_;
    std::uint64_t reported_ = 0;
};

}  // namespace

Result<UpdateSummary> import_catalog(lmdb::Environment& catalog, const CatalogText& text,
                                     const ImportSteps& progress, const std::stop_token& stop) {
    struct stat about{};
    if (::fstat(text.fd, &about) != 0 || !S_ISREG(about.st_mode))
        return fail(Errc::Invalid, "not a regular file");
    try {
        Parts parts;
        if (auto read = parts.read(text); !read) return std::unexpected{std::move(read.error())};
        return Import{catalog, text, std::move(parts), progress, stop}.run();
    } catch (const std::exception& foreign) {  // no memory
        return fail(Errc::Full, fmt::format("the import: {}", foreign.what()));
    }
}

}  // namespace stile
