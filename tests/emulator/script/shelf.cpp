// SPDX-License-Identifier: Apache-2.0
// Properties are "name:value"; each kind of card takes those that it knows.
#include "tests/emulator/script/shelf.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <utility>

#include "crypto/base45.hpp"
#include "tests/emulator/model/ccid_reader.hpp"
#include "tests/emulator/model/ev2_card.hpp"
#include "tests/emulator/model/ndef.hpp"
#include "tests/emulator/model/phone.hpp"
#include "tests/emulator/model/scanner.hpp"
#include "tests/emulator/model/tags.hpp"

namespace stile::emulator {
namespace {

constexpr std::string_view kTicketType = "gate.example:gt1";
constexpr std::string_view kTicketText = "GT1:";

Buffer read_file(const std::filesystem::path& path, Words& words) {
    std::ifstream in{path, std::ios::binary};
    if (!in || std::filesystem::is_directory(path)) {
        words.complain("there is no file " + path.native());
        return {};
    }
    return {std::istreambuf_iterator<char>{in}, {}};
}

// The bytes of a ticket; the file has them, or their text.
Buffer read_ticket(const std::filesystem::path& path, Words& words) {
    Buffer bytes = read_file(path, words);
    std::string_view text = as_text(bytes);
    if (!text.starts_with(kTicketText)) return bytes;
    text = text.substr(kTicketText.size(), text.find('\n') - kTicketText.size());
    Buffer core(text.size());
    const auto size = crypto::base45_decode(as_bytes(text), core);
    if (!size) words.complain(path.native() + " is no ticket");
    core.resize(size.value_or(0));
    return core;
}

class Properties {
public:
    Properties(Words& words, std::filesystem::path folder)
        : words_{words}, folder_{std::move(folder)} {
        while (!words.empty()) {
            const std::string word = words.take();
            const auto colon = word.find(':');
            if (colon == std::string::npos) words.complain("\"" + word + "\" has no colon");
            values_[word.substr(0, colon)] = word.substr(std::min(colon + 1, word.size()));
        }
    }

