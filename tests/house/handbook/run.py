#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the commands of the handbook: every block that begins with ```sh, in order, page by page.
Usage: run.py SOURCE_DIR BIN_DIR [PAGE...]; without pages all but the README. Exit code 77: not possible here.

Each page has a machine of its own: this one's files below an overlay that is thrown away, with processes, network and
temporary files of its own. So commands stand in the page, and run, as they are typed on a controller. `world.sh`
prepares it, `systemctl.py` plays systemd. What a page says to this test stands in comments directly above a block:

<!-- not run: REASON -->     shown to the reader only
<!-- until: TEXT -->         does not end by itself; it is ended when it has printed TEXT
<!-- exit: N -->             ends with that code
<!-- before: COMMANDS -->    what has to have happened
<!-- where A is B -->        the reader's A is B here; the shell expands B
<!-- world: gate -->         anywhere above: broker, stiled and stile-sync run
<!-- file: PATH -->          above a block of any kind: it is what that file holds
"""
import fcntl
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

NAMESPACES = ["unshare", "--mount", "--pid", "--net", "--ipc", "--uts", "--fork", "--kill-child", "--propagation", "private"]
LIMIT_S = 300


def blocks(text):
    """(line, comments, text) of each ```sh block, and of each that a file holds."""
    comments, lines, start = [], None, 0
    for number, line in enumerate(text.splitlines(), 1):
        comment = re.fullmatch(r" *<!-- (.*) -->", line)
        if lines is not None:
            if line == "```":
                yield start, comments, "\n".join(lines)
                lines, comments = None, []
            else:
                lines.append(line)
        elif line == "```sh" or (line.startswith("```") and said(comments, "file: ")):
            lines, start = [], number
        elif comment:
            comments.append(comment.group(1))
        elif line:
            comments = [one for one in comments if one.startswith("world: ")]


def said(comments, what):
    return [one.removeprefix(what) for one in comments if one.startswith(what)]


def shell(commands, **more):
    return subprocess.Popen(["bash", "-euo", "pipefail", "-c", commands], stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                            start_new_session=True, **more)


def output_of(commands):
    """All that they print, and how they end; what they leave running does not keep their output open."""
    with tempfile.TemporaryFile("w+", errors="replace") as out:
        try:
            code = subprocess.run(["bash", "-euo", "pipefail", "-c", commands], stdin=subprocess.DEVNULL, stdout=out,
                                  stderr=subprocess.STDOUT, timeout=LIMIT_S).returncode
        except subprocess.TimeoutExpired:
            code = f"none within {LIMIT_S} s"
        out.seek(0)
        return out.read(), code


def wait_for(text, commands):
    process = shell(commands)
    printed = ""
    for line in process.stdout:
        printed += line
        if text in printed:
            break
    os.killpg(process.pid, 9)
    process.wait()
    return printed, 0 if text in printed else f"and it never printed {text}"


def with_places(commands, comments):
    for words in said(comments, "where "):
        reader, _, here = words.partition(" is ")
        if reader not in commands:
            return None, f"{reader} is not in the block"
        value, code = output_of(f'printf %s "{here}"')
        if code != 0:
            return None, value
        commands = commands.replace(reader, value)
    return commands, ""


def run_block(comments, commands):
    for words in said(comments, "before: "):
        printed, code = output_of(words)
        if code != 0:
            return f"before: {words}\n{printed}exit code {code}"
    commands, trouble = with_places(commands, comments)
    if commands is None:
        return trouble
    until = said(comments, "until: ")
    wanted = int((said(comments, "exit: ") or ["0"])[0])
    printed, code = wait_for(until[0], commands) if until else output_of(commands)
    return "" if code == wanted else f"{commands}\n{printed}exit code {code}, not {wanted}"


def run_page(page):
    """Inside of the machine."""
    os.environ |= {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root",
                   "ASAN_OPTIONS": "detect_leaks=0", "LC_ALL": "C.UTF-8"}
    prepared, code = output_of("/host/source/tests/house/handbook/world.sh")
    if code != 0:
        sys.exit(f"world.sh: {prepared}")
    os.chdir("/root/work")
    ran = left = 0
    gate = False
    for line, comments, commands in blocks(Path("/host/source", page).read_text()):
        if said(comments, "world: ") and not gate:
            gate = True
            printed, code = output_of("systemctl start mosquitto stiled stile-sync && chmod 755 /root")
            if code != 0:
                sys.exit(f"the gate does not start: {printed}")
        for path in said(comments, "file: "):
            Path(path).write_text(commands + "\n")
        if said(comments, "file: "):
            continue
        if said(comments, "not run: "):
            left += 1
            continue
        trouble = run_block(comments, commands)
        if trouble:
            sys.exit(f"{page}:{line}: {trouble}")
        ran += 1
    print(f"{page}: {ran} blocks ran, {left} are for the reader only")


def loopback_up():
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh22x", b"lo", 0x1 | 0x40))  # SIOCSIFFLAGS: up, running


def mount(*words):
    subprocess.run(["mount", *words], check=True)


def build_machine(work, source, bin_dir):
    """Mounts are of this namespace and end with it."""
    root = f"{work}/root"
    mount("-t", "tmpfs", "tmpfs", work)
    for name in ("upper", "scratch", "root"):
        os.mkdir(f"{work}/{name}")
    mount("-t", "overlay", "overlay", "-o", f"lowerdir=/,upperdir={work}/upper,workdir={work}/scratch", root)
    mount("-t", "proc", "proc", f"{root}/proc")
    mount("--rbind", "/dev", f"{root}/dev")
    for name in ("run", "tmp"):
        mount("-t", "tmpfs", "tmpfs", f"{root}/{name}")
    for name, folder in (("source", source), ("bin", bin_dir)):
        os.makedirs(f"{root}/host/{name}")
        mount("--bind", folder, f"{root}/host/{name}")
    loopback_up()
    os.chroot(root)
    os.chdir("/")


def pages_of(source):
    listed = subprocess.run(["git", "-C", source, "ls-files", "-co", "--exclude-standard", "*.md"], capture_output=True, text=True)
    names = listed.stdout.split() if listed.returncode == 0 else [
        str(path.relative_to(source)) for path in Path(source).rglob("*.md") if "build" not in path.parts]
    return sorted(name for name in names if name != "README.md" and "\n```sh\n" in Path(source, name).read_text())


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


def main():
    source, bin_dir, pages = os.path.realpath(sys.argv[1]), os.path.realpath(sys.argv[2]), sys.argv[3:]
    if pages[:1] == ["--inside"]:
        try:
            build_machine(pages[1], source, bin_dir)
        except (subprocess.CalledProcessError, OSError) as trouble:
            skip(f"an overlay of / cannot be mounted here: {trouble}")
        run_page(pages[2])
        return
    if os.geteuid() != 0:
        skip("a machine of its own for each page needs root")
    if not shutil.which("unshare") or subprocess.run([*NAMESPACES, "true"], capture_output=True).returncode != 0:
        skip("unshare (package util-linux) may not make namespaces here")
    failed = False
    for page in pages or pages_of(source):
        with tempfile.TemporaryDirectory(prefix="stile-handbook.") as work:
            inside = [*NAMESPACES, sys.executable, __file__, source, bin_dir, "--inside", work, page]
            code = subprocess.run(inside).returncode
            if code == 77:
                sys.exit(77)
            failed |= code != 0
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
