// SPDX-License-Identifier: Apache-2.0
// The three kinds of scanners: key strokes, reports of decoded data, bytes.
#include "devices/scanner/scan_decoder.hpp"

#include <utility>

#include "devices/scanner/keyboard.hpp"
#include "devices/scanner/layout_check.hpp"
#include "devices/scanner/pos.hpp"
#include "devices/scanner/typist.hpp"

namespace stile::devices {
namespace {

using Texts = std::vector<ScannedText>;

void add(Texts& texts, std::string text, ScanDecoder::Time at) {
    if (!text.empty()) texts.push_back({std::move(text), at});
}

class KeyboardDecoder final : public ScanDecoder {
public:
    KeyboardDecoder(const KeyboardForm& form, const ScannerSettings& settings,
                    std::unique_ptr<KeyboardLayout> layout, const LoadLayout& load)
        : keyboard_{form},
          typist_{std::move(layout)},
          check_{settings.layout, load},
          assembler_{settings.ends},
          wrapping_{settings.wrapping} {}

    [[nodiscard]] Texts take(Bytes arrived, Time now) override {
        Texts texts;
        for (const KeyStroke& stroke : keyboard_.take(arrived)) {
            check_.stroke(stroke);
            const auto typed = typist_.type(stroke);
            if (stroke.usage != 0 || typist_.waits()) assembler_.touch(now);
            if (!typed) {
                spoil(now);
            } else if (!typed->empty()) {
                finish(assembler_.take(as_bytes(*typed), now), texts);
            }
        }
        return texts;
    }
    [[nodiscard]] std::optional<Time> deadline() const override { return assembler_.deadline(); }
    [[nodiscard]] Texts expire(Time now) override {
        Texts texts;
        if (!assembler_.is_over(now)) return texts;
        if (typist_.waits()) assembler_.spoil();  // the text is not whole
        auto piece = assembler_.end();
        finish(piece ? std::vector{std::move(*piece)} : std::vector<Piece>{}, texts);
        return texts;
    }
    void spoil(Time now) override {
        assembler_.touch(now);
        assembler_.spoil();
    }

    [[nodiscard]] ScanLosses losses() const override {
        return {assembler_.too_long(), assembler_.spoiled()};
    }
    [[nodiscard]] std::string note() const override { return check_.note(); }

private:
    void finish(const std::vector<Piece>& pieces, Texts& texts) {
        for (const Piece& piece : pieces) {
            check_.ended(as_text(piece.text));
            add(texts, trim(as_text(piece.text), wrapping_), piece.at);
        }
        if (assembler_.deadline()) return;  // still under way
        if (pieces.empty()) check_.ended({});
        typist_.reset();
    }

    Keyboard keyboard_;
    Typist typist_;
    LayoutCheck check_;
    Assembler assembler_;
    Wrapping wrapping_;
};

class PosDecoder final : public ScanDecoder {
public:
    PosDecoder(const PosForm& form, Wrapping wrapping)
        : reports_{form}, wrapping_{std::move(wrapping)} {}

    [[nodiscard]] Texts take(Bytes arrived, Time now) override {
        Texts texts;
        if (const auto code = reports_.take(arrived, now)) {
            std::string text = trim(as_text(code->data), wrapping_, code->aim);
            note_ = case_note(text);
            add(texts, std::move(text), now);
        }
        return texts;
    }
    [[nodiscard]] std::optional<Time> deadline() const override { return std::nullopt; }
    [[nodiscard]] Texts expire(Time /*now*/) override { return {}; }
    void spoil(Time now) override { reports_.spoil(now); }
    [[nodiscard]] ScanLosses losses() const override {
        return {reports_.too_long(), reports_.spoiled()};
    }
    [[nodiscard]] std::string note() const override { return note_; }

private:
    PosReports reports_;
    Wrapping wrapping_;
    std::string note_;
};

class SerialDecoder final : public ScanDecoder {
public:
    explicit SerialDecoder(const ScannerSettings& settings)
        : assembler_{settings.ends}, wrapping_{settings.wrapping} {}

    [[nodiscard]] Texts take(Bytes arrived, Time now) override {
        return texts_of(assembler_.take(arrived, now));
    }
    [[nodiscard]] std::optional<Time> deadline() const override { return assembler_.deadline(); }
    [[nodiscard]] Texts expire(Time now) override {
        auto piece = assembler_.expire(now);
        return piece ? texts_of({std::move(*piece)}) : Texts{};
    }
    void spoil(Time now) override {
        assembler_.touch(now);
        assembler_.spoil();
    }
    [[nodiscard]] ScanLosses losses() const override {
        return {assembler_.too_long(), assembler_.spoiled()};
    }
    [[nodiscard]] std::string note() const override { return note_; }

private:
    Texts texts_of(const std::vector<Piece>& pieces) {
        Texts texts;
        for (const Piece& piece : pieces) {
            std::string text = trim(as_text(piece.text), wrapping_);
            note_ = case_note(text);
            add(texts, std::move(text), piece.at);
        }
        return texts;
    }

    Assembler assembler_;
    Wrapping wrapping_;
    std::string note_;
};

}  // namespace

Result<std::unique_ptr<ScanDecoder>> make_decoder(const ScannerForm& form,
                                                  const ScannerSettings& settings,
                                                  const LoadLayout& load) {
    if (const auto* pos = std::get_if<PosForm>(&form))
        return std::make_unique<PosDecoder>(*pos, settings.wrapping);
    auto layout = load(settings.layout);
    if (!layout) return std::unexpected{std::move(layout.error())};
    return std::make_unique<KeyboardDecoder>(std::get<KeyboardForm>(form), settings,
                                             std::move(*layout), load);
}

std::unique_ptr<ScanDecoder> make_serial_decoder(const ScannerSettings& settings) {
    return std::make_unique<SerialDecoder>(settings);
}

}  // namespace stile::devices
