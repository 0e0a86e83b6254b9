// SPDX-License-Identifier: Apache-2.0
// Entry by entry, and in sums.
#include "tests/simulate/audit.hpp"

#include <fmt/format.h>

#include "daemon/entry/entry_json.hpp"
#include "daemon/ledger/ledger.hpp"
#include "tests/simulate/told_entry.hpp"

namespace stile::simulate {
namespace {

constexpr std::size_t kAtOnce = 256;

// Somebody whose gate died while it looked at a good ticket may be inside already.
bool as_expected(const Showing& showing, const Seen& seen) {
    if (seen.reason == showing.expected) return true;
    return seen.unanswered && showing.expected == Reason::Valid && seen.reason == Reason::Used;
}

class Comparison {
public:
    Comparison(const Plan& plan, const std::vector<Seen>& seen) : plan_{plan}, seen_{seen} {}

    Findings run(std::span<const Witness> gates, std::span<const Teller> tellers) {
        ask_people();
        tellers_ = tellers;
        found_.told.resize(tellers.size());
        for (const Witness& gate : gates) {
            if (const auto good = read(gate); !good)
                differ("the ledger of {} cannot be read: {}", gate.gate, good.error().context);
        }
        compare_sums();
        return std::move(found_);
    }

private:
    template <class... Parts>
    void differ(fmt::format_string<Parts...> text, Parts&&... parts) {
        found_.differences.push_back(fmt::format(text, std::forward<Parts>(parts)...));
    }

    void ask_people() {
        for (std::size_t i = 0; i < plan_.showings.size(); ++i)
            ask(plan_.showings[i], seen_[i]);
    }
    void ask(const Showing& showing, const Seen& seen) {
        if (seen.unanswered) ++found_.unanswered;
        if (!seen.reason) {
            ++found_.sent_home;
            return;
        }
        const TicketOrder& order = plan_.tickets[showing.ticket];
        Tally& sum = found_.people;
        if (*seen.reason == Reason::Valid) {
            ++sum.admitted;
            (showing.direction == Direction::Exit ? sum.left : sum.entered) += order.people;
        } else {
            ++sum.refused[*seen.reason];
        }
        if (showing.expected != Reason::Valid) ++found_.bad;
        if (!as_expected(showing, seen)) {
            differ("ticket {} at gate {}: {} was expected, and the gate said {}", order.serial,
                   showing.gate + 1, text_of(showing.expected).code, text_of(*seen.reason).code);
        } else if (showing.expected != Reason::Valid) {
            ++found_.as_planned;
        }
    }

    // Each entry must have been told as it stands there, byte by byte alike, and nothing else.
    Result<void> read(const Witness& gate) {
        const auto ledger = Ledger::open_read_only(gate.ledger);
        if (!ledger) return std::unexpected{ledger.error()};
        Watermark at;
        std::size_t count = 0;
        for (;;) {
            const auto run = ledger->entries_after(at, kAtOnce);
            if (!run) return std::unexpected{run.error()};
            if (run->entries.empty()) break;
            at = run->first;
            for (const Buffer& bytes : run->entries) {
                if (!is_last_count(gate, at.seq, bytes)) {
                    take(gate, {at.epoch, at.seq}, bytes);
                    ++count;
                }
                ++at.seq;
            }
            --at.seq;
        }
        found_.ledgers.entries += count;
        for (std::size_t i = 0; i < tellers_.size(); ++i) {
            const std::size_t told = tellers_[i].entries(gate.gate).size();
            found_.told[i] += told;
            if (told != count)
                differ("{}: {} entries in the ledger, {} {}", gate.gate, count, told,
                       tellers_[i].name);
        }
        return ledger->verify();
    }
    // A gate whose lanes are open for a fire writes down at its end whom they counted; nobody is
    // there any more to tell it to.
    bool is_last_count(const Witness& gate, std::uint64_t seq, Bytes bytes) const {
        if (seq <= gate.last || burning_ == 0) return false;
        const auto entry = decode_entry(bytes);
        const auto* event = entry ? std::get_if<LaneEvent>(&entry->body) : nullptr;
        return event != nullptr && event->what == LaneEventKind::FreePassage;
    }
    void take(const Witness& gate, EntryKey key, Bytes bytes) {
        const std::string expected = entry_payload(gate.gate, key, bytes).json;
        const auto entry = decode_entry(bytes);
        for (const Teller& teller : tellers_) {
            const Payloads& told = teller.entries(gate.gate);
            const auto payload = told.find(key.seq);
            if (payload == told.end())
                differ("{}: entry {} is not {}", gate.gate, key.seq, teller.name);
            else if (payload->second != expected)
                differ("{}: entry {} says something else {}", gate.gate, key.seq, teller.name);
            else if (const auto field =
                         entry ? wrong_field(payload->second, gate.gate, *entry) : "kind";
                     !field.empty())
                differ("{}: the {} of entry {} is wrong {}", gate.gate, field, key.seq,
                       teller.name);
        }
        if (entry) count(*entry);
    }
    void count(const Entry& entry) {
        Tally& sum = found_.ledgers;
        if (const auto* decided = std::get_if<Decided>(&entry.body)) {
            if (decided->verdict == Verdict::Admit) {
                ++sum.admitted;
                admissions_.emplace(std::pair{entry.epoch, entry.seq},
                                    Admission{decided->direction, decided->people});
            } else {
                ++sum.refused[decided->reason];
            }
        } else if (const auto* passage = std::get_if<Passage>(&entry.body)) {
            const Admission& admission = admissions_[{entry.epoch, passage->admission}];
            if (passage->result == PassageResult::Released && !admission.cut_short) ++sum.released;
            if (passage->result == PassageResult::PresumedEntered) ++sum.presumed;
            const bool out = admission.way == Direction::Exit;
            (out ? sum.left : sum.entered) += passage->people;
            if (admission.cut_short) found_.counted_free += admission.people - passage->people;
        } else if (const auto* event = std::get_if<LaneEvent>(&entry.body)) {
            if (event->what == LaneEventKind::FireStarted) fire(entry.epoch, event->admission);
        }
    }
    // Whoever is on the way goes through an open lane: their admission ends, and they count as
    // free.
    void fire(std::uint64_t epoch, std::uint64_t admission) {
        ++burning_;
        if (admission == 0) return;
        admissions_[{epoch, admission}].cut_short = true;
        ++found_.cut_short;
    }

