// SPDX-License-Identifier: Apache-2.0
// A venue whose messages are played: what its gates and its collector say, and what the collector answers.
import { kUsers } from "./dashboard_stage.mjs";

const iso = (ms) => new Date(ms).toISOString();
const hex = (n, length) => (BigInt(n) * 0x9e3779b97f4a7c15n).toString(16).padStart(length, "0").slice(-length);
export const ticketOf = (n) => hex(n, 16) + hex(n + 77, 16);
const bell = (x) => Math.exp(-x * x);

export class PlayedVenue {
  constructor(mqtt, broker, gates = 6) {
    this.mqtt = mqtt;
    this.broker = broker;
    const sides = ["east", "north", "south", "west"];
    this.gates = Array.from({ length: gates }, (_, i) => `${sides[i % 4]}-${1 + Math.floor(i / 4)}`);
    this.now = Date.now();
    this.seq = 0;
    this.asked = [];
    this.taken = [];
    this.answers = {};
  }
  async open() {
    const options = { username: "venue", password: kUsers.venue, reconnectPeriod: 200, protocolVersion: 5 };
    this.client = await this.mqtt.connectAsync(`mqtt://127.0.0.1:${this.broker.tcp}`, options);
    this.client.on("message", (topic, payload) => this.answer(JSON.parse(payload)));
    await this.client.subscribeAsync("stile/v1/arena/_ops/ask", { qos: 1 });
    return this;
  }
  close() {
    return this.client.endAsync(true);
  }
  raw(topic, payload, retain = true, qos = 1) {
    return this.client.publishAsync(`stile/v1/arena/${topic}`, payload, { retain, qos });
  }
  say(topic, message, retain = true, qos = 1) {
    return this.raw(topic, JSON.stringify({ v: 1, time: iso(Date.now()), ...message }), retain, qos);
  }

  // ---- a gate
  status(gate, more = {}) {
    return this.say(`${gate}/status`, { gate, boot: "3dc63fe2433203a1", state: "online", clock: "synced", ...more });
  }
  reader(lane, more = {}) {
    return {
      name: `${lane}-qr`,
      lane,
      kind: "camera",
      state: "working",
      frames: 300,
      codes: 4,
      dropped: 0,
      frames_total: 91000,
      codes_total: 2210,
      dropped_total: 3,
      refused_total: 0,
      decode_us: 3120,
      frames_per_s: 24.9,
      detail: "",
      ...more,
    };
  }
  health(gate, more = {}, live = true) {
    const health = {
      gate,
      clock: "synced",
      clock_doubt: "",
      uptime_s: 16200,
      scans: 2391,
      ledger: "ok",
      ledger_trouble: "",
      ledger_bytes: 9437184,
      ledger_map_bytes: 1073741824,
      ledger_seq: 4711,
      unresolved_at_start: 0,
      outbox_depth: 0,
      outbox_age_s: 0,
      orders: [],
      disk_free_bytes: 21474836480,
      temperature_c: 47.5,
      release_p50_us: 8123,
      release_p99_us: 14890,
      release: { bounds_us: [5000, 10000, 20000], counts: [4, 1900, 2280, 2280], sum_us: 18520440 },
      revocations: { generation: 12, records: 1840, age_s: 900 },
      ledger_damage: "",
      catalog_damage: "",
      bad_rows: 0,
      open_admissions: 0,
      backup_age_s: 7300,
      alarms: [],
      readers: [this.reader("a"), this.reader("b"), this.reader("c", { name: "c-nfc", kind: "nfc" })],
      sync: { broker: "tcp://127.0.0.1:1883", in_flight: 0, held: 0, reconnects: 0 },
      ...more,
    };
    return this.say(`${gate}/health`, health, true, live ? 1 : 0);
  }
  lane(gate, lane, more = {}) {
    return this.say(`${gate}/lane/${lane}`, {
      gate,
      lane,
      clock: "synced",
      direction: "entry",
      mode: "normal",
      state: "idle",
      turnstile: "locked",
      counts: { entered: 802, left: 0, released: 6, free: 0, events: 1 },
      readers: [this.reader(lane)],
      ...more,
    });
  }
  count(gate, more = {}) {
    return this.say(`${gate}/count`, {
      gate,
      clock: "synced",
      epoch: "006900000100002a",
      seq: 4711,
      admitted: 2280,
      entered: 2251,
      left: 214,
      released: 29,
      refused: { USED: 41, INVALID: 17, PRODUCT: 30, INVALID_TIME: 9, REVOKED: 3 },
      ...more,
    });
  }
  info(gate) {
    return this.say(`${gate}/info`, {
      gate,
      clock: "synced",
      venue: "arena",
      software: "stile 0.9.0",
      gate_number: "0000000000000001",
      epoch: "006900000100002a",
      boot: "00000000000000b1",
      protocol: 1,
      config: "9f2c41d07b3a5e66",
      lanes: ["a", "b", "c"],
      features: ["gt1", "revocation-list"],
    });
  }
  async gate(gate) {
    await Promise.all([
      this.status(gate),
      this.info(gate),
      this.health(gate),
      this.count(gate),
      this.lane(gate, "a"),
      this.lane(gate, "b"),
      this.lane(gate, "c", { direction: "exit" }),
    ]);
  }
  alarm(owner, code, more = {}) {
    const of = owner === "_ops" ? {} : { gate: owner, clock: "synced" };
    const alarm = { code, ...of, severity: "warning", state: "raised", since: iso(this.now - 240_000), ...more };
    return this.say(`${owner}/alarm/${code}`, alarm);
  }
  /** Entries: an admission, a refusal of what is no genuine ticket, and what became of an admission. */
  made(gate, more) {
    const key = { gate, epoch: "006900000100002a", seq: ++this.seq, clock: "synced", lane: "a" };
    return { v: 1, time: iso(Date.now()), ...key, ...more };
  }
  admission(gate, more = {}) {
    const genuine = { issuer: "acme", event: 42, product: 17, reissue: 0, assurance: "A0" };
    const where = {
      kind: "decision",
      reader: "a-qr",
      direction: "entry",
      medium: "qr",
      list: 0,
      area: 0,
      channel: null,
      decided_us: 8123,
    };
    return this.made(gate, { ...where, verdict: "admit", reason: "VALID", ticket: ticketOf(this.seq + 1), ...genuine, ...more });
  }
  async entry(gate, more = {}) {
    const one = this.admission(gate, more);
    await this.say(`${gate}/entry`, one, false);
    return one;
  }
  forged(gate, more = {}) {
    const where = {
      kind: "decision",
      reader: "b-qr",
      direction: "entry",
      medium: "nfc",
      list: 0,
      area: 0,
      channel: null,
      decided_us: 7702,
    };
    return this.say(
      `${gate}/entry`,
      this.made(gate, { ...where, lane: "b", verdict: "refuse", reason: "INVALID", fault: "bad-signature", ...more }),
      false,
    );
  }
  passage(gate, admission, more = {}) {
    return this.say(
      `${gate}/entry`,
      this.made(gate, { kind: "passage", result: "entered", admission, release_us: 9640, ...more }),
      false,
    );
  }

