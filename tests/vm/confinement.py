# SPDX-License-Identifier: Apache-2.0
"""What the kernel enforces by control groups, which a container cannot show. A process of root that is put into a unit's
group has every right but those that the group takes from it."""
import re

from qemu import Failure

READER = "stile-reader@nfc-1"


def in_group(m, unit, script):
    """Exit code and output of a script in the unit's group."""
    group = m.ask(f"systemctl show --value -p ControlGroup {unit}")
    return m.run(f"(echo $BASHPID >'/sys/fs/cgroup{group}/cgroup.procs' && {script}) 2>&1")


def opens(m, unit, device):
    """Whether the device opens there; another trouble than being forbidden is a failure of the test."""
    code, out = in_group(m, unit, f"exec 7<>{device}")
    if code != 0 and "Operation not permitted" not in out:
        raise Failure(f"{unit} {device}: {out}")
    return code == 0


def check(m, table):
    devices(m, table)
    bounds(m, table)
    addresses(m, table)
    break_out(m, table)


def devices(m, table):
    usb = m.ask("for d in /dev/bus/usb/*/*; do [ $(stat -c %G $d) != stile-reader ] || echo $d; done")
    for unit, device, may in ((READER, usb, True), (READER, "/dev/vda", False), (READER, "/dev/gpiochip0", False),
                              (READER, "/dev/ttyS0", False), ("stiled", "/dev/gpiochip0", True),
                              ("stiled", usb, False), ("stiled", "/dev/vda", False), ("stile-sync", usb, False),
                              ("stile-sync", "/dev/vda", False)):
        what = f"{unit.split('@')[0]} {'may' if may else 'may not'} open {re.sub('[0-9/]+$', '', device)}, as root neither"
        table.check(opens(m, unit, device) == may, what if not may else what.replace(", as root neither", ""))


def bounds(m, table):
    """What the kernel was told; breakout.sh tries it."""
    for unit in ("stiled", READER, "stile-sync"):
        group = m.ask(f"systemctl show --value -p ControlGroup {unit}")
        most = m.ask(f"cd '/sys/fs/cgroup{group}' && echo $(cat memory.max pids.max)")
        if "max" in most:
            raise Failure(f"{unit} has no bounds: memory and tasks {most}")
        memory, tasks = map(int, most.split())
        table.ok(f"{unit.split('@')[0]} has bounds", f"{memory >> 20} MiB, {tasks} tasks")


def break_out(m, table):
    """The units' own test (tests/systemd), with what only a kernel of one's own enforces."""
    m.ask("install -t /usr/libexec/stile /opt/vm/stile-breakout")
    code, out = m.run("bash /opt/vm/breakout.sh vm 2>&1", 600)
    m.ask("rm /usr/libexec/stile/stile-breakout")
    if code != 0:
        raise Failure(f"breakout.sh vm ends with {code}:\n{out}")
    table.ok("no program breaks out of its unit", f"{len(out.splitlines())} tries")


def addresses(m, table):
    for unit in ("stiled", READER):
        code, out = in_group(m, unit, "timeout 10 bash -c 'exec 7<>/dev/tcp/127.0.0.1/1883'")
        table.check(code != 0, f"{unit.split('@')[0]} reaches no network, though the broker is near", out.split(":")[-1].strip())
    code, out = in_group(m, "stile-sync", "timeout 10 bash -c 'exec 7<>/dev/tcp/127.0.0.1/1883'")
    table.check(code == 0, "stile-sync reaches the broker", out)
