// SPDX-License-Identifier: Apache-2.0
// Words between single spaces; whatever is not spelled as we spell it is refused.
#include "crypto/issue/log/entry.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "crypto/issue/time_text.hpp"
#include "crypto/issue/words.hpp"

namespace stile::crypto {
namespace {

using namespace std::string_view_literals;
using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr std::string_view kChainLabel = "stile-issue-log\0"sv;
constexpr std::string_view kNothing = "-";
constexpr std::string_view kActs[] = {"issue", "reissue", "exchange", "revoke", "mend"};
constexpr std::string_view kCarriers[] = {"copy", "holder"};

std::string time_of(std::uint32_t time) {
    return to_rfc3339(sys_seconds{seconds{time}});
}

std::string ticket_text(const IssueEntry& entry) {
    const Gt1Fields& f = entry.fields;
    const std::string seat = to_hex(as_bytes(f.seat.view()));
    return fmt::format("{} {} {} {} {} {} {} {} {} {} {} {} {}", f.event, f.serial, f.reissue,
                       to_hex(f.key), f.product, f.profile, time_of(f.not_before),
                       time_of(f.not_after), f.admissions, seat.empty() ? kNothing : seat,
                       kCarriers[static_cast<std::size_t>(entry.carrier)],
                       entry.row ? to_hex(*entry.row) : kNothing, to_hex(entry.digest));
}

// Takes word after word; one that is not as expected makes the whole line wrong.
class Words {
public:
    explicit Words(std::string_view text) : words_{split_words(text)} {}

    std::string_view word() {
        if (next_ == words_.size()) {
            ok_ = false;
            return {};
        }
        return words_[next_++];
    }
    template <class T>
    T number() {
        return need(parse_number<T>(word()));
    }
    sys_seconds time() {
        const auto value = parse_utc_seconds(word());
        ok_ = ok_ && value;
        return value.value_or(sys_seconds{});
    }
    std::uint32_t ticket_time() {
        return static_cast<std::uint32_t>(time().time_since_epoch().count());
    }
    template <std::size_t N>
    void hex(std::array<std::uint8_t, N>& out) {
        const auto bytes = from_hex(word());
        if (bytes && bytes->size() == N) {
            std::ranges::copy(*bytes, out.begin());
        } else {
            ok_ = false;
        }
    }
    template <std::size_t N>
    std::size_t one_of(const std::string_view (&names)[N]) {
        const auto* const at = std::ranges::find(names, word());
        return need(at == std::end(names) ? std::nullopt
                                          : std::optional{static_cast<std::size_t>(at - names)});
    }
    template <class T>
    T need(std::optional<T> value) {
        ok_ = ok_ && value;
        return std::move(value).value_or(T{});
    }
    [[nodiscard]] bool next_is(std::string_view text) const {
        return next_ < words_.size() && words_[next_] == text;
    }
    [[nodiscard]] bool complete() const { return ok_ && next_ == words_.size(); }

private:
    std::vector<std::string_view> words_;
    std::size_t next_ = 0;
    bool ok_ = true;
};

void take_seat(Words& words, Gt1Fields& fields) {
    if (words.next_is(kNothing)) return (void)words.word();
    const Buffer seat = words.need(from_hex(words.word()));
    fields.seat = InlineText<kGt1MaxSeat>{as_text(seat)};
}

void take_row(Words& words, IssueEntry& entry) {
    if (words.next_is(kNothing)) return (void)words.word();
    words.hex(entry.row.emplace());
}

void take_ticket(Words& words, IssueEntry& entry) {
    Gt1Fields& fields = entry.fields;
    fields.reissue = words.number<std::uint8_t>();
    words.hex(fields.key);
    fields.product = words.number<std::uint16_t>();
    fields.profile = words.number<std::uint16_t>();
    fields.not_before = words.ticket_time();
    fields.not_after = words.ticket_time();
    fields.admissions = words.number<std::uint8_t>();
    take_seat(words, fields);
    entry.carrier = static_cast<Carrier>(words.one_of(kCarriers));
    take_row(words, entry);
    words.hex(entry.digest);
}

IssueEntry take_entry(Words& words) {
    IssueEntry entry;
    entry.time = words.time();
    entry.act = static_cast<IssueAct>(words.one_of(kActs));
    if (entry.act == IssueAct::Mend) {
        entry.torn_bytes = words.number<std::uint64_t>();
        return entry;
    }
    entry.fields.event = words.number<std::uint32_t>();
    entry.fields.serial = words.number<std::uint64_t>();
    if (makes_ticket(entry.act)) take_ticket(words, entry);
    return entry;
}

}  // namespace

std::string entry_text(const IssueEntry& entry, std::uint64_t number) {
    const std::string head = fmt::format("{} {} {} ", number, to_rfc3339(entry.time),
                                         kActs[static_cast<std::size_t>(entry.act)]);
    if (entry.act == IssueAct::Mend) return head + fmt::format("{}", entry.torn_bytes);
    if (entry.act == IssueAct::Revoke)
        return head + fmt::format("{} {}", entry.fields.event, entry.fields.serial);
    return head + ticket_text(entry);
}

Result<IssueEntry> parse_entry(std::string_view text, std::uint64_t number) {
    Words words{text};
    const auto found = words.number<std::uint64_t>();
    IssueEntry entry = take_entry(words);
    // Written back it must be the same: that covers leading zeros, capitals and too long a seat.
    if (!words.complete() || found != number || entry_text(entry, number) != text)
        return fail(Errc::Invalid, "not a line of an issue log, or not in its place");
    return entry;
}

std::string header_text(std::string_view issuer) {
    return fmt::format("stile-issue-log 1 {}", issuer);
}

Digest chain_of(const Digest& before, std::string_view text) {
    return sha256({as_bytes(kChainLabel), before, as_bytes(text)});
}

}  // namespace stile::crypto
