#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The machine test's story, and the table of what was checked (VM.md). Usage: machine.py CACHE --resets N [--keep]"""
import argparse
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import confinement  # noqa: E402
from disk import Disk  # noqa: E402
from gate import Gate  # noqa: E402
from qemu import Failure, Machine  # noqa: E402
import records  # noqa: E402

BEGIN = time.monotonic()
MOMENTS = ("flush", "decision", "scan", "release", "passage")


def say(text):
    print(f"{time.monotonic() - BEGIN:7.1f} s  {text}", flush=True)


class Table:
    """What was checked, how often."""

    def __init__(self):
        self.rows = {}

    def ok(self, what, detail=""):
        count, _ = self.rows.get(what, (0, ""))
        self.rows[what] = (count + 1, detail)
        say(f"ok: {what}{': ' + detail if detail else ''}")

    def check(self, holds, what, detail=""):
        if not holds:
            raise Failure(f"not so: {what}: {detail}")
        self.ok(what, detail)

    def show(self):
        print("\n| checked | times | last |\n| --- | --- | --- |")
        for what, (count, detail) in self.rows.items():
            print(f"| {what} | {count} | {detail} |")


def install(m, table):
    began = time.monotonic()
    m.ask("DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends /opt/packages/*.deb 2>&1", 900)
    table.ok("the packages install without a network", f"{time.monotonic() - began:.0f} s")
    users = m.ask("getent passwd stile stile-reader stile-sync stile-display stile-collector | cut -d: -f1").split()
    table.check(len(users) == 5, "they make the users", " ".join(users))
    groups = m.ask("getent group stile-viewer stile-operator stile-supervisor stile-security stile-maintainer | wc -l")
    table.check(groups == "5", "they make the groups of the staff", groups)
    enabled = m.run("systemctl is-enabled stile.target")[1]
    table.check(enabled == "enabled", "stile.target is enabled", enabled)
    m.ask("systemctl start stile.target")
    running = m.run("systemctl is-active stiled stile-sync stile-collector; systemctl --failed --no-legend")[1].split("\n")
    table.check(set(running) == {"inactive"}, "before a site file nothing starts and nothing fails", " ".join(running))


def first_guests(gate, table):
    m = gate.machine
    m.usb.send("plug acr122u as r1 at 1-1")
    m.becomes(f"systemctl is-active {' '.join(gate.units())}", rf"^(active\n?){{{len(gate.units())}}}$")
    table.ok("all units are up", f"{len(gate.units())}")
    group = m.becomes("stat -c %G /dev/bus/usb/*/* | sort -u", "stile-reader")
    table.ok("udev gives the plugged-in reader to its users", group.replace("\n", " "))
    m.becomes("ls /sys/bus/usb/drivers", "usbhid|hub")
    table.check("pn533_usb" not in m.ask("lsmod"), "the kernel's own NFC driver stays away")
    for medium in ("nfc", "camera"):
        ticket = gate.ticket()
        decision = gate.admit(ticket, medium)
        table.ok(f"a ticket at the {medium} reader opens the lane", f"ticket {decision['ticket'][:8]}")
        reason = gate.reason(ticket, medium)
        table.check(reason == "USED", f"it is not let in twice at the {medium} reader", reason)


def has_state(gate, reader, wanted, seconds=180):
    """Until a report of the lane says that of the reader."""
    gate.event(rf'/lane/lane-1 .*"name":"{reader}"[^}}]*"state":"({wanted})"', seconds)


def pull_plugs(gate, table):
    m = gate.machine
    m.events.forget()
    m.usb.send("unplug r1")
    has_state(gate, "nfc-1", "failed")  # its program runs: it is not "absent"
    gate.event('/alarm/reader-lost-nfc-1 .*"state":"raised"')
    table.ok("a card reader that is pulled out is an alarm")
    m.usb.send("plug acr122u as r1 at 1-1")
    has_state(gate, "nfc-1", "working")
    gate.event('/alarm/reader-lost-nfc-1 .*"state":"cleared"')
    gate.admit(gate.ticket(), "nfc")
    table.ok("plugged in again it reads, and the alarm is over")
    m.ask("systemctl stop stile-reader@nfc-1; udevadm trigger --action=change --settle")
    table.check(m.run("systemctl is-active stile-reader@nfc-1")[1] == "inactive",
                "a device that is only changed starts no reader that was stopped by hand")
    m.usb.send("unplug r1")
    m.usb.send("plug acr122u as r1 at 1-2")
    m.becomes("systemctl is-active stile-reader@nfc-1", "^active$")
    table.ok("udev starts the unit of a reader that is plugged in")
    m.events.forget()
    m.ask("systemctl stop vm-camera stile-reader@camera-1; modprobe -r v4l2loopback; systemctl start --no-block stile-reader@camera-1")
    gate.event('/alarm/reader-lost-camera-1 .*"state":"raised"')
    table.ok("a camera that is gone is an alarm")
    m.ask("/opt/vm/hardware.sh camera; systemctl start vm-camera")
    gate.event('/alarm/reader-lost-camera-1 .*"state":"cleared"')
    gate.admit(gate.ticket(), "camera")
    table.ok("when it is back it reads, and the alarm is over")


