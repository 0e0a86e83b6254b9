# SPDX-License-Identifier: Apache-2.0
"""What ledger, MQTT, collector and journal have to agree about. Each function says how much it looked at, or raises."""
import base64
import collections
import io
import json
import pathlib
import sqlite3
import tarfile
import tempfile

from qemu import Failure


def admissions(ledger):
    """(epoch, seq) to the ticket's name, of all that were decided to enter."""
    return {key: entry["ticket"] for key, entry in ledger.items()
            if entry["kind"] == "decision" and entry["verdict"] == "admit"}


def releases(gate, ledger):
    """The turnstile's own count is not above that of the ledger."""
    admitted = len(admissions(ledger))
    if gate.releases > admitted:
        raise Failure(f"the turnstile was released {gate.releases} times, the ledger has {admitted} admissions")
    return f"{gate.releases} releases, {admitted} admissions"


def twice(ledger):
    """Each ticket is good for one: what was admitted, less what was taken back."""
    inside = collections.Counter()
    for entry in ledger.values():
        if entry["kind"] == "decision" and entry["verdict"] == "admit":
            inside[entry["ticket"]] += 1
        if entry["kind"] == "passage" and entry["result"] == "released":
            inside[entry["ticket"]] -= 1
    wrong = [ticket for ticket, count in inside.items() if count > 1]
    if wrong:
        raise Failure(f"in more than once: {wrong}")
    return f"{len(inside)} tickets"


def published(gate, ledger):
    """Nothing was told to the world that a reset could take back."""
    for key, entry in gate.published.items():
        if ledger.get(key) != entry:
            raise Failure(f"published: {entry}, in the ledger: {ledger.get(key)}")
    return f"{len(gate.published)} entries"


def gaps(ledger):
    """Each epoch counts from 1 without a gap."""
    epochs = collections.defaultdict(set)
    for epoch, seq in ledger:
        epochs[epoch].add(seq)
    for epoch, numbers in epochs.items():
        if numbers != set(range(1, len(numbers) + 1)):
            raise Failure(f"epoch {epoch} has gaps in {sorted(numbers)}")
    return f"{len(ledger)} entries, {len(epochs)} epoch(s)"


def unresolved(machine, ledger):
    """The newest start says how many were open, each became a passage, and the journal has a line when there were."""
    start = [entry for _, entry in sorted(ledger.items()) if entry["kind"] == "start"][-1]
    presumed = sum(1 for entry in ledger.values() if entry.get("result") == "presumed-entered")
    total = sum(entry["unresolved"] for entry in ledger.values() if entry["kind"] == "start")
    if presumed != total:
        raise Failure(f"{total} were open, {presumed} became a passage")
    lines = machine.ask("journalctl -b -o json --no-pager MESSAGE_ID=f06a9b516cc747339939693440227f4d || true")
    said = any(line.startswith("{") for line in lines.splitlines())
    if said != (start["unresolved"] > 0):
        raise Failure(f"{start['unresolved']} admissions were open, and the journal says: {lines}")
    return f"{total} so far"


def collected(gate):
    """The collector's store, row by row."""
    machine = gate.machine
    gate.idle()
    ledger = gate.ledger()
    code, said = machine.run("stile-collector check")
    if code != 0:
        raise Failure(f"stile-collector check: {said}")
    packed = machine.ask("systemctl stop stile-collector; cd /var/lib/stile-collector && tar c entries.sqlite* | base64 -w 0")
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(base64.b64decode(packed))) as archive:
            archive.extractall(folder)
        store = sqlite3.connect(pathlib.Path(folder) / "entries.sqlite")
        rows = [json.loads(payload) for (payload,) in store.execute("select payload from entries")]
    stored = {(row["epoch"], row["seq"]): row for row in rows}
    if len(stored) != len(rows) or stored != ledger:
        different = {key for key in stored.keys() | ledger.keys() if stored.get(key) != ledger.get(key)}
        raise Failure(f"{len(rows)} rows, {len(ledger)} entries; not the same: {sorted(different)[:5]}")
    return f"{len(rows)} rows"
