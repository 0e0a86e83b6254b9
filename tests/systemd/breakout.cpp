// SPDX-License-Identifier: Apache-2.0
// stile-breakout: runs in the place of a program of stile, under its unit, and tries what that unit
// forbids. Usage: stile-breakout PROGRAM [vm], a word of kWords; vm: also what a container does not
// enforce. A line for each try; exit code 1: something went that must not, or was missing.
// breakout.sh prepares what is to be had, and has "nobody", a user without a unit, show that it is.
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

// 0: it works. Otherwise why not, as errno has it.
using Try = std::function<int()>;

enum Program : unsigned {
    Stiled = 1U << 0U,
    Reader = 1U << 1U,
    Sync = 1U << 2U,
    Display = 1U << 3U,
    Collector = 1U << 4U,
    Job = 1U << 5U,  // backup and scrub
    Nobody = 1U << 6U,
};
constexpr unsigned kAll = ~0U;

enum class Where : std::uint8_t { Anywhere, Kernel };  // Kernel: not enforced in a container

struct Probe {
    const char* what;  // behind "cannot"
    unsigned programs;
    Try attempt;
    Where where = Where::Anywhere;
};

int result(long code) {
    return code < 0 ? errno : 0;
}

int opened(const std::string& path, int flags) {
    const int fd = ::open(path.c_str(), flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600);
    if (fd < 0) return errno;
    ::close(fd);
    return 0;
}

int socket_of(int family, int type) {
    const int fd = ::socket(family, type | SOCK_CLOEXEC, 0);
    if (fd < 0) return errno;
    ::close(fd);
    return 0;
}

