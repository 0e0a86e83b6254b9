# SPDX-License-Identifier: Apache-2.0
"""The gate in the machine: its site, its guests, and what the host has seen of both."""
import datetime
import json
import re
import time

from qemu import Failure

TICKETS = "/opt/vm/tickets"
SITE = """
[site]
venue = "vm"
gate = "north-1"
[paths]
secret = "/etc/stile/event.secret"
[mqtt]
collectors = ["main"]
[[lane]]
name = "lane-1"
turnstile = "gpio"
gpio_chip = "stile-lane"
release = "0"
sensor = "1"
passage_timeout_ms = 60000
[[reader]]
name = "nfc-1"
lane = "lane-1"
kind = "nfc"
source = "usb"
[[reader]]
name = "camera-1"
lane = "lane-1"
source = "/dev/video0"
width = 640
height = 480
rate = 10
"""
COLLECTOR = """
[collector]
venue = "vm"
name = "main"
[mqtt]
brokers = ["tcp://127.0.0.1:1883"]
[store]
secret = "/etc/stile/collector.secret"
keys = "/etc/stile/keys.toml"
[[event]]
number = 2026
name = "Machine test"
starts = 2030-05-01T20:00:00Z
"""
# Somebody in the passage: the sensor is covered, and free again.
WALK = """
exec 8<>/run/vm/never
echo pull-up >/run/vm/lane/sim_gpio1/pull
read -rt 0.3 -u 8
echo pull-down >/run/vm/lane/sim_gpio1/pull
"""


class Gate:
    """`machine` has the packages installed. Times are of the host."""

    def __init__(self, machine):
        self.machine = machine
        self.next_ticket = 0
        self.published = {}  # (epoch, seq) to the entry that arrived over MQTT
        self.releases = 0    # that the turnstile has seen
        self.counted = 0     # lines of events that are in both

    def set_up(self):
        m = self.machine
        secret = "5a" * 32
        m.ask(f"""set -e
install -d /etc/stile
cp {TICKETS}/keys.toml /etc/stile/keys.toml
install -o stile -m 600 /dev/stdin /etc/stile/event.secret <<<{secret}
install -o stile-collector -m 600 /dev/stdin /etc/stile/collector.secret <<<{secret}
cat >/etc/stile/collector.toml <<'END'
{COLLECTOR}
END
cat >/etc/stile/stile.toml <<'END'
{SITE}
END
systemctl daemon-reload
systemctl enable --now mosquitto stile-collector 2>&1
systemctl restart stile.target""")

    def readers(self):
        return ["stile-reader@nfc-1", "stile-reader@camera-1"]

    def units(self):
        return ["stile.target", "stiled", "stile-sync", "stile-collector", "mosquitto", *self.readers()]

    # Guests.

    def ticket(self):
        self.next_ticket += 1
        return self.next_ticket

    def show(self, ticket, medium):
        if medium == "nfc":
            self.machine.usb.send(f"card r1 ntag215 ndef:{TICKETS}/{ticket}.ndef uid:04{ticket:06x}5c5e80")
        else:
            self.machine.camera.send(f"show {TICKETS}/{ticket}.png")

    def take_away(self, medium):
        if medium == "nfc":
            self.machine.usb.send("remove r1")
        else:
            self.machine.camera.send("nothing")

    def walk(self):
        self.machine.ask(WALK)

    def event(self, what, seconds=120):
        """The next event that fits: (time, line)."""
        return self.machine.events.wait(what, seconds, self.machine.is_alive)

    def decision(self, seconds=120):
        """The next decision that arrives over MQTT."""
        _, line = self.event('/entry .*"kind":"decision"', seconds)
        return json.loads(line.split(" ", 2)[2])

    def scan(self, ticket, medium):
        """A guest shows a ticket, and goes in if that is allowed: the decision."""
        self.machine.events.forget()
        self.show(ticket, medium)
        decision = self.decision()
        self.take_away(medium)
        if decision["verdict"] == "admit":
            self.walk()
            self.event('/entry .*"result":"entered"')
        return decision

    def admit(self, ticket, medium):
        """The same, of a ticket that has to be good."""
        decision = self.scan(ticket, medium)
        if decision["verdict"] != "admit":
            raise Failure(f"ticket {ticket} at {medium}: {decision['reason']}")
        return decision

    def reason(self, ticket, medium):
        """What the gate says to a ticket that was shown before. Readers take what is back at once for the same visit."""
        self.machine.ask("sleep 5")
        return self.scan(ticket, medium)["reason"]

    # What the host has seen, and what the gate has written.

    def count(self):
        """Takes what has come since the last time into `published` and `releases`."""
        seen = self.machine.events.seen
        for _, line in seen[self.counted:]:
            if line.startswith("release 1 "):
                self.releases += 1
            found = re.match(r"mqtt stile/v1/vm/north-1/entry (\{.*\})$", line)
            if found:
                entry = json.loads(found[1])
                key = (entry["epoch"], entry["seq"])
                before = self.published.setdefault(key, entry)
                if before != entry:
                    raise Failure(f"two entries are called {key}: {before} and {entry}")
        self.counted = len(seen)

    def new_connection(self):
        """The events of a machine that was switched on anew are counted from their first."""
        self.counted = 0

    def ledger(self):
        """All entries, by (epoch, seq)."""
        entries = {}
        today = datetime.datetime.now(datetime.timezone.utc).date()
        for day in (today - datetime.timedelta(days=1), today):
            for line in self.machine.ask(f"stilectl export --day {day} --jsonl").splitlines():
                if line.startswith("{"):
                    entry = json.loads(line)
                    entries[entry["epoch"], entry["seq"]] = entry
        return entries

    def idle(self):
        """Waits until the collector has what the ledger has."""
        last = max(self.ledger())
        end = time.monotonic() + 180
        while True:
            out = self.machine.ask("mosquitto_sub -h 127.0.0.1 -t stile/v1/vm/north-1/ack/main -C 1 -W 30 || true")
            if out.startswith("{"):
                ack = json.loads(out)
                if (ack["epoch"], ack["seq"]) >= last:
                    return
            if time.monotonic() > end:
                raise Failure(f"the collector has {out}, the ledger {last}")