  // ---- the collector
  ops(kind, more) {
    return this.say(`_ops/${kind}`, more);
  }
  flow() {
    const minutes = (top, shift) =>
      Array.from({ length: 60 }, (_, m) =>
        Math.max(
          0,
          Math.round(
            top *
              (0.35 + 0.65 * bell((m - 48) / 22)) *
              (1 + 0.16 * Math.sin(m * 1.3 + shift) + 0.1 * Math.sin(m * 2.9 + 2 * shift)),
          ),
        ),
      );
    const gates = this.gates.map((gate, i) => ({
      gate,
      entered: minutes(38 + (i % 5) * 7, i),
      left: minutes(4, i + 3),
      refused: minutes(2, i + 1),
    }));
    return this.ops("flow", { from: iso(Math.floor(Date.now() / 60_000) * 60_000 - 59 * 60_000), gates });
  }
  occupancy(inside = 41_280) {
    const area = (number, name, of, capacity) => ({ area: number, name, inside: of, entered: of + 900, left: 900, capacity });
    return this.ops("occupancy", {
      total: { inside, entered: inside + 2100, left: 2100, capacity: 60_000 },
      areas: [
        area(1, "Standing", 18_940, 20_000),
        area(2, "Lower tier", 14_210, 26_000),
        area(3, "Upper tier", 7602, 13_000),
        area(4, "Terrace", 528, 1000),
      ],
    });
  }
  forecast(event = 2026, name = "Summer Night") {
    const [sold, step, steps, done] = [58_400, 300, 48, 27];
    const share = (i) => 1 / (1 + Math.exp(-(i - 25) / 5));
    const starts = Math.floor(Date.now() / 300_000) * 300_000 + 5400_000;
    const mid = (i) => sold * 0.955 * share(i);
    const past = Array.from({ length: done }, (_, i) => Math.round(mid(i + 1) * (1 + 0.02 * Math.sin(i))));
    const coming = Array.from({ length: steps - done }, (_, i) =>
      [
        mid(done + i + 1),
        mid(done + i + 1) * (1 - 0.004 * (i + 1)),
        Math.min(sold, mid(done + i + 1) * (1 + 0.0032 * (i + 1))),
      ].map(Math.round),
    );
    const [end] = coming.slice(-1);
    const full = starts - 1500_000;
    return this.ops(`forecast/${event}`, {
      event,
      name,
      starts: iso(starts),
      sold,
      arrived: past[past.length - 1],
      expected: { mid: end[0], low: end[1], high: end[2] },
      full_at: { mid: iso(full), low: iso(full - 540_000), high: iso(full + 900_000) },
      level: 0.8,
      method: "share-of-arrivals",
      error: { mape: 0.021, covered: 0.83 },
      step_s: step,
      from: iso(Date.now() - step * 1000 * done),
      past,
      coming,
    });
  }
  stored() {
    return this.ops("gates", {
      gates: this.gates.map((gate) => ({
        gate,
        epoch: "006900000100002a",
        seq: 4711,
        newest: 4711,
        missing: 0,
        last: iso(Date.now()),
      })),
    });
  }
  conflicts() {
    const at = (gate, ago) => ({ gate, lane: "a", epoch: "006900000100002a", seq: 17, time: iso(Date.now() - ago) });
    return this.ops("conflicts", {
      count: 2,
      last: [
        { ticket: ticketOf(5), at: [at(this.gates[0], 60_000), at(this.gates[1], 900_000)] },
        { ticket: ticketOf(6), at: [at(this.gates[2], 200_000), at(this.gates[3], 1_000_000)] },
      ],
    });
  }
  collector(more = {}) {
    return this.ops("status", { collector: "main", boot: "00000000000000c1", state: "online", ...more });
  }
  async answer({ ask, reply, id, ...fields }) {
    this.asked.push({ ask, ...fields });
    const made = this.answers[ask]?.(fields);
    if (made === null) return; // a collector that says nothing
    if (ask === "acknowledge" && !made) {
      this.taken.push({ alarm: fields.alarm, since: fields.since, person: fields.person, time: iso(Date.now()) });
      await this.ops("acknowledged", { alarms: this.taken });
    }
    await this.say(`_ops/answer/${reply}`, { ask, id, ok: true, ...(made ?? this.usual(ask, fields)) }, false);
  }
  usual(ask, { ticket, gate, count }) {
    if (ask === "acknowledge") return {};
    if (ask === "recent") return { entries: Array.from({ length: Math.min(count, 6) }, () => this.admission(gate)).reverse() };
    if (ask === "receipt") return { receipt: `stile receipt v1\n${ticket}\nused\n` };
    if (ask !== "ticket" || !ticketOf(5).startsWith(ticket)) return { tickets: [] };
    const at = (seq, more) => ({
      gate: this.gates[0],
      lane: "a",
      epoch: "006900000100002a",
      seq,
      time: iso(Date.now() - 3600_000 + 900 * seq),
      ...more,
    });
    const entries = [
      at(17, { kind: "decision", verdict: "admit", reason: "VALID" }),
      at(18, { kind: "passage", result: "entered" }),
      at(90, { kind: "decision", verdict: "refuse", reason: "USED" }),
    ];
    return {
      tickets: [{ ticket: ticketOf(5), used: true, inside: true, revoked: false, event: 2026, product: 17, entries }],
    };
  }