int send_far() {
    const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return errno;
    sockaddr_in far{};
    far.sin_family = AF_INET;
    far.sin_port = htons(9);
    far.sin_addr.s_addr = htonl(0x0A00'0203);  // the name server of a guest's own network
    sockaddr address{};
    std::memcpy(&address, &far, sizeof far);
    const int error = result(::sendto(fd, "x", 1, 0, &address, sizeof far));
    ::close(fd);
    return error;
}

int connect_to(const char* path) {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::strncpy(name.sun_path, path, sizeof name.sun_path - 1);
    sockaddr_un* const its = &name;
    const int error = result(::connect(fd, reinterpret_cast<sockaddr*>(its), sizeof name));
    ::close(fd);
    return error;
}

// What `act` returns in a child process; a child that is killed was stopped as well.
int in_child(const Try& act) {
    const pid_t child = ::fork();
    if (child < 0) return errno;
    if (child == 0) ::_exit(act());
    int status = 0;
    if (::waitpid(child, &status, 0) != child) return errno;
    return WIFEXITED(status) ? WEXITSTATUS(status) : EPERM;
}

// The new program's exit code is 0.
int executed(const char* path) {
    return in_child([path] {
        ::execl(path, path, "-c", "exit 0", nullptr);
        return errno;
    });
}

// A shell of one's own, where files may be written.
Try copied(const std::string& folder) {
    return [copy = folder + "/stile-breakout-shell"] {
        std::error_code error;
        const auto again = std::filesystem::copy_options::overwrite_existing;
        std::filesystem::copy_file("/bin/sh", copy, again, error);
        if (error) return error.value();
        const int code = executed(copy.c_str());
        ::unlink(copy.c_str());
        return code;
    };
}

int traced_child() {
    const pid_t child = ::fork();
    if (child < 0) return errno;
    if (child == 0) {
        ::pause();
        ::_exit(0);
    }
    const int error = result(::ptrace(PTRACE_SEIZE, child, nullptr, nullptr));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    return error;
}

int made_code() {
    void* const page = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page == MAP_FAILED ? errno : 0;
}

int made_privileged() {
    const char* const file = "/tmp/stile-breakout-suid";
    const int fd = ::open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
    if (fd < 0) return errno;
    const int error = result(::fchmod(fd, 04755));
    ::close(fd);
    ::unlink(file);
    return error;
}

int set_clock() {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    return result(::clock_settime(CLOCK_REALTIME, &now));
}

int real_time() {
    const sched_param first{.sched_priority = 1};
    return result(::sched_setscheduler(0, SCHED_FIFO, &first));
}

// 0 when breakout.sh did not write it: then no try succeeds in vain.
pid_t gate() {
    std::array<char, 16> text{};
    const int fd = ::open("/usr/share/stile-breakout/stiled.pid", O_RDONLY | O_CLOEXEC);
    if (fd < 0 || ::read(fd, text.data(), text.size() - 1) < 0) return 0;
    ::close(fd);
    return static_cast<pid_t>(std::strtol(text.data(), nullptr, 10));
}

int signalled_the_gate() {
    return gate() == 0 ? 0 : result(::kill(gate(), SIGCONT));
}

int saw_the_gate() {
    return gate() == 0 ? 0 : opened("/proc/" + std::to_string(gate()) + "/cmdline", O_RDONLY);
}

int dumps_memory() {
    rlimit limit{};
    ::getrlimit(RLIMIT_CORE, &limit);
    return limit.rlim_max == 0 ? EPERM : 0;
}

int took_much_memory() {
    return in_child([] {
        constexpr std::size_t kMuch = 3UL << 30U;
        void* const all =
            ::mmap(nullptr, kMuch, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        const int fd = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
        if (all == MAP_FAILED || ::write(fd, "1000", 4) != 4) return errno;  // nobody else ends
        std::memset(all, 1, kMuch);
        return 0;
    });
}

int started_many() {
    std::vector<pid_t> children;
    int error = 0;
    while (error == 0 && children.size() < 1000) {
        const pid_t child = ::fork();
        if (child == 0) {
            ::pause();
            ::_exit(0);
        }
        if (child < 0)
            error = errno;
        else
            children.push_back(child);
    }
    for (const pid_t child : children) {
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
    }
    return error;
}

Try path(const char* name, int flags) {
    return [name, flags] { return opened(name, flags); };
}

Try family(int which, int type) {
    return [which, type] { return socket_of(which, type); };
}

// A kernel that complains of the arguments has taken the call.
Try call(long number, auto... arguments) {
    return [=] {
        const int error = result(::syscall(number, arguments...));
        return error == EFAULT || error == EINVAL ? 0 : error;
    };
}

// Other machines, other programs.
std::vector<Probe> programs() {
    return {
        {"open a network socket", Stiled | Reader | Job | Nobody, family(AF_INET, SOCK_STREAM)},
        {"open a netlink socket", kAll & ~Reader, family(AF_NETLINK, SOCK_RAW)},
        {"open a Bluetooth socket", kAll, family(AF_BLUETOOTH, SOCK_RAW)},
        {"open a packet socket", kAll, family(AF_PACKET, SOCK_RAW)},
        {"send to another machine", Display | Nobody, send_far, Where::Kernel},
        {"talk to the machine's services", kAll,
         [] { return connect_to("/run/dbus/system_bus_socket"); }},
        {"execute a shell", kAll, [] { return executed("/bin/sh"); }},
        {"execute another program", kAll, [] { return executed("/usr/bin/true"); }},
        {"execute a shell that it copied to /tmp", kAll, copied("/tmp")},
        {"execute a shell that it copied to /dev/shm", kAll, copied("/dev/shm")},
        {"execute a shell that it copied to its state", Stiled | Job, copied("/var/lib/stile")},
        {"execute a shell that it copied to its sockets", Stiled, copied("/run/stile")},
        {"execute a shell that it copied to its store", Collector,
         copied("/var/lib/stile-collector")},
        {"make a file in memory that could be executed", kAll, call(SYS_memfd_create, "x", 0U)},
        {"make code while it runs", kAll, made_code},
    };
}

// What belongs to others.
std::vector<Probe> files() {
    return {
        {"write where everybody may", kAll,
         path("/usr/share/stile-breakout/open/new", O_WRONLY | O_CREAT)},
        {"write the site file", kAll, path("/etc/stile/stile.toml", O_WRONLY)},
        {"write into another folder of /var/lib", kAll, path("/var/lib/new", O_WRONLY | O_CREAT)},
        {"read the ledger", kAll & ~(Stiled | Job),
         path("/var/lib/stile/ledger/data.mdb", O_RDONLY)},
        {"look into the gate's state", kAll & ~(Stiled | Job), path("/var/lib/stile", O_RDONLY)},
        {"read the plain secrets", kAll, path("/etc/credstore", O_RDONLY)},
        {"read the encrypted secrets", kAll, path("/etc/credstore.encrypted", O_RDONLY)},
        {"read the secrets of stiled", kAll & ~Stiled,
         path("/run/credentials/stiled.service/stile.event.secret", O_RDONLY)},
        {"read the secrets of stile-sync", kAll & ~Sync,
         path("/run/credentials/stile-sync.service/stile.mqtt.password", O_RDONLY)},
        {"read a file of somebody's home", kAll, path("/home/stile-breakout/letter", O_RDONLY)},
        {"read the kernel's log", kAll, path("/dev/kmsg", O_RDONLY)},
        {"read the machine's memory", kAll, path("/dev/mem", O_RDONLY)},
        {"open a device of everybody's", kAll, path("/dev/stile-breakout", O_RDWR), Where::Kernel},
        {"send the gate a signal", kAll & ~(Stiled | Job), signalled_the_gate},
        {"see the gate's process", kAll & ~(Stiled | Job), saw_the_gate},
    };
}

// What only the machine itself does.
std::vector<Probe> kernel() {
    return {
        {"trace a process", kAll, traced_child},
        {"load a module", kAll, call(SYS_finit_module, -1, "", 0)},
        {"change the clock", kAll, set_clock},
        {"mount", kAll, [] { return result(::mount("none", "/tmp", "tmpfs", 0, nullptr)); }},
        {"make a user namespace", kAll,
         [] { return in_child([] { return result(::unshare(CLONE_NEWUSER)); }); }},
        {"make a network namespace", kAll,
         [] { return in_child([] { return result(::unshare(CLONE_NEWNET)); }); }},
        {"become root", kAll, [] { return in_child([] { return result(::setuid(0)); }); }},
        {"make a program that runs with its owner's rights", kAll, made_privileged},
        {"take the processor for itself", kAll, real_time},
        {"rename the machine", kAll, [] { return result(::sethostname("x", 1)); }},
        {"keep a key in the kernel", kAll,
         call(SYS_add_key, "user", "x", "x", 1, -3 /* of the session */)},
        {"use io_uring", kAll, call(SYS_io_uring_setup, 1, nullptr)},
        {"load a program into the kernel", kAll, call(SYS_bpf, 0, nullptr, 0)},
        {"watch the processor", kAll, call(SYS_perf_event_open, nullptr, 0, -1, -1, 0)},
        {"leave its memory in a file when it dies", kAll, dumps_memory},
        {"start a thousand processes", kAll, started_many, Where::Kernel},
        {"take three gigabytes", kAll, took_much_memory, Where::Kernel},
    };
}

// What must stay possible, since a program would go on without it and be worse.
std::vector<Probe> needs() {
    return {
        {"ask whether the clock is disciplined", Stiled | Sync | Collector,
         [] {
             timex about{};
             return result(::adjtimex(&about));
         },
         Where::Kernel},  // no container may
        {"hear of devices that come and go", Reader,
         [] { return socket_of(AF_NETLINK, SOCK_RAW); }},
        {"open a connection", Sync | Display | Collector,
         [] { return socket_of(AF_INET, SOCK_STREAM); }},
    };
}

struct Word {
    std::string_view word;
    const char* name;
    Program program;
};
constexpr Word kWords[]{{"stiled", "stiled", Stiled},
                        {"reader", "the reader", Reader},
                        {"sync", "stile-sync", Sync},
                        {"display", "the display", Display},
                        {"collector", "the collector", Collector},
                        {"backup", "the backup", Job},
                        {"nobody", "nobody", Nobody}};

int attempt_all(const std::vector<Probe>& probes, const Word& word, Where where) {
    int code = 0;
    for (const Probe& probe : probes) {
        if ((probe.programs & word.program) == 0) continue;
        if (probe.where == Where::Kernel && where != Where::Kernel) continue;
        const int error = probe.attempt();
        if (error == 0) {
            std::printf("BREAKOUT: %s can %s\n", word.name, probe.what);
            code = 1;
        } else {
            std::printf("ok: %s cannot %s (%s)\n", word.name, probe.what,
                        std::strerror(error));  // NOLINT(concurrency-mt-unsafe): one thread
        }
        std::fflush(stdout);
    }
    return code;
}

int check_needs(const Word& word, Where where) {
    int code = 0;
    for (const Probe& need : needs()) {
        if ((need.programs & word.program) == 0) continue;
        if (need.where == Where::Kernel && where != Where::Kernel) continue;
        if (need.attempt() == 0) continue;
        std::printf("MISSING: %s cannot %s\n", word.name, need.what);
        code = 1;
    }
    return code;
}

}  // namespace

int main(int argc, char** argv) {
    const std::span<char*> words{argv, static_cast<std::size_t>(argc)};
    // Root may do all of this, and would: to the machine on which somebody tries it by hand.
    if (::geteuid() == 0) {
        std::fputs("stile-breakout: not as root\n", stderr);
        return 2;
    }
    const bool in_machine = words.size() == 3 && std::string_view{words[2]} == "vm";
    for (const Word& word : kWords) {
        if (words.size() < 2 || word.word != words[1]) continue;
        const Where where = in_machine ? Where::Kernel : Where::Anywhere;
        return attempt_all(programs(), word, where) | attempt_all(files(), word, where) |
               attempt_all(kernel(), word, where) | check_needs(word, where);
    }
    std::fputs("usage: stile-breakout PROGRAM [vm]\n", stderr);
    return 2;
}