    // A gate may have written down what it did not live to say: as many as were left unanswered.
    void compare_sums() {
        const Tally& people = found_.people;
        const Tally& ledgers = found_.ledgers;
        compare("admissions", people.admitted, ledgers.admitted);
        std::map<Reason, std::size_t> reasons = people.refused;
        reasons.insert(ledgers.refused.begin(), ledgers.refused.end());
        for (const auto& [reason, any] : reasons) {
            const auto seen = people.refused.find(reason);
            const auto written = ledgers.refused.find(reason);
            compare(text_of(reason).code, seen == people.refused.end() ? 0 : seen->second,
                    written == ledgers.refused.end() ? 0 : written->second);
        }
        const bool exact = found_.unanswered == 0 && found_.counted_free == 0;
        if (exact && people.entered != ledgers.entered)
            differ("{} people were let in, {} entered", people.entered, ledgers.entered);
        if (exact && people.left != ledgers.left)
            differ("{} people were let out, {} left", people.left, ledgers.left);
        if (found_.unanswered == 0 &&
            people.entered + people.left != ledgers.entered + ledgers.left + found_.counted_free)
            differ("{} people passed, {} are written down, {} went through open lanes",
                   people.entered + people.left, ledgers.entered + ledgers.left,
                   found_.counted_free);
        // Of those who were asked when the lanes opened nobody knows whether they went in.
        if (ledgers.released > (burning_ > 0 ? found_.unanswered : 0))
            differ("{} people were admitted and did not pass", ledgers.released);
    }
    void compare(std::string_view what, std::size_t seen, std::size_t written) {
        if (written < seen || written > seen + found_.unanswered)
            differ("{}: the people saw {}, the ledgers have {}", what, seen, written);
    }

    const Plan& plan_;
    const std::vector<Seen>& seen_;
    std::span<const Teller> tellers_;
    struct Admission {
        Direction way = Direction::Entry;
        int people = 0;
        bool cut_short = false;  // by a fire
    };
    std::map<std::pair<std::uint64_t, std::uint64_t>, Admission> admissions_;  // by epoch, number
    std::size_t burning_ = 0;                                                  // lanes
    Findings found_;
};

}  // namespace

std::size_t Tally::all_refused() const {
    std::size_t sum = 0;
    for (const auto& [reason, count] : refused)
        sum += count;
    return sum;
}

Bounds double_entries(const Plan& plan, const std::vector<Seen>& seen) {
    Bounds out;
    for (std::size_t i = 0; i < plan.showings.size(); ++i) {
        if (!plan.showings[i].enters_twice()) continue;
        const bool asked = seen[i].unanswered && !seen[i].reason;
        const bool let_in = seen[i].reason == Reason::Valid ||
                            (seen[i].unanswered && seen[i].reason == Reason::Used);
        out.least += let_in ? 1 : 0;
        out.most += let_in || asked ? 1 : 0;
    }
    return out;
}

Findings compare(const Plan& plan, const std::vector<Seen>& seen, std::span<const Witness> gates,
                 std::span<const Teller> tellers) {
    return Comparison{plan, seen}.run(gates, tellers);
}

}  // namespace stile::simulate