  /** What gates say every ten seconds, those in trouble as they are. */
  beat() {
    const say = () => this.client.connected && this.gates.slice(1).forEach((gate, i) => this.health(gate, this.weak?.[i + 1]));
    const timer = setInterval(say, 8000);
    return () => clearInterval(timer);
  }

  /** A quiet evening; then what is given is wrong with it. */
  async evening({ trouble = false } = {}) {
    for (const gate of this.gates) await this.gate(gate);
    await Promise.all([this.collector(), this.flow(), this.occupancy(), this.forecast(), this.stored()]);
    if (!trouble) return;
    const [a, b, c, d, e] = this.gates;
    await this.status(a, { state: "lost", time: undefined, clock: undefined });
    await this.alarm("_ops", `gate-silent-${a}`, { severity: "critical", gate: a });
    await this.alarm(b, "lane-b-sensor-stuck", { lane: "b", detail: "The beam has been interrupted for 90 s." });
    await this.lane(c, "a", { mode: "out-of-order", state: "out-of-order" });
    this.weak = {
      3: {
        outbox_depth: 1203,
        readers: [this.reader("a"), this.reader("b", { state: "failed", detail: "no frames for 30 s" })],
      },
    };
    await this.health(d, this.weak[3]);
    await this.lane(e, "c", { direction: "exit", mode: "free", state: "free", turnstile: "open" });
    await this.alarm("_ops", `double-entry-${ticketOf(5).slice(0, 16)}`, {
      severity: "critical",
      ticket: ticketOf(5),
      gate: b,
      detail: "It entered at two gates within four minutes.",
    });
    await this.alarm("_ops", "full-1", { severity: "warning" });
    await this.conflicts();
  }
}
