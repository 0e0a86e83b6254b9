// SPDX-License-Identifier: Apache-2.0
// Reads cell after cell; the first one that is wrong is the answer.
#include "crypto/issue/plan.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "crypto/issue/time_text.hpp"
#include "crypto/issue/words.hpp"
#include "crypto/zone/zone.hpp"

namespace stile::crypto {
namespace {

using std::chrono::sys_seconds;

class CellReader {
public:
    CellReader(const Cells& cells, sys_seconds now) : cells_{cells}, now_{now} {}

    void refuse(Column column, std::string text) {
        if (!fault_) fault_ = CellFault{column, std::move(text)};
    }
    template <class T>
    std::optional<T> number(Column column, T lowest = 0) {
        const std::string& text = cells_[column];
        if (text.empty()) return std::nullopt;
        const auto value = parse_number<T>(text);
        if (value && *value >= lowest) return value;
        refuse(column, fmt::format("\"{}\" is no number from {} to {}", text, lowest,
                                   std::numeric_limits<T>::max()));
        return std::nullopt;
    }
    std::optional<sys_seconds> time(Column column) {
        const std::string& text = cells_[column];
        if (text.empty()) return std::nullopt;
        const auto value = parse_time(text, now_);
        if (value) return *value;
        refuse(column, value.error().context);
        return std::nullopt;
    }
    // Tickets keep 32-bit Unix seconds: 1970 to February 2106.
    std::optional<std::uint32_t> ticket_time(Column column) {
        const auto value = time(column);
        if (!value) return std::nullopt;
        const auto seconds = value->time_since_epoch().count();
        if (seconds >= 0 && seconds <= std::numeric_limits<std::uint32_t>::max())
            return static_cast<std::uint32_t>(seconds);
        refuse(column, "a ticket can only hold 1970 to 2106");
        return std::nullopt;
    }
    // The place of the cell's word among `words`.
    template <std::size_t N>
    std::size_t word(Column column, const std::string_view (&words)[N]) {
        const std::string& text = cells_[column];
        if (text.empty()) return 0;
        const auto* const at = std::ranges::find(words, text);
        if (at != std::end(words)) return static_cast<std::size_t>(at - words);
        refuse(column, fmt::format("\"{}\" is not known", text));
        return 0;
    }
    void require(Column column) {
        if (cells_[column].empty()) refuse(column, "missing");
    }
    [[nodiscard]] const std::string& text(Column column) const { return cells_[column]; }
    [[nodiscard]] const std::optional<CellFault>& fault() const { return fault_; }
    [[nodiscard]] sys_seconds now() const { return now_; }

private:
    const Cells& cells_;
    sys_seconds now_;
    std::optional<CellFault> fault_;
};

void read_window(CellReader& cells, Gt1Fields& fields) {
    const auto now = static_cast<std::uint32_t>(cells.now().time_since_epoch().count());
    fields.not_before = cells.ticket_time(Column::From).value_or(now);
    fields.not_after = cells.ticket_time(Column::Until).value_or(fields.not_before);
    if (fields.not_after < fields.not_before)
        cells.refuse(Column::Until, "lies before the beginning");
}

void read_holder(CellReader& cells, TicketPlan& plan) {
    constexpr std::string_view kProof[] = {"required", "optional"};
    const bool required = cells.word(Column::HolderProof, kProof) == 0;
    if (const std::string& hex = cells.text(Column::Holder); !hex.empty()) {
        const auto key = parse_holder_key(hex);
        if (!key) return cells.refuse(Column::Holder, key.error().context);
        plan.fields.holder = *key;
        plan.fields.proof_mandatory = required;
    }
}

// A gate opens its menu to staff only by a proof of possession.
void check_staff(CellReader& cells, const TicketPlan& plan) {
    if (plan.print.ticket_class == TicketClass::Staff && !plan.fields.proof_mandatory)
        cells.refuse(Column::Holder, "staff must show that it is no copy: give a holder key");
}

void read_fields(CellReader& cells, TicketPlan& plan) {
    Gt1Fields& fields = plan.fields;
    fields.event = cells.number<std::uint32_t>(Column::Event).value_or(0);
    if (cells.text(Column::Serial) != "auto")
        plan.serial = cells.number<std::uint64_t>(Column::Serial);
    fields.product = cells.number<std::uint16_t>(Column::Product).value_or(0);
    fields.profile = cells.number<std::uint16_t>(Column::Profile).value_or(0);
    fields.reissue = cells.number<std::uint8_t>(Column::Reissue).value_or(0);
    fields.admissions = cells.number<std::uint8_t>(Column::Admissions, 1).value_or(1);
    const std::string& seat = cells.text(Column::Seat);
    if (seat.size() > kGt1MaxSeat)
        cells.refuse(Column::Seat,
                     fmt::format("{} bytes, at most {} fit in the code", seat.size(), kGt1MaxSeat));
    fields.seat = InlineText<kGt1MaxSeat>{seat};
}

void read_print(CellReader& cells, TicketPlan& plan) {
    constexpr std::string_view kClasses[] = {"guest", "vip", "crew", "staff"};
    PrintText& print = plan.print;
    print.ticket_class = static_cast<TicketClass>(cells.word(Column::Class, kClasses));
    print.title = cells.text(Column::Title);
    print.venue = cells.text(Column::Venue);
    print.entrance = cells.text(Column::Entrance);
    print.name = cells.text(Column::Name);
    print.note = cells.text(Column::Note);
    print.starts = cells.time(Column::Starts);
    if (const std::string& zone = cells.text(Column::Zone); !zone.empty()) {
        print.zone = zone;
        const auto time = local_time(cells.now(), zone);
        if (!time) cells.refuse(Column::Zone, time.error().context);
    }
    plan.ref = cells.text(Column::Ref);
}

// A presale is a promise of the organiser: outside its window no new ticket of the product is made.
std::string why_off_sale(CellReader& cells) {
    const auto from = cells.time(Column::SaleFrom);
    const auto until = cells.time(Column::SaleUntil);
    if (from && cells.now() < *from) return "the sale begins only at " + to_rfc3339(*from);
    if (until && cells.now() > *until) return "the sale ended at " + to_rfc3339(*until);
    return "";
}

}  // namespace

std::expected<TicketPlan, CellFault> make_plan(const Cells& cells, sys_seconds now, Demand demand) {
    CellReader reader{cells, now};
    TicketPlan plan;
    read_fields(reader, plan);
    read_print(reader, plan);
    read_window(reader, plan.fields);
    read_holder(reader, plan);
    plan.off_sale = why_off_sale(reader);
    if (demand == Demand::Everything) {
        reader.require(Column::Event);
        reader.require(Column::Until);
        check_staff(reader, plan);
    }
    if (reader.fault()) return std::unexpected{*reader.fault()};
    return plan;
}

Cells cells_of(const Gt1Fields& fields) {
    const auto time = [](std::uint32_t seconds) {
        return to_rfc3339(sys_seconds{std::chrono::seconds{seconds}});
    };
    Cells cells;
    cells[Column::Event] = fmt::format("{}", fields.event);
    cells[Column::Serial] = fmt::format("{}", fields.serial);
    cells[Column::Product] = fmt::format("{}", fields.product);
    cells[Column::Profile] = fmt::format("{}", fields.profile);
    cells[Column::From] = time(fields.not_before);
    cells[Column::Until] = time(fields.not_after);
    cells[Column::Admissions] = fmt::format("{}", fields.admissions);
    cells[Column::Seat] = fields.seat.view();
    if (fields.holder) {
        cells[Column::Holder] = to_hex(*fields.holder);
        cells[Column::HolderProof] = fields.proof_mandatory ? "required" : "optional";
    }
    return cells;
}

Result<HolderKey> parse_holder_key(std::string_view hex) {
    const auto bytes = from_hex(hex);
    HolderKey key{};
    if (!bytes || bytes->size() != key.size())
        return fail(Errc::Invalid,
                    "a holder key is 66 hexadecimal digits: 02, 03 or ed, and 32 bytes");
    std::ranges::copy(*bytes, key.begin());
    return key;
}

}  // namespace stile::crypto
