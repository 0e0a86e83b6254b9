#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds recorded messages, and the documents, to sync/asyncapi/stile.json and its JSON schemas.

validate_messages.py [--documents] [--asyncapi SCHEMA] [--want NAMES] [RECORDING ...]

A RECORDING has one message a line, as mosquitto_sub -v writes them: topic, space, payload.
--want a,b: these messages (names of the AsyncAPI document) must be among those recorded.
--documents: also checks the AsyncAPI document, its schemas and examples, and that TOPICS.md and
OPS.md list the same topics and show only messages that fit (```json CHANNEL ...).
--asyncapi: also holds the AsyncAPI document to that schema, 3.0.0.json of npm's @asyncapi/specs.
Stricter than the schemas in one thing: a field that a schema does not have is a mistake.
Exit code: 0 all fit, 1 mistakes, 77 python3-jsonschema or SCHEMA is not there.
"""
import argparse
import collections
import json
import pathlib
import re
import sys

try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is not installed", file=sys.stderr)
    sys.exit(77)

SYNC = pathlib.Path(__file__).resolve().parents[2] / "sync"
DEEP = 40  # references inside references


def load(name):
    return json.loads((SYNC / "asyncapi" / name).read_text())


def expand(node, schema_file, depth=0):
    """The schema with every reference replaced, and with no room for unknown fields."""
    if depth > DEEP:
        sys.exit(f"{schema_file}: references without end")
    if isinstance(node, list):
        return [expand(item, schema_file, depth + 1) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        name, _, pointer = node["$ref"].partition("#")
        target = load("schemas/" + (name or schema_file))
        for key in pointer.strip("/").split("/"):
            target = target[key]
        return expand(target, name or schema_file, depth + 1)
    out = {key: expand(value, schema_file, depth + 1) for key, value in node.items()}
    if out.get("type") == "object" and "properties" in out:
        out.setdefault("additionalProperties", False)
    return out


class Message:
    def __init__(self, name, body):
        self.name = body["name"]
        self.file = pathlib.PurePath(body["payload"]["$ref"]).name
        self.schema = expand(load("schemas/" + self.file), self.file)
        self.validator = jsonschema.Draft7Validator(self.schema)
        self.examples = [example["payload"] for example in body.get("examples", [])]
        self.key = name

    def may_be(self, payload):
        """Whether the fields that tell messages of one channel apart have values of this one."""
        for field, schema in self.schema.get("properties", {}).items():
            values = [schema["const"]] if "const" in schema else schema.get("enum")
            if values is not None and field in payload and payload[field] not in values:
                return False
        return True

    def mistakes(self, payload):
        def where(error):
            return "/".join(str(step) for step in error.absolute_path) or "the message"

        found = sorted(self.validator.iter_errors(payload), key=lambda error: str(error.path))
        return [f"{self.name}: {where(error)}: {error.message}" for error in found]


class Channel:
    def __init__(self, name, body, messages):
        self.name = name
        self.address = body["address"]
        self.deletable = body.get("x-deletable", False)
        keys = [entry["$ref"].rsplit("/", 1)[1] for entry in body["messages"].values()]
        self.messages = [messages[key] for key in keys]
        self.in_prose = False
        level = re.sub(r"\\{\w+\\}", "[a-z0-9-]{1,63}", re.escape(self.address))
        self.pattern = re.compile(level + r"\Z")


class Contract:
    def __init__(self):
        self.document = load("stile.json")
        parts = self.document["components"]["messages"]
        self.messages = {key: Message(key, body) for key, body in parts.items()}
        self.channels = [
            Channel(name, body, self.messages)
            for name, body in self.document["channels"].items()
        ]
        self.seen = collections.Counter()
        self.mistakes = []

    def wrong(self, where, what):
        self.mistakes.append(f"{where}: {what}")

    def judge(self, where, text, messages):
        """Counts the one of these messages that the text is."""
        try:
            payload = json.loads(text)
        except ValueError as error:
            return self.wrong(where, f"no JSON ({error}): {text[:200]}")
        if not isinstance(payload, dict):
            return self.wrong(where, f"no object: {text[:200]}")
        possible = [message for message in messages if message.may_be(payload)]
        if not possible:
            return self.wrong(where, f"none of {[m.name for m in messages]}: {text[:300]}")
        verdicts = [(message, message.mistakes(payload)) for message in possible]
        for message, mistakes in verdicts:
            if not mistakes:
                self.seen[message.name] += 1
                return None
        return self.wrong(where, "; ".join(verdicts[0][1][:5]) + f" in {text[:300]}")

    def judge_topic(self, where, topic, text):
        if not topic.startswith("stile/"):
            return None
        channel = next((c for c in self.channels if c.pattern.match(topic)), None)
        if channel is None:
            return self.wrong(where, f"the document has no such topic: {topic}")
        if text in ("", "(null)"):
            if not channel.deletable:
                self.wrong(where, f"an empty message on {topic}")
            return None
        return self.judge(f"{where} {topic}", text, channel.messages)

    def judge_recording(self, path):
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            topic, _, text = line.partition(" ")
            self.judge_topic(f"{path}:{number}", topic, text.strip())

    def check_document(self):
        for path in sorted((SYNC / "asyncapi" / "schemas").glob("*.json")):
            try:
                jsonschema.Draft7Validator.check_schema(json.loads(path.read_text()))
            except jsonschema.SchemaError as error:
                self.wrong(path.name, error.message)
        files = {path.name for path in (SYNC / "asyncapi" / "schemas").glob("*.json")}
        unused = files - {message.file for message in self.messages.values()} - {"common.json"}
        in_channels = {message.key for channel in self.channels for message in channel.messages}
        for what in sorted(unused) + sorted(set(self.messages) - in_channels):
            self.wrong("stile.json", f"{what} is used nowhere")
        for message in self.messages.values():
            for example in message.examples:
                self.judge(f"example of {message.name}", json.dumps(example), [message])

    def check_form(self, path):
        """Whether the document is one of AsyncAPI 3."""
        if not path.exists():
            print(f"{path} is not there: npm ci in tests/browser", file=sys.stderr)
            sys.exit(77)
        validator = jsonschema.Draft7Validator(json.loads(path.read_text()))
        for error in validator.iter_errors(self.document):
            self.wrong("stile.json", "/".join(map(str, error.absolute_path)) + ": " + error.message)

    def check_prose(self, name, prefix):
        """The rows | `topic` | retained | QoS | ... and the blocks ```json CHANNEL ..."""
        bindings = {
            operation["channel"]["$ref"].rsplit("/", 1)[1]: operation["bindings"]["mqtt"]
            for operation in self.document["operations"].values()
        }
        block, columns = None, None
        for number, line in enumerate((SYNC / name).read_text().splitlines(), 1):
            where = f"{name}:{number}"
            if line.startswith("```"):
                if line.startswith("```json"):
                    block = [c for c in self.channels if c.name in line.split()[1:]]
                    if not block:
                        self.wrong(where, "name the channel of this JSON: ```json CHANNEL")
                else:
                    block = None
            elif block:
                self.judge(where, line, [m for c in block for m in c.messages])
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if line.startswith("| topic | retained |"):
                columns = cells
            elif not line.startswith("|"):
                columns = None
            elif columns and cells[0].startswith("`"):
                self.check_row(where, prefix + cells[0].strip("`"), dict(zip(columns, cells)), bindings)

    def check_row(self, where, address, row, bindings):
        channel = next((c for c in self.channels if c.address == address), None)
        if channel is None:
            return self.wrong(where, f"stile.json has no channel {address}")
        told = bindings[channel.name]
        if (row["retained"] == "yes") != told["retain"] or row["QoS"] != str(told["qos"]):
            self.wrong(where, f"stile.json says otherwise of {address}: {told}")
        channel.in_prose = True
        return None

    def check_documents(self):
        self.check_document()
        self.check_prose("TOPICS.md", "stile/v1/{venue}/{gate}/")
        self.check_prose("OPS.md", "stile/v1/{venue}/")
        for channel in self.channels:
            if not channel.in_prose:
                self.wrong("stile.json", f"no table in TOPICS.md or OPS.md has {channel.address}")
        for message in self.messages.values():
            if not self.seen[message.name]:
                self.wrong("stile.json", f"no example anywhere of {message.name}")


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--documents", action="store_true")
    options.add_argument("--asyncapi", type=pathlib.Path)
    options.add_argument("--want", default="")
    options.add_argument("recordings", nargs="*", type=pathlib.Path)
    words = options.parse_args()
    contract = Contract()
    if words.asyncapi:
        contract.check_form(words.asyncapi)
    if words.documents:
        contract.check_documents()
        contract.seen.clear()
    for path in words.recordings:
        contract.judge_recording(path)
    for name in filter(None, words.want.split(",")):
        if not contract.seen[name]:
            contract.wrong("recording", f"{name} was not among the messages")
    for mistake in contract.mistakes[:40]:
        print(mistake, file=sys.stderr)
    for name, count in sorted(contract.seen.items()):
        print(f"{count:8} {name}")
    print(f"{sum(contract.seen.values())} messages, {len(contract.mistakes)} mistakes")
    return 1 if contract.mistakes else 0


if __name__ == "__main__":
    sys.exit(main())
