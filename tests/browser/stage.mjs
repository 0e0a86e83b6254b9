// SPDX-License-Identifier: Apache-2.0
// A played gate, the real stile-display, and Chromium before it.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const source = join(dirname(fileURLToPath(import.meta.url)), "../..");
export const kSkip = 77;
export const sizes = [[1024, 600], [480, 800], [1920, 1080]];
export const pause = (ms) => new Promise((done) => setTimeout(done, ms)); // between two looks only

export const languages = Object.fromEntries(
  readdirSync(join(source, "devices/display/languages"))
    .filter((name) => name.endsWith(".json"))
    .map((name) => [basename(name, ".json"), JSON.parse(readFileSync(join(source, "devices/display/languages", name)))]),
);

// Ends the run, not as a failure, where the tools are not there.
export function tools(browserFolder) {
  const chromium = "/usr/bin/chromium";
  const skip = (why) => {
    console.log(`skipped: ${why}`);
    process.exit(kSkip);
  };
  if (!existsSync(chromium)) skip("Chromium is not installed (apt-get install chromium)");
  if (!existsSync(join(browserFolder, "node_modules/playwright-core")))
    skip(`playwright-core is not in ${browserFolder} (./stile test installs it)`);
  return createRequire(resolve(browserFolder, "package.json"))("playwright-core").chromium;
}

export async function launch(chromium) {
  return chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--mute-audio"],
  });
}

function until(stream, pattern, what) {
  return new Promise((done, failed) => {
    const lines = createInterface({ input: stream });
    lines.on("line", (line) => {
      const found = line.match(pattern);
      if (found) done(found);
    });
    lines.on("close", () => failed(new Error(`${what} ended`)));
  });
}

export class Gate {
  // lanes: name -> lines of its [[lane]] section
  constructor(bin, lanes, sound = "on") {
    this.bin = bin;
    this.folder = mkdtempSync(join(tmpdir(), "stile-browser."));
    this.port = 20000 + Math.floor(Math.random() * 20000);
    mkdirSync(join(this.folder, "run"));
    const sections = Object.entries(lanes).map(([name, text]) => `[[lane]]\nname = "${name}"\n${text}\n`);
    this.site = join(this.folder, "site.toml");
    writeFileSync(
      this.site,
      `[site]\nvenue = "arena"\ngate = "north"\n[paths]\nstate = "state"\nruntime = "run"\nkeys = "keys.toml"\n` +
        `[display]\nlisten = "127.0.0.1:${this.port}"\nsound = "${sound}"\n${sections.join("")}`,
    );
    this.since = 0;
    this.sent = [];
  }
  startPlayer() {
    this.player = spawn(join(this.bin, "stile-play-lane"), [join(this.folder, "run/display.sock")], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    createInterface({ input: this.player.stdout }).on("line", (line) => this.sent.shift()?.(Number(line)));
  }
  async startDisplay() {
    this.display = spawn(join(this.bin, "stile-display"), ["--config", this.site], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    await until(this.display.stderr, /the daemon is here/, "stile-display");
  }
  async start() {
    this.startPlayer();
    await this.startDisplay();
  }
  url(lane) {
    return `http://127.0.0.1:${this.port}/lane/${lane}`;
  }
  // Sends a sign to one lane; gives its mark, and when it was sent (ms since 1970).
  async show(lane, sign) {
    const since = sign.since ?? ++this.since;
    const at = new Promise((done) => this.sent.push(done));
    this.player.stdin.write(JSON.stringify({ lane, ...sign, since }) + "\n");
    return { since, at: await at };
  }
  async end(child) {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const over = new Promise((done) => child.once("exit", done));
    child.kill("SIGKILL");
    await over;
  }
  async close() {
    await this.end(this.display);
    await this.end(this.player);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

// Resolves when the page shows the sign with this mark; gives when it was on the screen.
export function shows(page, since) {
  return page.evaluate(
    (mark) =>
      new Promise((done) => {
        const body = document.body;
        const look = () => {
          if (body.dataset.since !== String(mark)) return false;
          requestAnimationFrame(() => requestAnimationFrame(() => done(performance.timeOrigin + performance.now())));
          return true;
        };
        if (look()) return;
        const watch = new MutationObserver(() => look() && watch.disconnect());
        watch.observe(body, { attributes: true });
      }),
    since,
  );
}
