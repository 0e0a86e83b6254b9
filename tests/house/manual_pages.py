#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The manual pages say what the programs, the sample files and the exit codes are, no more and no less; what any
document of ours writes as a command of these programs, the programs take; and the README leads to every document.
Usage: manual_pages.py SOURCE_DIR BIN_DIR"""
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from program_help import ENVIRONMENT, PROGRAMS, all_commands

top, bin_dir = Path(sys.argv[1]), Path(sys.argv[2])
pages = {path.name.removesuffix(".scd"): path.read_text() for path in sorted((top / "systemd/man").glob("*.scd"))}
wrong = []


def page_of(name):
    found = [text for page, text in pages.items() if re.fullmatch(re.escape(name) + r"\.\d", page)]
    return found[0] if found else ""


def sections(text):
    """A page by its headings: "OPTIONS", "COMMANDS/log verify [FOLDER]"."""
    found, first, second = {}, "", ""
    for line in text.splitlines():
        if line.startswith("# "):
            first, second = line[2:], ""
        elif line.startswith("## "):
            second = line[3:]
        found.setdefault((first, second), []).append(line)
    return {heading: "\n".join(lines) for heading, lines in found.items()}


def differ(where, ours, theirs, what):
    for name in sorted(set(theirs) - set(ours)):
        wrong.append(f"{where}: {what} {name} is missing in the page")
    for name in sorted(set(ours) - set(theirs)):
        wrong.append(f"{where}: {what} {name} is in the page only")


def entries(text):
    """The options that a section explains, each with its text."""
    found = {}
    for head, body in re.findall(r"^(\*-.*)\n((?:\t.*\n?)*)", text, re.M):
        for name in re.findall(r"\*(-[-a-z]+)\*", head):
            found[name] = body
    return found


def default_of(beside):
    said = re.search(r"=(.+?)(?: (?:REQUIRED|Needs:|Excludes:).*)?$", re.sub(r":\{[^}]*\}|:\S+ in \[[^]]*\]", "", beside))
    return said.group(1) if said else None


def check_options(where, text, command, inherited):
    said = entries(text)
    asked = {name: beside for name, beside in command.options.items() if name not in inherited}
    differ(where, said, asked, "option")
    for name, beside in asked.items():
        default = default_of(beside)
        if default and name in said and f"Default: {default}." not in re.sub(r'[\\"]', "", said[name]):
            wrong.append(f"{where}: {name}: its default is {default}")


def check_program(name, commands):
    text = page_of(name)
    parts = sections(text)
    check_options(name, parts.get(("OPTIONS", ""), ""), commands[(name,)], [])
    below = [command for path, command in commands.items() if path[0] == name and len(path) > 1]
    # A command that only holds others needs no place.
    wanted = [one for one in below if one.alone]
    said = {}
    for (first, second), section in parts.items():
        if first == "COMMANDS" and second:
            words = second.split()
            path = " ".join(word for word in words if re.fullmatch("[a-z-]+", word))
            said[path] = ([word.strip("[].").lower() for word in words if not re.fullmatch("[a-z-]+", word)], section)
    differ(name, said, [" ".join(one.path[1:]) for one in wanted], "command")
    for command in wanted:
        path = " ".join(command.path[1:])
        if path in said:
            positionals, section = said[path]
            check_options(f"{name} {path}", section, command, ["-h", "--help"])
            theirs = [re.sub(r"\(.*|\.+$", "", word).lower() for word in command.positionals]
            differ(f"{name} {path}", positionals, theirs, "positional")


def sample_keys(path):
    """Section and key of every line of a sample file that sets one, also of those behind a # sign."""
    found, section = {}, None
    for line in path.read_text().splitlines():
        heading = re.match(r"#?(\[\[?[a-z]+\]\]?)", line)
        key = re.match(r'#? ?([a-z][a-z0-9_]*) = ("[^"]*"|\[[^\]]*\]|[^#\s]+)', line)
        if heading:
            section = heading.group(1)
        elif key and section:
            found.setdefault((section, key.group(1)), key.group(2))
    return found


def check_sample(page, sample):
    theirs = sample_keys(top / "systemd" / sample)
    ours = {}
    for (first, second), text in sections(page_of(page)).items():
        for key, value in re.findall(r"^\*([a-z0-9_]+)\* = (.*)\n\t\S", text, re.M):
            ours[second, key] = value.replace("\\", "")
    differ(page, [" ".join(key) for key in ours], [" ".join(key) for key in theirs], "key")
    for key in ours.keys() & theirs.keys():
        if ours[key] != theirs[key]:
            wrong.append(f"{page}: {' '.join(key)}: the sample has {theirs[key]}")


