#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plays systemctl for the commands of the handbook: starts what the installed units say, as whom they say, with their
credentials, and waits until it says that it is ready."""
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

UNITS = [Path("/etc/systemd/system"), Path("/usr/lib/systemd/system"), Path("/lib/systemd/system")]
STATE = Path("/run/played")
READERS = STATE / "readers"
WAIT_S = 60
# Of other packages: what they would start here.
FOREIGN = {"mosquitto": "/usr/sbin/mosquitto -c /etc/mosquitto/mosquitto.conf", "nginx": "/usr/sbin/nginx -g 'daemon off;'"}
NOT_HERE = {"pcscd", "prometheus", "ModemManager"}


def base_of(name):
    return re.sub(r"\.service$", "", name)


def unit_of(name):
    template = re.sub(r"@[^.]*", "@", name)
    suffix = "" if "." in template else ".service"
    for folder in UNITS:
        if (folder / (template + suffix)).exists():
            return (folder / (template + suffix)).read_text().replace("\\\n", " ")
    sys.exit(f"systemctl: there is no unit {name}")


def all_of(unit, key):
    return re.findall(rf"^{key}=(.*)$", unit, re.M)


def credentials(name, unit):
    folder = STATE / f"{name}.credentials"
    folder.mkdir(parents=True, exist_ok=True)
    for wanted in all_of(unit, "LoadCredential"):
        key, _, path = wanted.partition(":")
        source = Path(path) if path else Path("/etc/credstore") / key
        if source.exists():
            shutil.copy(source, folder / key)
            (folder / key).chmod(0o644)
    return {"CREDENTIALS_DIRECTORY": str(folder)}


def pid_file(name):
    return STATE / f"{name}.pid"


def pid_of(name):
    try:
        pid = int(pid_file(name).read_text())
        os.kill(pid, 0)
        return None if Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z" else pid
    except (OSError, ValueError):
        return None


def wait_until_ready(name, process, ready):
    ready.settimeout(0.5)
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end and process.poll() is None:
        try:
            if b"READY=1" in ready.recv(4096):
                return
        except TimeoutError:
            pass
    sys.exit(f"systemctl: {name} is not ready: {(STATE / (name + '.log')).read_text()}")


def launch(name, words, user=None, environment=None):
    with open(STATE / f"{name}.log", "a") as log:
        process = subprocess.Popen(words, shell=isinstance(words, str), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                   start_new_session=True, env=os.environ | (environment or {}), user=user,
                                   group=pwd.getpwnam(user).pw_gid if user else None,
                                   extra_groups=[] if user else None)
    pid_file(name).write_text(str(process.pid))
    return process


def start_foreign(name):
    process = launch(name, "exec " + FOREIGN[name])
    if name != "mosquitto":
        return
    config = Path("/etc/mosquitto/mosquitto.conf").read_text()
    port = int((re.findall(r"^listener (\d+)", config, re.M) or ["1883"])[0])
    end = time.monotonic() + WAIT_S
    while process.poll() is None and time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.05)  # between two looks
    sys.exit(f"systemctl: {name} does not listen: {(STATE / (name + '.log')).read_text()}")


# As stile-generator does; the target wants no other readers until the next time.
def generate():
    site = Path("/etc/stile/stile.toml")
    readers = re.findall(r'^\[\[reader\]\]\nname = "([^"]*)"', site.read_text(), re.M) if site.exists() else []
    READERS.write_text("".join(f"stile-reader@{reader}\n" for reader in readers))


def start(name):
    if pid_of(name) or name in NOT_HERE or name.endswith((".timer", ".socket")):
        return
    if name == "stile.target":
        for member in ["stiled", "stile-sync", *READERS.read_text().split()]:
            start(member)
        return
    if name in FOREIGN:
        start_foreign(name)
        return
    unit = unit_of(name)
    command = re.sub(r"^[-+!@]*", "", all_of(unit, "ExecStart")[-1]).replace("%i", name.partition("@")[2])
    socket_path = STATE / f"{name}.notify"
    socket_path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
        ready.bind(str(socket_path))
        socket_path.chmod(0o777)
        more = credentials(name, unit) | {"NOTIFY_SOCKET": str(socket_path)}
        process = launch(name, command.split(), (all_of(unit, "User") or [None])[-1], more)
        if (all_of(unit, "Type") or [""])[-1].startswith("notify"):
            wait_until_ready(name, process, ready)


def stop(name):
    if name == "stile.target":
        for file in STATE.glob("stile*.pid"):
            stop(file.stem)
        return
    pid = pid_of(name)
    if pid is None:
        return
    os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + WAIT_S
    while pid_of(name):
        if time.monotonic() > end:
            sys.exit(f"systemctl: {name} does not end")
        time.sleep(0.02)  # between two looks


def reload(name):
    pid = pid_of(name) or sys.exit(f"systemctl: {name} does not run")
    unit = unit_of(name)
    for command in all_of(unit, "ExecReload"):
        words = re.sub(r"^[-+!@]*", "", command).replace("$MAINPID", str(pid))
        if subprocess.run(words, shell=True).returncode != 0:
            sys.exit(f"systemctl: {name} was not reloaded")


def main():
    os.umask(0o022)  # whatever the page's commands have set
    STATE.mkdir(exist_ok=True)
    READERS.touch()
    options = [word for word in sys.argv[1:] if word.startswith("-")]
    verb, *names = [word for word in sys.argv[1:] if not word.startswith("-")]
    names = [base_of(name) for name in names]
    now = "--now" in options
    for name in names:
        if name not in FOREIGN and name not in NOT_HERE and not name.endswith(".socket"):
            unit_of(name)
    if verb in ("stop", "restart") or (verb == "disable" and now):
        for name in names:
            stop(name)
    if verb in ("start", "restart") or (verb == "enable" and now):
        for name in names:
            start(name)
    if verb == "daemon-reload":
        generate()
    if verb == "reload":
        for name in names:
            reload(name)
    if verb in ("status", "is-active"):
        for name in names:
            print(name, "active" if pid_of(name) else "inactive")
        sys.exit(0 if all(pid_of(name) for name in names) else 3)
    if verb not in ("start", "stop", "restart", "enable", "disable", "reload", "daemon-reload", "status", "is-active"):
        sys.exit(f"systemctl: {verb} is not played")


if __name__ == "__main__":
    main()
