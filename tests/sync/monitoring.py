#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds alerts.yml, grafana.json and MONITORING.md to METRICS.md and to each other: monitoring.py SOURCE_DIR."""
import collections
import json
import pathlib
import re
import sys

sync = pathlib.Path(sys.argv[1]) / "sync"
here = sync / "monitoring"
mistakes = []


def check(good, sentence):
    if not good:
        mistakes.append(sentence)


def known_metrics():
    """Of the tables in METRICS.md; a histogram has three series."""
    names = set()
    for row in re.findall(r"^\| (`stile_.*)$", (sync / "METRICS.md").read_text(), re.M):
        cells = row.split(" | ")
        for name in re.findall(r"`(stile_\w+)`", cells[0]):
            ends = ("_bucket", "_count", "_sum") if cells[1] == "histogram" else ("",)
            names.update(name + end for end in ends)
    return names


def metrics_of(text):
    return set(re.findall(r"\bstile_[a-z_]+", text))


def walk(panels):
    for panel in panels:
        yield panel
        yield from walk(panel.get("panels", []))


known = known_metrics()
check(len(known) > 40, f"METRICS.md names only {len(known)} metrics")

rules = (here / "alerts.yml").read_text()
tests = (here / "alerts_test.yml").read_text()
manual = (here / "MONITORING.md").read_text()
alerts = re.findall(r"- alert: (\w+)", rules)
check(len(alerts) == len(set(alerts)), "two alerts have one name")
for name in metrics_of(rules) - known:
    check(False, f"alerts.yml: METRICS.md has no {name}")
for rule in rules.split("- alert: ")[1:]:
    alert = rule.split("\n")[0]
    check(re.search(r"\n        for: \d", rule), f"{alert} has no time")
    check(re.search(r"severity: (critical|warning)}", rule), f"{alert} has no severity")
    check(len(re.findall(r'\n          (?:summary|description): ".+"', rule)) == 2, f"{alert} does not say what to do")
    severity = re.search(r"severity: (\w+)", rule).group(1)
    check(f"| `{alert}` | {severity} |" in manual, f"MONITORING.md has no {alert}, {severity}")
    check(f'alertname="{alert}"' in tests, f"alerts_test.yml has no {alert}")
for name in set(re.findall(r"^\| `(Stile\w+)`", manual, re.M)) - set(alerts):
    check(False, f"MONITORING.md: there is no alert {name}")

dashboard = json.loads((here / "grafana.json").read_text())
panels = list(walk(dashboard["panels"]))
for number, count in collections.Counter(panel["id"] for panel in panels).items():
    check(count == 1, f"grafana.json: {count} panels have the id {number}")
variables = {variable["name"] for variable in dashboard["templating"]["list"]}
places = set()
for panel in panels:
    title = panel["title"]
    grid = panel["gridPos"]
    cells = {(x, y) for x in range(grid["x"], grid["x"] + grid["w"]) for y in range(grid["y"], grid["y"] + grid["h"])}
    check(not cells & places and grid["x"] + grid["w"] <= 24, f"grafana.json: {title} has no room")
    places |= cells
    expressions = [target["expr"] for target in panel.get("targets", [])]
    check(expressions or panel["type"] == "row", f"grafana.json: {title} shows nothing")
    for expression in expressions:
        for name in metrics_of(expression) - known:
            check(False, f"grafana.json: METRICS.md has no {name}, which {title} shows")
        for name in re.findall(r"\$(\w+)", expression):
            check(name in variables or name.startswith("__"), f"grafana.json: there is no ${name}, which {title} uses")
        check('venue="$venue"' in expression, f"grafana.json: {title} shows all venues")
for variable in dashboard["templating"]["list"]:
    for name in metrics_of(json.dumps(variable)) - known:
        check(False, f"grafana.json: METRICS.md has no {name}, which ${variable['name']} asks for")

for mistake in mistakes:
    print(mistake, file=sys.stderr)
print(f"{len(alerts)} alerts, {len(panels)} panels, {len(known)} series")
sys.exit(1 if mistakes else 0)