class Resets:
    """Resets in the middle of admissions, and what is there afterwards."""

    def __init__(self, gate, table, seed):
        self.gate, self.table = gate, table
        self.random = random.Random(seed)
        self.first_accepted = []

    def until(self, moment):
        """A guest shows a ticket; returns at the moment at which the machine is to be reset."""
        gate, m = self.gate, self.gate.machine
        medium = "nfc" if moment == "scan" else self.random.choice(["nfc", "camera"])
        ticket = gate.ticket()
        m.events.forget()
        if moment == "flush":
            m.disk.stop_at_flush(self.random.randint(1, 4))
        gate.show(ticket, medium)
        if moment == "flush":  # in the middle of storing the decision, or something near it
            if not m.disk.stopped.wait(600):
                raise Failure("nothing is stored")
        elif moment == "scan":  # while the card is read
            for _ in range(self.random.randint(1, 4)):
                m.usb.send("wait r1 apdu within 500 s")
                m.usb.wait("wait r1 apdu", 120, m.is_alive)
        elif moment == "decision":
            gate.event('/entry .*"verdict":"admit"')
        else:
            gate.event("^release 1")
        if moment == "passage":
            gate.walk()
        return ticket, medium

    def once(self, number):
        gate, m = self.gate, self.gate.machine
        moment = MOMENTS[number % len(MOMENTS)]
        way = "power" if number % 2 or moment == "flush" else "reset"
        gate.count()
        releases_before = gate.releases
        ticket, medium = self.until(moment)
        if way == "power":
            lost, waiting = m.cut_power()
            say(f"the disk loses {lost} of {waiting} blocks that were not flushed")
        else:
            m.reset()
        gate.count()
        released = gate.releases > releases_before
        if way == "power":
            m.power_on()
            gate.new_connection()
        self.come_back(f"reset {number + 1}, {way} at the {moment} ({medium})")
        self.look(ticket, medium, released)

    def come_back(self, name):
        """Somebody waits with a good ticket while the machine starts."""
        gate, m = self.gate, self.gate.machine
        m.events.forget()
        m.usb.send("plug acr122u as r1 at 1-1")
        gate.show(gate.ticket(), "nfc")
        at, line = gate.event("^release 1", 400)
        up = float(line.split()[2])  # of the guest's own clock, from its kernel on
        self.first_accepted.append(up)
        gate.take_away("nfc")
        m.wait_up()
        gate.walk()
        gate.event('/entry .*"result":"entered"')
        self.table.ok("a ticket is accepted after a reset", f"{name}: {up:.1f} s after the kernel's start, {at - m.powered:.1f} s of the host")

    def look(self, ticket, medium, released):
        gate, m, table = self.gate, self.gate.machine, self.table
        units = gate.units()
        m.becomes(f"systemctl is-active {' '.join(units)}", rf"^(active\n?){{{len(units)}}}$")
        failed = m.run("systemctl --failed --no-legend")[1]
        table.check(failed == "", "all units are up after a reset", failed)
        code, out = m.run("stilectl log verify")
        table.check(code == 0, "the ledger is sound", out.splitlines()[-1])
        reason = gate.reason(ticket, medium)
        if released:
            table.check(reason == "USED", "who was let in before the reset is not let in again", reason)
        else:
            table.check(reason in ("USED", "VALID"), "a ticket that was not let in is known or good", reason)
        gate.idle()
        gate.count()
        ledger = gate.ledger()
        table.ok("the turnstile was released for admissions in the ledger only", records.releases(gate, ledger))
        table.ok("no ticket got in twice", records.twice(ledger))
        table.ok("what was published is in the ledger, as it was published", records.published(gate, ledger))
        table.ok("sequence numbers have no gaps", records.gaps(ledger))
        table.ok("the journal names the admissions that were open", records.unresolved(m, ledger))


def story(m, resets, table):
    began = time.monotonic()
    m.power_on()
    table.ok("the machine boots", f"{m.wait_up():.1f} s")
    install(m, table)
    gate = Gate(m)
    gate.set_up()
    first_guests(gate, table)
    confinement.check(m, table)
    pull_plugs(gate, table)
    many = Resets(gate, table, 10)
    for number in range(resets):
        many.once(number)
    table.ok("the collector's store is the ledger", records.collected(gate))
    times = many.first_accepted
    if times:
        say(f"from the kernel's start to the first accepted ticket, in the guest's time: median {statistics.median(times):.1f} s,"
            f" least {min(times):.1f} s, most {max(times):.1f} s, of {len(times)}")
    say(f"load of the host {os.getloadavg()[0]:.1f}; all in {time.monotonic() - began:.0f} s, {resets} resets")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("cache", type=pathlib.Path)
    arguments.add_argument("--resets", type=int, default=20)
    arguments.add_argument("--keep", action="store_true")
    given = arguments.parse_args()
    guest = given.cache / "guest"
    folder = given.cache / "last"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    image = folder / "disk.img"
    subprocess.run(["cp", "--sparse=always", "--reflink=auto", guest / "disk.img", image], check=True)
    with tempfile.TemporaryDirectory(prefix="stile-vm.") as sockets:
        disk = Disk(image, pathlib.Path(sockets) / "disk", 10)
        machine = Machine(guest, disk, pathlib.Path(sockets), folder)
        table = Table()
        try:
            story(machine, given.resets, table)
        except Failure as failure:
            table.show()
            print(f"FAILED: {failure}", flush=True)
            machine.tell_all(folder)
            return 1
        finally:
            if machine.process and machine.is_alive():
                machine.cut_power()
    table.show()
    if not given.keep:
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
