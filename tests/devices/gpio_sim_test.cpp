// SPDX-License-Identifier: Apache-2.0
// The driver of GPIO lines on a chip of the kernel's own simulator: the contract of all turnstiles
// through the real libgpiod, and a chip that goes away. tests/vm/gpio.sh runs it in a virtual
// machine; elsewhere it is skipped.
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>

#include <sys/wait.h>
#include <unistd.h>

#include "devices/turnstile/gpio/gpiod_lines.hpp"
#include "devices/turnstile/gpio_outputs.hpp"
#include "devices/turnstile/wired_turnstile.hpp"
#include "tests/devices/turnstile_contract.hpp"
#include "tests/devices/turnstile_wiring.hpp"

namespace stile::devices::test {
namespace {

using namespace std::chrono_literals;
using std::filesystem::path;

const path kSimulator = "/sys/kernel/config/gpio-sim";

void put(const path& file, std::string_view text) {
    std::ofstream out{file};
    out << text << std::flush;
    ASSERT_TRUE(out.good()) << file;
}

std::string get(const path& file) {
    std::ifstream in{file};
    std::string text;
    std::getline(in, text);
    return text;
}

// A chip of eight lines with the label "stile-sim".
class SimChip {
public:
    static constexpr unsigned kRelease = 0;
    static constexpr unsigned kExit = 1;
    static constexpr unsigned kOuter = 3;
    static constexpr unsigned kInner = 4;

    SimChip() {
        std::filesystem::create_directory(bank_);
        std::filesystem::create_directory(bank_ / "line0");
        put(bank_ / "num_lines", "8");
        put(bank_ / "label", "stile-sim");
        put(bank_ / "line0/name", "turnstile-in");
        plug_in();
    }
    ~SimChip() {
        unplug();
        std::filesystem::remove(bank_ / "line0");
        std::filesystem::remove(bank_);
        std::filesystem::remove(home_);
    }
    SimChip(const SimChip&) = delete;
    SimChip& operator=(const SimChip&) = delete;

    void plug_in() {
        put(home_ / "live", "1");
        sysfs_ = path{"/sys/devices/platform"} / get(home_ / "dev_name") / get(bank_ / "chip_name");
        live_ = true;
    }
    void unplug() {
        if (std::exchange(live_, false)) put(home_ / "live", "0");
    }
    void drive(unsigned line, Switch to) const {
        if (live_) put(at(line) / "pull", to == Switch::On ? "pull-up" : "pull-down");
    }
    [[nodiscard]] Switch level(unsigned line) const {
        return get(at(line) / "value") == "1" ? Switch::On : Switch::Off;
    }

private:
    struct MadeFirst {
        explicit MadeFirst(const path& home) { std::filesystem::create_directory(home); }
    };
    [[nodiscard]] path at(unsigned line) const {
        return sysfs_ / ("sim_gpio" + std::to_string(line));
    }

    path home_ = kSimulator / "stile";
    path bank_ = home_ / "bank0";
    MadeFirst made_{home_};
    path sysfs_;
    bool live_ = false;
};

std::unique_ptr<GpioLines> lines(EventLoop& loop, GpioRequest::Way way,
                                 std::vector<GpioLine> wanted) {
    return make_gpiod_lines(loop, {.chip = "stile-sim", .lines = std::move(wanted), .way = way});
}

class SimRig final : public TurnstileRig {
public:
    explicit SimRig(EventLoop& loop) : loop_{loop} {
        for (const unsigned line : {SimChip::kOuter, SimChip::kInner})
            chip_.drive(line, Switch::Off);
        const BackOff soon{20ms, 100ms};
        turnstile_.emplace(
            loop_,
            std::make_unique<GpioOutputs>(
                loop_,
                lines(loop_, GpioRequest::Way::Outputs, {{.name = "turnstile-in"}, {.name = "1"}}),
                soon),
            std::make_unique<GpioInputs>(
                loop_, lines(loop_, GpioRequest::Way::Inputs, {{.name = "3"}, {.name = "4"}}),
                GpioInputs::Options{.roles = {InputRole::Outer, InputRole::Inner},
                                    .settle = 60ms,  // an emulated machine is slow
                                    .back_off = soon}),
            WiredTurnstile::Options{.exits = WiredTurnstile::Exits::Own, .pulse = 200ms});
    }
    [[nodiscard]] Turnstile& turnstile() override { return *turnstile_; }
    void walk(Direction direction) override {
        const unsigned first = direction == Direction::Entry ? SimChip::kOuter : SimChip::kInner;
        const unsigned second = first == SimChip::kOuter ? SimChip::kInner : SimChip::kOuter;
        for (const Switch to : {Switch::On, Switch::Off}) {
            for (const unsigned line : {first, second})
                play_.then(200ms, [this, line, to] { chip_.drive(line, to); });
        }
    }
    void bounce() override {
        for (int i = 0; i < 20; ++i) {
            play_.then(1ms, [this, i] {
                chip_.drive(SimChip::kOuter, i % 2 == 0 ? Switch::On : Switch::Off);
            });
        }
    }
    void unplug() override { chip_.unplug(); }
    void plug_in() override { chip_.plug_in(); }

