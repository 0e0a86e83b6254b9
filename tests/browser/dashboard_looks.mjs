// SPDX-License-Identifier: Apache-2.0
// The dashboard as it looks: every view in both languages, both colours, on three screens, under axe-core; every alarm; 200 gates; brokers that know 3.1.1 only.
// Usage: node dashboard_looks.mjs DASHBOARD_FOLDER BROWSER_FOLDER PICTURES. Exit code 77: the tools are not there.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { launch, source, tools } from "./stage.mjs";
import { axeFinds, Broker, dashboard, go, gone, kUsers, openPage, reads, seen, serve, signIn } from "./dashboard_stage.mjs";
import { PlayedVenue, ticketOf } from "./played_venue.mjs";

const [folder, browserFolder, pictures] = process.argv.slice(2);
const chromium = tools(browserFolder);
const built = dashboard(folder);
const axe = createRequire(resolve(browserFolder, "package.json")).resolve("axe-core/axe.min.js");
const wrong = [];
const check = (good, what) => good || wrong.push(what);
const screens = { wide: [1440, 900], phone: [360, 740], wall: [1920, 1080] };
let looks = 0;

// What is cut off, too small, or makes the page scroll sideways.
function cut(most) {
  const out = [];
  if (document.documentElement.scrollWidth > innerWidth + 1)
    out.push(`the page is ${document.documentElement.scrollWidth} px wide`);
  for (const node of document.querySelectorAll("b, h1, h2, h3, p, dt, dd, li > span, th, td, button, .state")) {
    const isOwn = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
    if (!isOwn || !node.checkVisibility() || node.closest(".unseen, .scroll, header, .sentence")) continue;
    const box = node.getBoundingClientRect();
    if (box.width > 2 && (box.left < -1 || box.right > innerWidth + 1))
      out.push(`"${node.textContent.slice(0, 30)}" is off the screen`);
    if (Number.parseFloat(getComputedStyle(node).fontSize) < most) out.push(`"${node.textContent.slice(0, 30)}" is small`);
  }
  return out.slice(0, 5);
}

async function lookAt(page, name) {
  const isWall = name.endsWith("-wall");
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  for (const what of await axeFinds(page)) wrong.push(`${name}: ${what}`);
  for (const what of await page.evaluate(cut, isWall ? 20 : 12)) wrong.push(`${name}: ${what}`);
  if (isWall && (await page.evaluate(() => document.documentElement.scrollHeight > innerHeight)))
    wrong.push(`${name}: the wall scrolls`);
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: !isWall });
  looks += 1;
}

const settledIn = (page) =>
  page.waitForFunction(() => !document.querySelector("[data-name=collector]"), null, { timeout: 40_000 });

async function tour(browser, web, broker, venue, language, theme, screen) {
  const begin = `${language}-${theme}-${screen}`;
  const page = await openPage(browser, web, broker, { size: screens[screen], language, theme, errors: wrong, axe });
  await lookAt(page, `${begin}-sign-in`);
  await signIn(page);
  await seen(page, ".tile");
  await settledIn(page);
  const views = screen === "wall" ? ["wall"] : ["board", "venue", `gate/${venue.gates[1]}`, "alarms", `search/${ticketOf(5)}`];
  for (const view of views) {
    await go(page, view);
    if (view.startsWith("search")) await seen(page, ".ticket");
    if (view.startsWith("gate")) await seen(page, ".scans");
    await lookAt(page, `${begin}-${view.split("/")[0]}`);
    if (view !== "alarms") continue;
    await page.locator(".group-open button").first().click();
    await lookAt(page, `${begin}-acknowledge`);
    await page.keyboard.press("Escape");
  }
  await page.context().close();
}

/** Words over keys alone: from the address line to acknowledging. */
async function keyboard(browser, web, broker) {
  const page = await openPage(browser, web, broker, { errors: wrong, hash: "#alarms" });
  await signIn(page);
  await seen(page, ".group-open");
  for (let i = 0; i < 40; ++i) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const node = document.activeElement;
      const style = getComputedStyle(node);
      return (
        node !== document.body && {
          isTake: node.matches(".group-open button"),
          name: node.textContent || node.ariaLabel || node.tagName,
          ring: style.outlineStyle !== "none" || getComputedStyle(node, "::after").outlineStyle !== "none",
        }
      );
    });
    if (!at) continue;
    check(at.ring, `"${at.name}" does not show its focus`);
    if (!at.isTake) continue;
    await page.keyboard.press("Enter");
    await page.keyboard.type("Grace");
    check((await page.inputValue("#person")) === "Grace", "the dialog does not take the focus");
    await page.keyboard.press("Escape");
    check(
      await page.evaluate(() => document.activeElement.matches(".group-open button")),
      "the dialog does not give the focus back",
    );
    await page.context().close();
    return;
  }
  wrong.push("acknowledging cannot be reached by keys");
}

// ---- every alarm code of both specifications

