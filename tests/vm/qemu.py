# SPDX-License-Identifier: Apache-2.0
"""A virtual machine that can be reset, and the lines that go in and out of it."""
import base64
import json
import os
import queue
import re
import signal
import socket
import subprocess
import threading
import time


class Failure(Exception):
    """What was expected did not come."""


class Port:
    """A virtio-serial port: lines from the guest, each with the time at which it came."""

    def __init__(self, path):
        self.lines = queue.Queue()
        self.seen = []
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(path))
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        rest = b""
        while True:
            try:
                some = self.socket.recv(65536)
            except OSError:
                some = b""
            if not some:
                return
            *lines, rest = (rest + some).split(b"\n")
            for line in lines:
                at = (time.monotonic(), line.decode(errors="replace").rstrip("\r"))
                self.seen.append(at)
                self.lines.put(at)

    def send(self, line):
        self.socket.sendall(line.encode() + b"\n")

    def wait(self, what, seconds, alive=lambda: True):
        """The next line that `what` (a function or a regular expression) accepts: (time, line). The host may be busy, so
        it waits five times as long."""
        accept = what if callable(what) else re.compile(what).search
        end = time.monotonic() + 5 * seconds
        while time.monotonic() < end:
            try:
                at = self.lines.get(timeout=0.5)
            except queue.Empty:
                if not alive():
                    break
                continue
            if accept(at[1]):
                return at
        raise Failure(f"{what} did not come within {seconds} s")

    def forget(self):
        """What has come is not waited for any more."""
        while not self.lines.empty():
            self.lines.get_nowait()


class Machine:
    PORTS = ("shell", "events", "usb", "camera")

    def __init__(self, guest, disk, sockets, logs):
        self.guest, self.disk, self.folder, self.logs = guest, disk, sockets, logs
        self.process = None
        self.boots = 0
        self.ports = {}
        self.powered = 0.0

    def power_on(self):
        self.boots += 1
        for name in (*self.PORTS, "qmp"):
            (self.folder / name).unlink(missing_ok=True)
        command = [
            "qemu-system-x86_64", "-M", "q35,usb=off", "-accel", "tcg,thread=single,tb-size=512",
            # An instruction takes 2 ns of the guest's time, however busy the host is: no timeout of the guest depends
            # on that.
            "-icount", "shift=1,sleep=on", "-rtc", "clock=vm",
            "-cpu", "Nehalem,+rdrand", "-smp", "1", "-m", "2048", "-nodefaults", "-display", "none",
            "-kernel", f"{self.guest}/vmlinuz", "-initrd", f"{self.guest}/initrd",
            "-append", "console=ttyS0 loglevel=4 systemd.show_status=0 panic=-1 mitigations=off nokaslr"
            " audit=0 rcupdate.rcu_cpu_stall_suppress=1",
            "-blockdev", f"driver=nbd,node-name=disk,server.type=unix,server.path={self.disk.address},export=disk",
            "-device", "virtio-blk-pci,drive=disk,write-cache=on",
            "-serial", f"file:{self.logs}/console-{self.boots}",
            "-device", "virtio-rng-pci", "-device", "virtio-serial-pci,max_ports=8",
            "-qmp", f"unix:{self.folder}/qmp,server=on,wait=off"]
        for name in self.PORTS:
            command += ["-chardev", f"socket,id={name},path={self.folder}/{name},server=on,wait=off",
                        "-device", f"virtserialport,chardev={name},name=stile.{name}"]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.powered = time.monotonic()
        end = self.powered + 60
        while not all((self.folder / name).exists() for name in (*self.PORTS, "qmp")):
            if self.process.poll() is not None or time.monotonic() > end:
                raise Failure(f"QEMU does not start: {self.process.stderr.read().decode()}")
            time.sleep(0.05)  # between two looks
        self.ports = {name: Port(self.folder / name) for name in self.PORTS}

    def __getattr__(self, name):
        if name in Machine.PORTS:
            return self.ports[name]
        raise AttributeError(name)

    def is_alive(self):
        return self.process.poll() is None

    def cut_power(self):
        """QEMU is gone from one instruction to the next, with the guest's memory and the disk's cache: (blocks that are
        lost, blocks that were not flushed)."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        return self.disk.cut_power()

    def reset(self):
        """The reset button: the same machine starts anew."""
        qmp = Port(self.folder / "qmp")
        qmp.wait('"QMP"', 30)
        for command in ("qmp_capabilities", "system_reset"):
            qmp.send(json.dumps({"execute": command}))
            qmp.wait('"return"', 30)
        qmp.wait('"RESET"', 60)
        self.powered = time.monotonic()
        qmp.socket.close()
        self.boots += 1
        self.shell.forget()

    def wait_up(self, seconds=300):
        """Until the shell answers: a time since power-on."""
        at, _ = self.shell.wait(r"^=== up$", seconds, self.is_alive)
        return at - self.powered

    def run(self, script, seconds=300):
        """Exit code and output of a script in the guest."""
        self.shell.forget()
        self.shell.send(base64.b64encode(script.encode()).decode())
        out = []
        end = time.monotonic() + seconds
        while True:
            _, line = self.shell.wait(lambda _: True, max(1, end - time.monotonic()), self.is_alive)
            ended = re.fullmatch(r"=== (\d+)", line)
            if ended:
                return int(ended[1]), "\n".join(out).strip("\n")
            out.append(line)

    def ask(self, script, seconds=300):
        """The output of a script that has to succeed."""
        code, out = self.run(script, seconds)
        if code != 0:
            raise Failure(f"exit code {code} of: {script}\n{out}")
        return out

    def becomes(self, script, wanted, seconds=120):
        """Looks until the output of `script` has `wanted`; the output."""
        end = time.monotonic() + 5 * seconds
        while True:
            _, out = self.run(script)
            if re.search(wanted, out):
                return out
            if time.monotonic() > end:
                raise Failure(f"{script} says \"{out}\", not \"{wanted}\"")
            time.sleep(0.2)  # between two looks

    def tell_all(self, folder):
        """For people: what came in, and what the guest's journal says."""
        for name, port in self.ports.items():
            (folder / f"{name}.txt").write_text("".join(f"{at:.3f} {line}\n" for at, line in port.seen))
        try:
            _, out = self.run("journalctl -b --no-pager -o short-monotonic -n 400; stilectl status", 60)
            (folder / "journal.txt").write_text(out)
            print("\n".join(out.splitlines()[-40:]))
        except (Failure, OSError):
            print("the guest says nothing any more")
        print(f"more in {folder}")