    EventLoop& loop_;
    SimChip chip_;
    Play play_{loop_};
    std::optional<WiredTurnstile> turnstile_;
};

const RigMaker kRig{"Kernel", [](EventLoop& loop) { return std::make_unique<SimRig>(loop); }};

INSTANTIATE_TEST_SUITE_P(Gpio, TurnstileContract, testing::Values(kRig),
                         [](const auto& made) { return made.param.name; });

class GpioSim : public testing::Test {
protected:
    SimChip& chip() { return dynamic_cast<SimRig&>(*bench_->rig_).chip_; }
    std::unique_ptr<TurnstileBench> bench_ = std::make_unique<TurnstileBench>(kRig);
};

TEST_F(GpioSim, PulsesTheLineOfThatName) {
    ASSERT_TRUE(bench_->release());
    EXPECT_EQ(chip().level(SimChip::kRelease), Switch::On);
    EXPECT_EQ(chip().level(SimChip::kExit), Switch::Off);
    bench_->until([this] { return chip().level(SimChip::kRelease) == Switch::Off; });
}

TEST_F(GpioSim, GivesItsLinesToNobodyElse) {
    const auto thief = lines(bench_->loop_, GpioRequest::Way::Outputs, {{.name = "0"}});
    EXPECT_EQ(thief->open().error().code, Errc::Io);
}

TEST_F(GpioSim, SaysWhatIsMissing) {
    EventLoop& loop = bench_->loop_;
    EXPECT_EQ(lines(loop, GpioRequest::Way::Inputs, {{.name = "99"}})->open().error().code,
              Errc::NotFound);
    EXPECT_EQ(lines(loop, GpioRequest::Way::Inputs, {{.name = "nobody"}})->open().error().code,
              Errc::NotFound);
    EXPECT_EQ(
        make_gpiod_lines(loop, {.chip = "nobody", .lines = {{.name = "1"}}})->open().error().code,
        Errc::NotFound);
}

TEST_F(GpioSim, TurnsLevelsRoundWhereTheyAreActiveLow) {
    const auto low = lines(bench_->loop_, GpioRequest::Way::Inputs,
                           {{.name = "6", .active = GpioLine::Active::Low}});
    ASSERT_TRUE(low->open());
    chip().drive(6, Switch::Off);
    EXPECT_EQ(low->get(0), Switch::On);
}

TEST_F(GpioSim, KeepsUpWithAStormOfEdges) {
    auto& rig = dynamic_cast<SimRig&>(*bench_->rig_);
    for (int i = 0; i < 50; ++i)
        rig.play_.then(1ms, [&rig] {
            for (int more = 0; more < 20; ++more)
                rig.chip_.drive(SimChip::kOuter, more % 2 == 0 ? Switch::On : Switch::Off);
        });
    rig.walk(Direction::Entry);
    bench_->hear(Signal::InnerClear);
    EXPECT_EQ(bench_->count(Signal::OuterCovered), 1);
}

// What the kernel does with the lines of a program that is killed. gpio-sim lets them go to their
// pull; a real chip may do otherwise (WIRING.md).
TEST_F(GpioSim, LosesItsOutputsWithItsProcess) {
    const auto pull = [&] { return chip().level(2); };
    chip().drive(2, Switch::Off);
    int ready[2];
    ASSERT_EQ(::pipe(ready), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        EventLoop loop;
        const auto output = lines(loop, GpioRequest::Way::Outputs, {{.name = "2"}});
        const bool on = output->open() && output->set(0, Switch::On);
        (void)!::write(ready[1], on ? "1" : "0", 1);
        ::pause();
        ::_exit(0);
    }
    char answer = 0;
    ASSERT_EQ(::read(ready[0], &answer, 1), 1);
    ASSERT_EQ(answer, '1');
    EXPECT_EQ(pull(), Switch::On);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    EXPECT_EQ(pull(), Switch::Off);
    ::close(ready[0]);
    ::close(ready[1]);
}

}  // namespace
}  // namespace stile::devices::test

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    if (!std::filesystem::exists(stile::devices::test::kSimulator)) {
        std::puts("skipped: this kernel has no gpio-sim (tests/vm/gpio.sh brings one)");
        return 77;
    }
    return RUN_ALL_TESTS();
}