    [[nodiscard]] bool has(const std::string& name) const { return values_.contains(name); }
    std::string take(const std::string& name, std::string otherwise = {}) {
        const auto found = values_.find(name);
        if (found == values_.end()) return otherwise;
        otherwise = std::move(found->second);
        values_.erase(found);
        return otherwise;
    }
    Buffer hex(const std::string& name, const char* otherwise = "") {
        const std::string value = take(name, otherwise);
        const auto bytes = from_hex(value);
        if (!bytes) words_.complain(name + " is hexadecimal");
        return bytes.value_or(Buffer{});
    }
    std::filesystem::path file(const std::string& name) { return folder_ / take(name); }
    Words& words() { return words_; }
    // Complains of properties that nobody asked for.
    void end() {
        if (!values_.empty()) words_.complain("this card has no " + values_.begin()->first);
    }

private:
    Words& words_;
    std::filesystem::path folder_;
    std::map<std::string, std::string> values_;
};

// message:HEX, ndef:FILE or ticket:FILE.
Buffer message_of(Properties& of) {
    if (of.has("message")) return of.hex("message");
    if (of.has("ndef")) return read_file(of.file("ndef"), of.words());
    if (of.has("ticket")) return ndef_of(kTicketType, read_ticket(of.file("ticket"), of.words()));
    return {};
}

std::shared_ptr<Card> make_type2(const Type2Kind& kind, Properties& of) {
    const Buffer uid = of.hex("uid", "04a1b2c3d4e5f6");
    Buffer area;
    if (of.has("area")) {
        area = of.hex("area");
    } else if (of.has("area-file")) {
        area = read_file(of.file("area-file"), of.words());
    } else if (const Buffer message = message_of(of); !message.empty()) {
        area = type2_area_of(message);
    }
    auto tag = std::make_shared<Type2Tag>(kind, uid, area);
    if (of.has("cc")) tag->set_container(of.hex("cc"));
    return tag;
}

std::shared_ptr<Card> make_type4(Properties& of) {
    auto tag = std::make_shared<Type4Tag>(of.hex("uid", "04916b5a3c5e80"), message_of(of));
    if (of.has("cc")) tag->set_container(of.hex("cc"));
    if (of.has("length")) {
        const Buffer length = of.hex("length");
        ByteReader in{length};
        tag->set_length(in.number<std::uint16_t>());
    }
    return tag;
}

std::shared_ptr<Card> make_phone(Properties& of) {
    const auto habit = Phone::find_habit(of.take("habit", "honest"));
    if (!habit) of.words().complain("no phone has this habit");
    auto key = of.has("key") ? HolderKey::load(of.file("key")) : HolderKey::make();
    if (!key) of.words().complain(key.error().context);
    Buffer core = read_ticket(of.file("ticket"), of.words());
    const Buffer uid = of.hex("uid", "08a1b2c3");
    if (!habit || !key) return nullptr;
    return std::make_shared<Phone>(uid, std::move(core), std::move(*key), *habit);
}

// key:HEX is the card's own; master:HEX and context:HEX make it.
std::shared_ptr<Card> make_ev2(Properties& of) {
    const auto habit = Ev2Card::find_habit(of.take("habit", "honest"));
    if (!habit) of.words().complain("no such card has this habit");
    const Buffer uid = of.hex("uid", "04c1d2e3f40180");
    const Buffer master = of.hex("master");
    const Buffer context = of.hex("context");
    Buffer key = of.hex("key", "00000000000000000000000000000000");
    if (master.size() == 16) key = ev2_card_key(master, uid, context);
    if (key.size() != 16 || (!master.empty() && master.size() != 16))
        of.words().complain("a key has 16 bytes");
    const Buffer numbers = of.hex("numbers", "0003");  // of key and file
    if (numbers.size() != 2) of.words().complain("there are two numbers");
    Buffer application = of.hex("application", "d2760000850101");
    Buffer message = message_of(of);
    if (of.words().complaint()) return nullptr;
    return std::make_shared<Ev2Card>(Ev2Make{uid, std::move(application), std::move(key),
                                             numbers[0], numbers[1], std::move(message)},
                                     *habit);
}

DescriptorFlaw take_flaw(Words& words) {
    if (!words.take_if("with")) return DescriptorFlaw::None;
    const auto* flaw = find_flaw(words.take());
    if (flaw == nullptr) words.complain("no descriptor has this flaw");
    return flaw == nullptr ? DescriptorFlaw::None : *flaw;
}

}  // namespace

std::unique_ptr<UsbDevice> make_device(const std::string& make, Words& words) {
    if (const ReaderMake* reader = find_reader_make(make))
        return std::make_unique<CcidReader>(*reader, take_flaw(words));
    if (make == "pos-scanner") return std::make_unique<PosScanner>(take_flaw(words));
    if (make != "keyboard-scanner") {
        words.complain("there is no device \"" + make + "\"");
        return nullptr;
    }
    const auto layout = words.take_if("layout") ? find_layout(words.take()) : KeyLayout::Us;
    const auto ending = words.take_if("ending") ? find_ending(words.take()) : Ending::Enter;
    if (!layout || !ending) words.complain("no scanner has this layout or ending");
    return std::make_unique<KeyboardScanner>(layout.value_or(KeyLayout::Us),
                                             ending.value_or(Ending::Enter), take_flaw(words));
}

std::shared_ptr<Card> make_card(Words& words, const std::filesystem::path& folder) {
    const std::string kind = words.take();
    Properties properties{words, folder};
    std::shared_ptr<Card> card;
    if (const Type2Kind* type2 = find_type2(kind)) {
        card = make_type2(*type2, properties);
    } else if (kind == "type4") {
        card = make_type4(properties);
    } else if (kind == "phone") {
        card = make_phone(properties);
    } else if (kind == "ev2") {
        card = make_ev2(properties);
    } else {
        words.complain("there is no card \"" + kind + "\"");
    }
    properties.end();
    return words.complaint() ? nullptr : card;
}

}  // namespace stile::emulator