function specified() {
  const text = ["sync/TOPICS.md", "sync/OPS.md"].map((path) => readFileSync(join(source, path), "utf8"));
  const codes = (part) =>
    [...part.matchAll(/^\| `([a-z-]+(?:\{[a-z]+\}[a-z-]*)?)` \| (critical|warning) \|/gm)].map(([, code, severity]) => ({
      code,
      severity,
    }));
  return { gate: codes(text[0]), ops: codes(text[1]) };
}

async function everyAlarm(browser, web, broker, venue) {
  const gate = venue.gates.at(-1);
  const page = await openPage(browser, web, broker, { language: "zh", errors: wrong, hash: "#alarms" });
  await signIn(page);
  await page.waitForFunction(() => document.querySelectorAll(".group-open li").length === 4, null, { timeout: 40_000 }); // the evening's own
  const fill = (code) =>
    code
      .replace("{lane}", "a")
      .replace("{reader}", "a-qr")
      .replace("{gate}", gate)
      .replace("{ticket}", ticketOf(9).slice(0, 16))
      .replace("{issuer}", "acme")
      .replace("{area}", "2");
  const alarms = specified();
  check(alarms.gate.length >= 17 && alarms.ops.length >= 9, `${alarms.gate.length} + ${alarms.ops.length} alarms are specified`);
  for (const [owner, rows] of [
    [gate, alarms.gate],
    ["_ops", alarms.ops],
  ]) {
    for (const { code, severity } of rows) {
      const before = await page.locator(".group-open li").count();
      await venue.alarm(owner, fill(code), { severity });
      await page
        .waitForFunction((n) => document.querySelectorAll(".group-open li").length === n, before + 1, { timeout: 40_000 })
        .catch(() => check(false, `${owner}/${fill(code)} is not shown`));
      await venue.raw(`${owner}/alarm/${fill(code)}`, "");
      await page.waitForFunction((n) => document.querySelectorAll(".group-open li").length === n, before, {
        timeout: 40_000,
      });
    }
  }
  for (const [owner, rows] of [
    [gate, alarms.gate],
    ["_ops", alarms.ops],
  ])
    for (const { code, severity } of rows) await venue.alarm(owner, fill(code), { severity });
  await reads(page, ".group-open", "消防");
  const texts = await page.locator(".group-open .alarm-text b").allTextContents();
  for (const text of texts) check(!/[{}]|alarm\.|undefined|警报：/.test(text), `an alarm reads "${text}"`);
  const levels = await page.locator(".group-open li").evaluateAll((rows) => rows.map((row) => row.dataset.severity));
  check(levels.lastIndexOf("critical") < levels.indexOf("warning"), "a warning stands before a critical alarm");
  await page.screenshot({ path: join(pictures, "every-alarm.png"), fullPage: true });
  for (const [owner, rows] of [
    [gate, alarms.gate],
    ["_ops", alarms.ops],
  ])
    for (const { code } of rows) await venue.raw(`${owner}/alarm/${fill(code)}`, "");
  await page.context().close();
}

// ---- what is played here is what the schemas say

async function asSpecified(broker, venue) {
  if (spawnSync("python3", ["-c", "import jsonschema"]).status !== 0)
    return console.log("python3-jsonschema is not there: messages are not compared");
  const heard = [];
  const ear = await built.mqtt.connectAsync(`mqtt://127.0.0.1:${broker.tcp}`, { username: "venue", password: kUsers.venue });
  ear.on("message", (topic, payload) => heard.push(`${topic} ${payload}`));
  await ear.subscribeAsync("stile/#", { qos: 1 });
  await venue.evening({ trouble: true });
  const [gate] = venue.gates;
  await venue.passage(gate, (await venue.entry(gate)).seq);
  await venue.forged(gate);
  const asked = { ticket: { ticket: ticketOf(5) }, receipt: { ticket: ticketOf(5) }, recent: { gate, count: 100 } };
  for (const [ask, fields] of Object.entries(asked)) {
    await venue.raw("_ops/ask", JSON.stringify({ v: 1, ask, reply: "page-0011", id: "q1", ...fields }), false);
  }
  while (heard.filter((line) => line.includes("/answer/")).length < 3) await new Promise((done) => ear.once("message", done));
  await ear.endAsync(true);
  const recording = join(broker.folder, "heard");
  writeFileSync(recording, heard.join("\n") + "\n");
  const found = spawnSync("python3", [join(source, "tests/sync/validate_messages.py"), recording], { encoding: "utf8" });
  check(found.status === 0, `the played messages differ from the schemas: ${(found.stdout + found.stderr).slice(0, 2000)}`);
}

// ---- deletions, and a restart that changes what is there

async function whileAway(browser, web, broker, venue) {
  const page = await openPage(browser, web, broker, { errors: wrong, hash: "#alarms" });
  await signIn(page);
  await venue.alarm(venue.gates[2], "disk-low", { severity: "warning" });
  await reads(page, ".group-open", "Space for the ledger");
  await broker.stop();
  await seen(page, ".banner[data-name=link]");
  await broker.start(); // without memory: nothing is retained any more
  while (!venue.client.connected) await new Promise((done) => venue.client.once("connect", done));
  await venue.status(venue.gates[2]);
  await page.waitForFunction(
    () => ![...document.querySelectorAll(".group-open li")].some((row) => row.textContent.includes("Space for the ledger")),
    null,
    { timeout: 60_000 },
  );
  await go(page, "board");
  check((await page.locator(".tile").count()) === venue.gates.length, "gates that have not come back are gone");
  await reads(page, ".tile .sentence", "Nothing heard since");
  await venue.evening({ trouble: true });
  await page.context().close();
}

