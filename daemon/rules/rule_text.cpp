// SPDX-License-Identifier: Apache-2.0
// Reads JSON event by event, so that neither depth nor size can surprise, and writes it.
#include "daemon/rules/rule_text.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "crypto/base/bytes.hpp"
#include "crypto/base/time_text.hpp"
#include "daemon/core/rules/coerce.hpp"
#include "daemon/core/rules/evaluate.hpp"

namespace stile::rules {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kParsedBytes = 64 * kMaxRuleBytes;

// Takes the parser's events. Its names and parameters are those that the library calls.
class Builder final : public nlohmann::json_sax<Json> {
public:
    explicit Builder(Store& store) : store_{store} {}

    bool null() override { return add(Null{}); }
    bool boolean(bool truth) override { return add(truth); }
    bool number_integer(std::int64_t number) override { return add(static_cast<double>(number)); }
    bool number_unsigned(std::uint64_t number) override { return add(static_cast<double>(number)); }
    bool number_float(double number, const std::string& /*text*/) override { return add(number); }
    bool string(std::string& text) override { return add(store_.text(text)); }
    bool binary(Json::binary_t& /*bytes*/) override { return false; }
    bool key(std::string& name) override {
        const auto copy = store_.text(name);
        if (!copy) return stop("too large");
        name_ = *copy->as<std::string_view>();
        return true;
    }
    bool start_object(std::size_t /*size*/) override { return open(); }
    bool start_array(std::size_t /*size*/) override { return open(); }
    bool end_array() override {
        std::vector<Value> items;
        for (const Member& member : std::span{parts_}.subspan(levels_.back().begin))
            items.push_back(member.value);
        return close(store_.list(items));
    }
    bool end_object() override {
        const auto members = std::span{parts_}.subspan(levels_.back().begin);
        std::vector<std::string_view> names;
        for (const Member& member : members)
            names.push_back(member.name);
        std::ranges::sort(names);
        if (std::ranges::adjacent_find(names) != names.end())
            return stop("an object has two members of one name");
        return close(store_.object(members));
    }
    bool parse_error(std::size_t place, const std::string& /*token*/,
                     const Json::exception& /*error*/) override {
        place_ = place;
        return stop("not JSON");
    }

    [[nodiscard]] Result<Value> result() && {
        if (!fault_.empty() || parts_.size() != 1)
            return fail(Errc::Invalid, place_ == 0 ? std::string{fault_}
                                                   : fmt::format("at byte {}: {}", place_, fault_));
        return parts_.front().value;
    }

private:
    struct Level {
        std::size_t begin;
        std::string_view name;
    };

    bool stop(std::string_view fault) {
        fault_ = fault;
        return false;
    }
    bool add(const Outcome& value) {
        if (!value) return stop(fault_text(value.error().fault));
        parts_.push_back({name_, *value});
        name_ = {};
        return true;
    }
    bool open() {
        if (levels_.size() >= kMaxDepth) return stop("nested too deep");
        levels_.push_back({parts_.size(), name_});
        name_ = {};
        return true;
    }
    bool close(const Outcome& value) {
        const Level level = levels_.back();
        levels_.pop_back();
        parts_.resize(level.begin);
        name_ = level.name;
        return add(value);
    }

    Store& store_;
    std::vector<Member> parts_;  // of all open levels
    std::vector<Level> levels_;
    std::string_view name_;
    std::string_view fault_;
    std::size_t place_ = 0;
};

// Appends to one text, up to a limit: values may share parts, so that they are longer when written
// than in memory.
class Writer {
public:
    explicit Writer(std::size_t limit) : limit_{limit} {}

    bool write(const Value& value) {
        if (out_.size() > limit_) return false;
        if (const auto* list = value.as<List>()) return write_list(*list);
        if (const auto* object = value.as<Object>()) return write_object(*object);
        if (const auto* text = value.as<std::string_view>()) {
            write_text(*text);
        } else if (const auto* time = value.as<WallTime>()) {
            write_text(to_rfc3339(*time));
        } else if (const auto* number = value.as<double>()) {
            out_ += std::isfinite(*number) ? text_of(*number).view() : "null";
        } else if (const auto* truth = value.as<bool>()) {
            out_ += *truth ? "true" : "false";
        } else {
            out_ += "null";
        }
        return out_.size() <= limit_;
    }
    [[nodiscard]] std::string take() && { return std::move(out_); }

private:
    void write_text(std::string_view text) {
        out_ += Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
    }
    bool write_list(const List& list) {
        out_ += '[';
        for (std::size_t i = 0; i < list.size; ++i) {
            if (i > 0) out_ += ',';
            if (!write(list.items[i])) return false;
        }
        out_ += ']';
        return true;
    }
    bool write_object(const Object& object) {
        out_ += '{';
        for (std::size_t i = 0; i < object.size; ++i) {
            if (i > 0) out_ += ',';
            write_text(object.members[i].name);
            out_ += ':';
            if (!write(object.members[i].value)) return false;
        }
        out_ += '}';
        return true;
    }

    std::string out_;
    std::size_t limit_;
};

bool is_no_rule(const Value& rule) {
    const auto* object = rule.as<Object>();
    return rule.is<Null>() || (object != nullptr && object->size == 0);
}

Result<std::string> answer(std::string_view line) {
    auto store = std::make_unique<Store>(kParsedBytes);
    const auto pair = parse_json(line, *store);
    if (!pair) return std::unexpected{pair.error()};
    const auto* list = pair->as<List>();
    if (list == nullptr || list->size == 0 || list->size > 2)
        return fail(Errc::Invalid, "a line is a list: [rule, data]");
    const Value data = list->size == 2 ? list->items[1] : Value{Null{}};
    const auto program = Program::compile(std::move(store), list->items[0]);
    if (!program) return fail(Errc::Invalid, describe(program.error()));
    Store memory{kParsedBytes};
    const auto value = evaluate(*program, data, memory);
    if (!value) return fail(Errc::Invalid, describe(value.error()));
    return to_json(*value, 4 * kMaxRuleBytes);
}

}  // namespace

Result<Value> parse_json(std::string_view json, Store& store) {
    if (json.size() > kMaxRuleBytes) return fail(Errc::Invalid, "longer than a megabyte");
    Builder builder{store};
    (void)Json::sax_parse(json.begin(), json.end(), &builder);  // the builder knows
    return std::move(builder).result();
}

Result<std::string> to_json(const Value& value, std::size_t limit) {
    Writer writer{limit};
    if (!writer.write(value)) return fail(Errc::Full, "the value is too large");
    return std::move(writer).take();
}

Result<Program> compile_rule(std::string_view json) {
    if (json.empty()) return Program{};
    auto store = std::make_unique<Store>(kParsedBytes);
    const auto rule = parse_json(json, *store);
    if (!rule) return std::unexpected{rule.error()};
    if (is_no_rule(*rule)) return Program{};
    auto program = Program::compile(std::move(store), *rule);
    if (!program) return fail(Errc::Invalid, describe(program.error()));
    return std::move(*program);
}

std::string describe(const Failure& failure) {
    constexpr std::size_t kLongest = 60;
    std::string text{fault_text(failure.fault)};
    if (!failure.where.empty()) text += ": " + std::string{utf8_head(failure.where, kLongest)};
    return text;
}

std::string answer_rule_line(std::string_view line) {
    const auto value = answer(line);
    if (value) return "{\"value\":" + *value + "}";
    return Json{{"error", value.error().context}}.dump(-1, ' ', false,
                                                       Json::error_handler_t::replace);
}

}  // namespace stile::rules
