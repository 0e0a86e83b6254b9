// SPDX-License-Identifier: Apache-2.0
// Lines of words. Reading takes exactly what writing makes: a text has one meaning and one form.
#include "sync/collector/receipt.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "crypto/base/time_text.hpp"
#include "crypto/ed25519.hpp"
#include "sync/collector/stored_row.hpp"

namespace stile::sync {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kLabel = "stile-receipt-1\0"sv;  // in front of what is signed
constexpr std::string_view kFirstLine = "stile-receipt 1";
constexpr std::string_view kSignature = "signature ";

std::string_view word_of(TicketState state) {
    return name_of(state);
}

std::string_view word_of(Receipt::Told told) {
    return told == Receipt::Told::Yes ? "yes" : "no";
}

std::string_view word_of(Receipt::Collecting collecting) {
    return collecting == Receipt::Collecting::Runs ? "running" : "stopped";
}

std::string word_of(const LedgerName& ledger) {
    return fmt::format("{} {}", ledger.gate, hex_of(ledger.epoch));
}

void put(std::string& out, std::string_view word, const std::vector<Receipt::Seen>& all) {
    for (const Receipt::Seen& seen : all) {
        out += fmt::format("{} {} {} {} {}\n", word, to_rfc3339(seen.time),
                           word_of(seen.entry.ledger), seen.entry.seq, seen.people);
    }
}

// Everything that is signed.
std::string statement(const Receipt& receipt) {
    std::string out = fmt::format(
        "{}\nvenue {}\ncollector {}\nkey {}\nmade {}\nticket {}\nstate {}\nsold {}\nrevoked {}\n",
        kFirstLine, receipt.venue, receipt.collector, to_hex(receipt.key), to_rfc3339(receipt.made),
        to_hex(receipt.ticket), word_of(receipt.state), word_of(receipt.sold),
        word_of(receipt.revoked));
    put(out, "entered", receipt.entered);
    put(out, "open", receipt.open);
    out += fmt::format("collecting {}\n", word_of(receipt.collecting));
    for (const auto& [upto] : receipt.stored)
        out += fmt::format("stored {} {}\n", word_of(upto.ledger), upto.seq);
    for (const auto& [ledger, range] : receipt.missing)
        out += fmt::format("missing {} {} {}\n", word_of(ledger), range.from, range.to);
    for (const auto& [gate, since] : receipt.silent)
        out += fmt::format("silent {} {}\n", gate, to_rfc3339(since));
    return out;
}

crypto::Signature signed_by(const crypto::SigningKey& key, std::string_view text) {
    return key.sign(as_bytes(std::string{kLabel} + std::string{text}));
}

// Takes word after word. What is wrong here comes out different when it is written again, so that
// one comparison at the end finds it.
class Words {
public:
    explicit Words(std::string_view line) : rest_{line} {}

