// SPDX-License-Identifier: Apache-2.0
// Sorted runs, and their merge through small buffers.
#include "daemon/catalog/record_sorter.hpp"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <tuple>
#include <type_traits>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace stile {
namespace {

static_assert(sizeof(RevocationRecord) == 24);
static_assert(std::has_unique_object_representations_v<RevocationRecord>);

constexpr std::size_t kMergeRecords = 8'192;  // 192 KiB a run

// A strict order; most comparisons end at the serial.
bool before(const RevocationRecord& a, const RevocationRecord& b) {
    return std::tie(a.kind, a.issuer, a.head, a.event, a.serial, a.order) <
           std::tie(b.kind, b.issuer, b.head, b.event, b.serial, b.order);
}

std::unexpected<Error> system_error(std::string_view what) {
    const Errc code = errno == ENOSPC || errno == EDQUOT ? Errc::Full : Errc::Io;
    return fail(code, std::string{what} + ": " + std::system_category().message(errno));
}

Result<void> write_all(int fd, std::span<const RevocationRecord> records, std::uint64_t place) {
    const auto bytes = std::as_bytes(records);
    auto at = static_cast<off_t>(place * sizeof(RevocationRecord));
    for (auto rest = bytes; !rest.empty();) {
        const ssize_t count = ::pwrite(fd, rest.data(), rest.size(), at);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return system_error("sorting file");
        rest = rest.subspan(static_cast<std::size_t>(count));
        at += count;
    }
    return {};
}

Result<void> read_all(int fd, std::span<RevocationRecord> records, std::uint64_t place) {
    auto at = static_cast<off_t>(place * sizeof(RevocationRecord));
    for (auto rest = std::as_writable_bytes(records); !rest.empty();) {
        const ssize_t count = ::pread(fd, rest.data(), rest.size(), at);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return system_error("sorting file");
        if (count == 0) return fail(Errc::Io, "sorting file: it is too short");
        rest = rest.subspan(static_cast<std::size_t>(count));
        at += count;
    }
    return {};
}

}  // namespace

bool same_place(const RevocationRecord& a, const RevocationRecord& b) {
    return std::tie(a.kind, a.issuer, a.head, a.event, a.serial) ==
           std::tie(b.kind, b.issuer, b.head, b.event, b.serial);
}

// One sorted run of the file, read forwards.
class RecordSorter::Run {
public:
    Run(int fd, std::uint64_t begin, std::uint64_t end) : fd_{fd}, next_{begin}, end_{end} {}

    // False at the end of the run.
    [[nodiscard]] Result<bool> advance() {
        if (++at_ < buffer_.size()) return true;
        buffer_.resize(std::min<std::uint64_t>(kMergeRecords, end_ - next_));
        at_ = 0;
        if (buffer_.empty()) return false;
        if (auto read = read_all(fd_, buffer_, next_); !read)
            return std::unexpected{std::move(read.error())};
        next_ += buffer_.size();
        return true;
    }
    [[nodiscard]] const RevocationRecord& record() const { return buffer_[at_]; }

private:
    int fd_;
    std::uint64_t next_;
    std::uint64_t end_;
    std::vector<RevocationRecord> buffer_;
    std::size_t at_ = 0;
};

RecordSorter::RecordSorter(std::filesystem::path folder, std::size_t run_records)
    : folder_{std::move(folder)}, run_records_{run_records} {
    run_.reserve(run_records);
}

Result<void> RecordSorter::add(const RevocationRecord& record) {
    if (run_.size() == run_records_) {
        if (auto spilled = spill(); !spilled) return spilled;
    }
    run_.push_back(record);
    return {};
}

// The name is gone at once, so that nothing is left over after a crash.
Result<void> RecordSorter::open_file() {
    const auto name = folder_ / "sorting";
    file_.reset(::open(name.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!file_) return system_error(name.native());
    if (::unlink(name.c_str()) != 0) return system_error(name.native());
    return {};
}

Result<void> RecordSorter::spill() {
    if (!file_) {
        if (auto opened = open_file(); !opened) return opened;
    }
    std::ranges::sort(run_, before);
    if (auto written = write_all(file_.get(), run_, spilled_); !written) return written;
    spilled_ += run_.size();
    run_ends_.push_back(spilled_);
    run_.clear();
    return {};
}

Result<void> RecordSorter::visit(const Visitor& visitor) {
    std::optional<RevocationRecord> last;
    const auto visit_first = [&](const RevocationRecord& record) -> Result<void> {
        if (last && same_place(*last, record)) return {};
        last = record;
        return visitor(record);
    };
    if (file_) return merge(visit_first);
    std::ranges::sort(run_, before);
    for (const RevocationRecord& record : run_)
        if (auto visited = visit_first(record); !visited) return visited;
    return {};
}

Result<void> RecordSorter::merge(const Visitor& visitor) {
    if (auto spilled = spill(); !spilled) return spilled;
    run_ = {};  // gives the memory back
    std::vector<Run> runs;
    std::uint64_t begin = 0;
    for (const std::uint64_t end : run_ends_) {
        runs.emplace_back(file_.get(), std::exchange(begin, end), end);
        const auto begun = runs.back().advance();
        if (!begun) return std::unexpected{begun.error()};
        if (!*begun) runs.pop_back();
    }
    const auto later = [](const Run& a, const Run& b) { return before(b.record(), a.record()); };
    std::ranges::make_heap(runs, later);
    while (!runs.empty()) {
        std::ranges::pop_heap(runs, later);  // the least record's run comes last
        if (auto visited = visitor(runs.back().record()); !visited) return visited;
        const auto more = runs.back().advance();
        if (!more) return std::unexpected{more.error()};
        if (*more)
            std::ranges::push_heap(runs, later);
        else
            runs.pop_back();
    }
    return {};
}

}  // namespace stile