/** A page whose user may see nothing of the collector's says so; a silent collector is named. */
async function noAnswers(browser, web, broker, venue) {
  const page = await openPage(browser, web, broker, { errors: wrong, hash: "#search" });
  await signIn(page);
  await reads(page, ".venue-name", "arena");
  venue.answers.ticket = () => null;
  await page.fill("#ticket", "0011223344");
  await page.keyboard.press("Enter");
  await reads(page, ".said", "does not answer");
  delete venue.answers.ticket;
  await venue.collector({ state: "lost", boot: "00000000000000c1", time: undefined });
  await reads(page, ".banner[data-name=collector]", "The collector is not there");
  await venue.collector();
  await gone(page, ".banner[data-name=collector]");
  await page.context().close();
}

// ---- a broker of MQTT 3.1.1 only: it refuses version 5 in the words of version 3.1.1

async function oldBroker(browser, web) {
  const { WebSocketServer } = built.require("ws");
  const packets = built.require("mqtt-packet");
  const server = createServer();
  const versions = [];
  new WebSocketServer({ server, handleProtocols: () => "mqtt" }).on("connection", (socket) => {
    const parser = packets.parser();
    const say = (packet) => socket.send(packets.generate(packet, { protocolVersion: 4 }));
    parser.on("packet", (packet) => {
      if (packet.cmd === "connect") {
        versions.push(packet.protocolVersion);
        say({ cmd: "connack", returnCode: packet.protocolVersion === 4 ? 0 : 1, sessionPresent: false });
      } else if (packet.cmd === "subscribe") {
        say({ cmd: "suback", messageId: packet.messageId, granted: packet.subscriptions.map(() => 0) });
        say({
          cmd: "publish",
          topic: "stile/v1/hall/door-1/status",
          payload: '{"v":1,"gate":"door-1","boot":"00000000000000aa","state":"online"}',
          qos: 0,
          retain: true,
        });
      }
    });
    socket.on("message", (bytes) => parser.parse(bytes));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const page = await openPage(browser, web, { address: `ws://127.0.0.1:${server.address().port}/mqtt` }, { errors: wrong });
  await page.fill("#sign-user", "ops");
  await page.click(".sign-in button[type=submit]");
  await reads(page, ".tile h3", "door-1");
  await reads(page, ".venue-name", "hall");
  check(versions.includes(4), "version 3.1.1 is not tried");
  await page.context().close();
  server.closeAllConnections();
  server.close();
}

// ---- a large venue

async function large(browser, web) {
  const broker = await new Broker().open();
  const venue = await new PlayedVenue(built.mqtt, broker, 200).open();
  const still = venue.beat();
  try {
    await venue.evening({ trouble: true });
    for (const [screen, theme] of [
      ["wide", "light"],
      ["phone", "dark"],
      ["wall", "dark"],
    ]) {
      const page = await openPage(browser, web, broker, {
        size: screens[screen],
        theme,
        errors: wrong,
        axe,
        hash: screen === "wall" ? "#wall" : "",
      });
      await signIn(page);
      await reads(page, ".stat-working", "of 200");
      if (screen !== "wall")
        await page.waitForFunction(() => document.querySelectorAll(".tile").length === 200, null, { timeout: 40_000 });
      if (screen !== "wall")
        await page.waitForFunction(
          () => [...document.querySelectorAll(".facts > div:nth-child(4) dd")].every((node) => node.textContent.includes("/")),
          null,
          { timeout: 40_000 },
        ); // all that is retained came
      await settledIn(page);
      await lookAt(page, `large-${screen}`);
      await page.context().close();
    }
  } finally {
    still();
    await venue.close();
    await broker.close();
  }
}

rmSync(pictures, { recursive: true, force: true });
mkdirSync(pictures, { recursive: true });
const [broker, web] = [await new Broker().open(), await serve(built.page)];
const browser = await launch(chromium);
const venue = await new PlayedVenue(built.mqtt, broker).open();
const still = venue.beat();
try {
  await venue.evening({ trouble: true });
  for (const language of ["en", "zh"]) {
    for (const theme of ["light", "dark"]) {
      for (const screen of Object.keys(screens)) await tour(browser, web, broker, venue, language, theme, screen);
    }
  }
  await asSpecified(broker, venue);
  await keyboard(browser, web, broker);
  await everyAlarm(browser, web, broker, venue);
  await noAnswers(browser, web, broker, venue);
  await whileAway(browser, web, broker, venue);
  await oldBroker(browser, web);
  await large(browser, web);
} finally {
  still();
  await browser.close();
  await venue.close();
  await broker.close();
  web.close();
  for (const what of wrong) console.log(what);
}
console.log(`${looks} looks, ${wrong.length} mistakes; pictures: ${pictures}`);
process.exitCode = wrong.length === 0 ? 0 : 1;
