// SPDX-License-Identifier: Apache-2.0
// A real mosquitto with a WebSocket listener, the dashboard from a server of its own, and Chromium before it.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { createServer as createSocket } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { kSkip } from "./stage.mjs";

const kMosquitto = "/usr/sbin/mosquitto";
export const kUsers = { ops: "calm-evening", venue: "played" };

/** The modules that the page was built with; ends the run, not as a failure, where they or mosquitto are not there. */
export function dashboard(folder) {
  const page = join(folder, "index.html");
  const skip = (why) => {
    console.log(`skipped: ${why}`);
    process.exit(kSkip);
  };
  if (!existsSync(kMosquitto)) skip("mosquitto is not installed");
  if (!existsSync(page)) skip(`the dashboard is not in ${folder} (sync/dashboard/build.sh makes it)`);
  return {
    page,
    mqtt: createRequire(resolve(folder, "package.json"))("mqtt"),
    require: createRequire(resolve(folder, "package.json")),
  };
}

export function freePort() {
  return new Promise((done) => {
    const server = createSocket().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

export class Broker {
  async open() {
    this.folder = mkdtempSync(join(tmpdir(), "stile-dashboard."));
    [this.tcp, this.web] = [await freePort(), await freePort()];
    const passwords = join(this.folder, "passwords");
    for (const [user, password] of Object.entries(kUsers))
      execFileSync("mosquitto_passwd", [...(existsSync(passwords) ? [] : ["-c"]), "-b", passwords, user, password]);
    writeFileSync(
      join(this.folder, "access"),
      "user venue\ntopic readwrite stile/#\nuser ops\ntopic read stile/v1/arena/#\ntopic write stile/v1/arena/_ops/ask\n",
    );
    this.config = join(this.folder, "mosquitto.conf");
    const root = process.getuid() === 0 ? "user root\n" : "";
    writeFileSync(
      this.config,
      `${root}allow_anonymous false\npassword_file ${passwords}\nacl_file ${join(this.folder, "access")}\npersistence false\nlog_type all\n` +
        `listener ${this.tcp} 127.0.0.1\nlistener ${this.web} 127.0.0.1\nprotocol websockets\nsocket_domain ipv4\n`,
    );
    await this.start();
    return this;
  }
  start() {
    this.log = [];
    this.child = spawn(kMosquitto, ["-c", this.config], { stdio: ["ignore", "ignore", "pipe"] });
    return new Promise((done, failed) => {
      const lines = createInterface({ input: this.child.stderr });
      lines.on("line", (line) => {
        if (this.log.push(line) > 300) this.log.shift();
        if (/mosquitto version .* running/.test(line)) done();
      });
      lines.on("close", () => failed(new Error(`mosquitto ended: ${this.log.slice(-5).join("; ")}`)));
    });
  }
  async stop() {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const over = new Promise((done) => this.child.once("exit", done));
    this.child.kill("SIGKILL");
    await over;
  }
  async close() {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
  get address() {
    return `ws://127.0.0.1:${this.web}/mqtt`;
  }
}

/** Serves the one file. */
export async function serve(page) {
  const server = createServer((_, answer) =>
    answer.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(readFileSync(page)),
  );
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

/** A page of its own; what it complains about is collected. */
export async function openPage(
  browser,
  web,
  broker,
  { size = [1280, 800], language = "en", theme = "light", hash = "", errors = [], axe = null } = {},
) {
  const context = await browser.newContext({
    viewport: { width: size[0], height: size[1] },
    reducedMotion: "reduce",
    acceptDownloads: true,
  });
  if (axe) await context.addInitScript({ path: axe });
  const page = await context.newPage();
  page.on("pageerror", (error) => errors.push(`${language}: ${error.stack}`));
  page.on(
    "console",
    (line) =>
      line.type() === "error" && !/WebSocket connection to/.test(line.text()) && errors.push(`${language}: ${line.text()}`),
  );
  await page.goto(`${web.url}?broker=${broker.address}&language=${language}&theme=${theme}${hash}`);
  return page;
}

export async function signIn(page, password = kUsers.ops, user = "ops") {
  await page.fill("#sign-user", user);
  await page.fill("#sign-password", password);
  await page.click(".sign-in button[type=submit]");
}

const kLong = 40_000; // ms: a busy machine is no mistake

export const seen = (page, selector) => page.locator(selector).first().waitFor({ state: "visible", timeout: kLong });

/** Waits until an element holds the text. */
export const reads = (page, selector, text) =>
  page.waitForFunction(
    ([where, what]) => [...document.querySelectorAll(where)].some((node) => node.textContent.includes(what)),
    [selector, text],
    { timeout: kLong, polling: 50 },
  );

export const gone = (page, selector) => page.locator(selector).first().waitFor({ state: "detached", timeout: kLong });

export async function go(page, view) {
  await page.evaluate((hash) => (location.hash = hash), view);
  await page.waitForFunction((name) => document.body.dataset.view === name, view.split("/")[0], { timeout: kLong });
}

/** What axe-core finds wrong with what is shown. */
export async function axeFinds(page) {
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return found.violations.flatMap((v) =>
    v.nodes
      .slice(0, 3)
      .map((node) => `${v.id}: ${node.target.join(" ")}: ${node.failureSummary.replace(/\s+/g, " ").slice(0, 220)}`),
  );
}
