# SPDX-License-Identifier: Apache-2.0
"""What the programs say about themselves with --help: their commands, options and positionals."""
import concurrent.futures
import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

PROGRAMS = ["stilectl", "stile-issue", "stile-collector", "stiled", "stile-reader", "stile-sync", "stile-display"]
ENVIRONMENT = os.environ | {"ASAN_OPTIONS": "detect_leaks=0"}


@dataclass
class Command:
    path: tuple  # ("stilectl", "log", "verify")
    options: dict = field(default_factory=dict)  # a name to what stands beside it: "UINT=8"
    positionals: list = field(default_factory=list)
    commands: list = field(default_factory=list)
    alone: bool = True  # it does something without one of them


def read(path, text):
    found = Command(path)
    found.alone = not re.search(r"^Usage: .* SUBCOMMAND$", text, re.M)
    part = None
    for line in text.splitlines():
        if line and not line.startswith(" "):
            # The examples behind the lists are no lists.
            heading = re.fullmatch(r"(Positionals|Options|Subcommands|Of .*):", line)
            part = heading.group(1) if heading else None
        item = re.match(r"  (\S+) ?(\S.*?)?(?:  .*)?$", line)
        if part is None or item is None:
            continue
        if part == "Positionals":
            found.positionals.append(item.group(1))
        elif part == "Subcommands":
            found.commands.append(item.group(1))
        else:
            found.options.update({name: item.group(2) or "" for name in item.group(1).split(",") if name[0] == "-"})
    return found


def ask(bin_dir, path):
    done = subprocess.run([Path(bin_dir) / path[0], *path[1:], "--help"], env=ENVIRONMENT, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(path)} --help ends with {done.returncode}: {done.stderr}")
    return read(path, done.stdout)


def all_commands(bin_dir, programs):
    """Every command of the programs by its path, asked level by level."""
    found = {}
    level = [(name,) for name in programs]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        while level:
            answers = list(pool.map(lambda path: ask(bin_dir, path), level))
            found.update({answer.path: answer for answer in answers})
            level = [(*answer.path, name) for answer in answers for name in answer.commands]
    return found
