#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A real Prometheus with the sample configuration scrapes a real stile-sync, and tells what fires.

prometheus.py SOURCE_DIR BIN_DIR. Addresses, periods and the times of the alerts are substituted, nothing else.
"""
import contextlib
import http.server
import json
import os
import pathlib
import queue
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

LIMIT = 120  # seconds for anything to happen
monitoring = pathlib.Path(sys.argv[1]) / "sync" / "monitoring"
program = pathlib.Path(sys.argv[2]) / "stile-sync"
if not shutil.which("prometheus"):
    print("prometheus is not installed")
    sys.exit(77)


def fail(sentence):
    sys.exit(f"prometheus: {sentence}")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextlib.contextmanager
def running(*command, **options):
    child = subprocess.Popen(command, **options)
    try:
        yield child
    finally:
        child.terminate()
        child.wait()


class Alertmanager(http.server.BaseHTTPRequestHandler):
    """Takes what Prometheus says, and answers that all is well."""

    told = queue.Queue()

    def do_POST(self):
        for alert in json.loads(self.rfile.read(int(self.headers["Content-Length"]))):
            self.told.put(alert)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def start_gate(stack, work):
    """stile-sync without a daemon and a broker; the port may be taken just then, so it is tried again."""
    (work / "run").mkdir()
    ready = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
    ready.bind(str(work / "notify"))
    ready.settimeout(LIMIT)
    for _ in range(5):
        port = free_port()
        (work / "site.toml").write_text(
            '[site]\nvenue = "arena"\ngate = "north-1"\n[paths]\nruntime = "run"\n'
            f'[mqtt]\nbrokers = ["tcp://127.0.0.1:1"]\n[metrics]\nlisten = "127.0.0.1:{port}"\n[[lane]]\nname = "a"\n')
        with contextlib.ExitStack() as attempt:
            said = attempt.enter_context(open(work / "gate.log", "w+"))
            attempt.enter_context(running(program, "--config", work / "site.toml", stderr=said,
                                          env=os.environ | {"NOTIFY_SOCKET": str(work / "notify")}))
            while b"READY=1" not in ready.recv(4096):
                pass
            if "no metrics" not in (work / "gate.log").read_text():
                stack.push(attempt.pop_all())
                return port
    fail("stile-sync finds no free port")


def start_prometheus(stack, work, gate, alertmanager):
    """The sample with these addresses; north-2 and the collector are where nobody listens."""
    config = (monitoring / "prometheus.yml").read_text()
    for old, new in (("north-1.arena.example:9464", f"127.0.0.1:{gate}"), ("north-2.arena.example:9464", "127.0.0.1:1"),
                     ("127.0.0.1:9465", "127.0.0.1:1"), ("127.0.0.1:9093", f"127.0.0.1:{alertmanager}"),
                     ("scrape_interval: 15s", "scrape_interval: 5s\n  scrape_timeout: 5s"),
                     ("evaluation_interval: 15s", "evaluation_interval: 200ms")):
        if old not in config:
            fail(f"prometheus.yml has no {old}")
        config = config.replace(old, new)
    (work / "prometheus.yml").write_text(config)
    rules = (monitoring / "alerts.yml").read_text()
    (work / "alerts.yml").write_text(re.sub(r"for: \d+\w", "for: 0s", rules))
    child = stack.enter_context(running(
        "prometheus", f"--config.file={work}/prometheus.yml", f"--storage.tsdb.path={work}/data",
        "--web.listen-address=127.0.0.1:0", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True))
    watch = threading.Timer(LIMIT, child.kill)
    watch.start()
    address = ready = said = ""
    while not (address and ready):
        line = child.stderr.readline()
        said += line
        address = address or "".join(re.findall(r'"Listening on" address=(\S+)', line))
        ready = ready or "Server is ready" in line
        if not line:
            watch.cancel()
            fail(f"it does not start:\n{said}")
    watch.cancel()
    threading.Thread(target=child.stderr.read, daemon=True).start()
    return address


def expect_alerts(wanted):
    """Until all of `wanted` have been told; any other is a mistake."""
    told = set()
    deadline = time.monotonic() + LIMIT
    while told != wanted:
        try:
            alert = Alertmanager.told.get(timeout=max(0, deadline - time.monotonic()))
        except queue.Empty:
            fail(f"not told: {wanted - told}")
        labels, texts = alert["labels"], alert["annotations"]
        one = (labels["alertname"], labels["venue"], labels.get("gate", ""), labels["severity"])
        if one not in wanted:
            fail(f"should not fire: {alert}")
        for text in (texts["summary"], texts["description"]):
            if "<" in text or "%!" in text:
                fail(f"{one} says: {text}")
        if not texts["summary"].startswith("/".join(filter(None, one[1:3]))):
            fail(f"{one} does not say where: {texts['summary']}")
        told.add(one)


def ask(address, expression):
    query = urllib.parse.urlencode({"query": expression})
    with urllib.request.urlopen(f"http://{address}/api/v1/query?{query}", timeout=LIMIT) as answer:
        return json.load(answer)["data"]["result"]


def expect_answers(address):
    """Prometheus understands every question of the dashboard, and knows the gate for that of its tiles."""
    for panel in json.loads((monitoring / "grafana.json").read_text())["panels"]:
        for target in panel.get("targets", []):
            expression = target["expr"].replace("$__rate_interval", "1m").replace("$venue", "arena").replace("$gate", ".+")
            try:
                result = ask(address, expression)
            except urllib.error.HTTPError as error:
                fail(f"{panel['title']}: {expression}: {error.read().decode()}")
            numbers = {"Gates that answer": "1", "Gates that do not answer": "1", "Gates that admit nobody": "1"}
            if panel["title"] in numbers and [one["value"][1] for one in result] != [numbers[panel["title"]]]:
                fail(f"{panel['title']}: {result}")
    info = ask(address, "stile_info")
    if [(one["metric"]["venue"], one["metric"]["gate"], "exported_gate" in one["metric"]) for one in info] != [("arena", "north-1", False)]:
        fail(f"stile_info: {info}")


with contextlib.ExitStack() as stack:
    work = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stile-prometheus.")))
    listener = stack.enter_context(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Alertmanager))
    listener.daemon_threads = True
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    stack.callback(listener.shutdown)
    gate = start_gate(stack, work)
    address = start_prometheus(stack, work, gate, listener.server_address[1])
    expect_alerts({("StileDaemonAway", "arena", "north-1", "critical"), ("StileBrokerAway", "arena", "north-1", "warning"),
                   ("StileGateNotScraped", "arena", "north-2", "critical"), ("StileCollectorNotScraped", "arena", "", "critical")})
    expect_answers(address)
print("Prometheus scrapes a gate, tells what fires, and answers the dashboard")