    std::string_view word() {
        const auto end = std::min(rest_.find(' '), rest_.size());
        const std::string_view found = rest_.substr(0, end);
        rest_.remove_prefix(std::min(end + 1, rest_.size()));
        return found;
    }
    std::uint64_t number() {
        const std::string_view digits = word();
        std::uint64_t value = 0;
        (void)std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return value;
    }
    WallTime time() { return parse_rfc3339(word()).value_or(WallTime{}); }
    template <std::size_t N>
    std::array<std::uint8_t, N> hex() {
        std::array<std::uint8_t, N> out{};
        const auto bytes = from_hex(word());
        if (bytes && bytes->size() == N) std::ranges::copy(*bytes, out.begin());
        return out;
    }
    template <class T>
    T one_of(std::initializer_list<T> values) {
        const std::string_view name = word();
        const auto* const found =
            std::ranges::find(values, name, [](T value) { return word_of(value); });
        return found == values.end() ? T{} : *found;
    }
    LedgerName ledger() {
        std::string gate{word()};
        return {std::move(gate), epoch_of(word())};
    }
    EntryName entry() {
        LedgerName name = ledger();
        return {std::move(name), number()};
    }
    Receipt::Seen seen() {
        const WallTime at = time();
        EntryName name = entry();
        return {at, std::move(name), number()};
    }

private:
    std::string_view rest_;
};

void take_line(Receipt& out, std::string_view line) {
    using Told = Receipt::Told;
    using Collecting = Receipt::Collecting;
    Words words{line};
    const std::string_view what = words.word();
    if (what == "venue") out.venue = words.word();
    if (what == "collector") out.collector = words.word();
    if (what == "key") out.key = words.hex<32>();
    if (what == "made") out.made = words.time();
    if (what == "ticket") out.ticket = words.hex<16>();
    if (what == "state")
        out.state = words.one_of({TicketState::Used, TicketState::NotUsed, TicketState::Unknown});
    if (what == "sold") out.sold = words.one_of({Told::Yes, Told::No});
    if (what == "revoked") out.revoked = words.one_of({Told::Yes, Told::No});
    if (what == "entered") out.entered.push_back(words.seen());
    if (what == "open") out.open.push_back(words.seen());
    if (what == "collecting")
        out.collecting = words.one_of({Collecting::Runs, Collecting::Stopped});
    if (what == "stored") out.stored.push_back({words.entry()});
    if (what == "missing") {
        LedgerName ledger = words.ledger();
        const std::uint64_t from = words.number();
        out.missing.push_back({std::move(ledger), {from, words.number()}});
    }
    if (what == "silent") {
        std::string gate{words.word()};
        out.silent.push_back({std::move(gate), words.time()});
    }
}

// Errors: Invalid, with the first line that is not as it is written.
Result<Receipt> read_statement(std::string_view text) {
    Receipt receipt;
    for (std::string_view rest = text; !rest.empty();) {
        const auto end = std::min(rest.find('\n'), rest.size());
        take_line(receipt, rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    const std::string again = statement(receipt);
    if (again == text) return receipt;
    const auto differs = std::ranges::mismatch(again, text);
    const auto line = 1 + std::ranges::count(text.begin(), differs.in2, '\n');
    return fail(Errc::Invalid, fmt::format("line {} is not as a receipt has it", line));
}

Receipt::Seen seen(const Movement& movement) {
    return {movement.time, movement.entry, movement.people};
}

// What could hold an entry of the ticket that is not here.
bool may_miss_something(const Receipt& receipt) {
    return receipt.stored.empty() || !receipt.missing.empty() || !receipt.silent.empty() ||
           !receipt.open.empty() || receipt.collecting == Receipt::Collecting::Stopped;
}

void add_coverage(Receipt& out, const ReceiptFacts& facts) {
    for (const Watermark& mark : facts.coverage.watermarks()) {
        out.stored.push_back({{mark.ledger, mark.seq}});
        for (const SeqRange& gap : facts.coverage.gaps(mark.ledger))
            out.missing.push_back({mark.ledger, gap});
    }
    for (const auto& [ledger, end] : facts.ends) {
        const std::uint64_t newest = facts.coverage.newest(ledger);
        if (newest < end) out.missing.push_back({ledger, {newest + 1, end}});
    }
}

}  // namespace

std::string_view name_of(TicketState state) {
    switch (state) {
        case TicketState::Used:
            return "used";
        case TicketState::NotUsed:
            return "not-used";
        case TicketState::Unknown:
            return "unknown";
    }
    return "unknown";
}

Receipt receipt_of(const ReceiptFacts& facts) {
    using Told = Receipt::Told;
    const TicketStory& story = facts.story;
    Receipt out{.venue = facts.venue,
                .collector = facts.collector,
                .made = facts.now,
                .ticket = story.ticket,
                .sold = story.sold ? Told::Yes : Told::No,
                .revoked = story.revoked ? Told::Yes : Told::No,
                .collecting = facts.collecting,
                .silent = facts.silent};
    for (const Movement& movement : story.entered)
        if (out.entered.size() < kMostSeen) out.entered.push_back(seen(movement));
    for (const GateEntry& entry : story.open) {
        if (out.open.size() < kMostSeen)
            out.open.push_back({entry.time.value_or(WallTime{}), entry.name, entry.people});
    }
    add_coverage(out, facts);
    if (story.used()) {
        out.state = TicketState::Used;
    } else {
        out.state = may_miss_something(out) ? TicketState::Unknown : TicketState::NotUsed;
    }
    return out;
}

std::string sign_receipt(Receipt receipt, const crypto::SigningKey& key) {
    receipt.key = key.public_key();
    const std::string text = statement(receipt);
    return fmt::format("{}{}{}\n", text, kSignature, to_hex(signed_by(key, text)));
}

Result<Receipt> verify_receipt(std::string_view text, const crypto::PublicKey& key) {
    if (text.size() > kMostReceiptBytes) return fail(Errc::Invalid, "it is too long for a receipt");
    if (!text.starts_with(kFirstLine)) return fail(Errc::Invalid, "it is no receipt of version 1");
    const auto end = text.rfind(kSignature);
    if (end == std::string_view::npos) return fail(Errc::Invalid, "it has no signature");
    const std::string_view body = text.substr(0, end);
    std::string_view hex = text.substr(end + kSignature.size());
    if (hex.ends_with('\n')) hex.remove_suffix(1);
    const auto bytes = from_hex(hex);
    crypto::Signature signature{};
    if (!bytes || bytes->size() != signature.size() || to_hex(*bytes) != hex)
        return fail(Errc::Invalid, "its signature is not 128 lower-case hexadecimal digits");
    std::ranges::copy(*bytes, signature.begin());
    auto receipt = read_statement(body);
    if (!receipt) return receipt;
    if (receipt->key != key) return fail(Errc::Denied, "it was made with another key");
    if (!crypto::ed25519_verify(key, as_bytes(std::string{kLabel} + std::string{body}), signature))
        return fail(Errc::Denied, "its signature is wrong");
    return receipt;
}

}  // namespace stile::sync