def check_exit_codes():
    header = (top / "daemon/runtime/exit_code.hpp").read_text()
    codes = set(re.findall(r"kExit\w+ = (\d+)", header))
    def said(page):
        return set(re.findall(r"^\*(\d+)\*$", sections(page_of(page)).get(("EXIT STATUS", ""), ""), re.M))
    differ("stile", said("stile"), codes, "exit code")
    for program in PROGRAMS:
        expected = codes - ({"3", "78"} if program == "stile-issue" else set() if program == "stilectl" else {"3"})
        differ(program, said(program), expected, "exit code")
    tried = [(2, ["stilectl", "--no-such-option"]), (3, ["stilectl", "--socket", "/nowhere/socket", "status"]),
             (78, ["stilectl", "-c", "/nowhere/stile.toml", "status"])]
    tried += [(78, [name, "--check-config", "-c", "/nowhere/stile.toml"]) for name in PROGRAMS[3:]]
    for code, words in tried:
        got = subprocess.run([bin_dir / words[0], *words[1:]], env=ENVIRONMENT, capture_output=True).returncode
        if got != code:
            wrong.append(f"{' '.join(words)}: exit code {got}, not {code}")


def check_texts():
    for page, text in pages.items():
        name, number = page.rsplit(".", 1)
        if not text.startswith(f"{name}({number})\n"):
            wrong.append(f"{page}: its first line is not {name}({number})")
        for other, section in re.findall(r"\*([a-z.-]+)\*\((\d)\)", text):
            if other.startswith("stile") and f"{other}.{section}" not in pages:
                wrong.append(f"{page}: there is no page {other}({section})")
        if shutil.which("scdoc"):
            made = subprocess.run(["scdoc"], input=text, capture_output=True, text=True)
            if made.returncode != 0:
                wrong.append(f"{page}: scdoc: {made.stderr}")


def commands_in(text):
    """What begins with a program's name: in code marks, and as a line of a block that the reader types."""
    name = r"(?:sudo (?:-u \S+ )?)?(?:/usr/\S+/)?(?:" + "|".join(PROGRAMS) + r")(?= )"
    prose, typed = [], []
    for number, part in enumerate(re.split(r"^ *```(.*)$", text, flags=re.M)):
        if number % 4 == 0:
            prose.append(part)
        elif number % 4 == 1:
            language = part
        elif number % 4 == 2 and language in ("", "sh"):
            typed.append(part)
    found = [span for part in prose for span in re.findall(rf"`({name}[^`]*)`", part)]
    return found + [line for part in typed for line in re.findall(rf"^({name}.*)$", part, re.M)]


def check_command(where, line, commands):
    """The words of a line up to what another program reads: a pipe, a comment, what a shell puts in."""
    line = re.split(r"[|<>;&]| #|\$\(|\\$", re.sub(r"^sudo (-u \S+ )?", "", line))[0]
    words = line.replace("[", " ").replace("]", " ").split()
    path = (Path(words[0]).name,)
    known = set(commands[path].options)
    for word in words[1:]:
        name = word.split("=")[0].rstrip(",.")
        if re.match(r"--?[a-z]", word):
            if name not in known:
                wrong.append(f"{where}: {' '.join(path)} has no {name}: {line}")
        elif name in commands[path].commands:
            path += (name,)
            known |= set(commands[path].options)
        elif commands[path].commands and not commands[path].positionals and re.fullmatch("[a-z-]+", word):
            wrong.append(f"{where}: {' '.join(path)} has no command {word}: {line}")
            return


def check_reachable():
    """The README leads to every page, by way of others too."""
    pages = {page.relative_to(top) for page in top.rglob("*.md") if not {"build", "node_modules"} & set(page.relative_to(top).parts)}
    found, todo = set(), [Path("README.md")]
    while todo:
        page = todo.pop()
        if page in pages - found:
            found.add(page)
            links = re.findall(r"\]\(([^)#\s:]+\.md)", (top / page).read_text())
            todo += [Path(os.path.normpath(page.parent / link)) for link in links]
    wrong.extend(f"{page}: no page that the README leads to links to it" for page in sorted(pages - found))


def check_documents(commands):
    for page in sorted(top.rglob("*.md")):
        where = page.relative_to(top)
        # INSTALL.md says what has to come, so it may be ahead of the programs.
        if where.parts[0] == "build" or "node_modules" in where.parts or where.name == "INSTALL.md":
            continue
        for line in commands_in(page.read_text()):
            check_command(where, line, commands)


commands = all_commands(bin_dir, PROGRAMS)
for program in PROGRAMS:
    check_program(program, commands)
    for option in ("--help", "--version"):
        if option not in commands[(program,)].options:
            wrong.append(f"{program} has no {option}")
check_sample("stile.toml", "stile.toml")
check_sample("stile-policy.toml", "policy.toml")
check_sample("stile-collector.toml", "collector.toml")
check_exit_codes()
check_texts()
check_documents(commands)
check_reachable()
print("\n".join(wrong) or f"{len(pages)} pages agree with {len(commands)} commands")
sys.exit(1 if wrong else 0)
