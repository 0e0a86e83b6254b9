// SPDX-License-Identifier: Apache-2.0
// The connection to the broker, and nothing of what is said over it. The only file that knows MQTT.js.
import mqtt from "mqtt";
import { broker } from "./check.js";

const kRetry = [1000, 2000, 4000]; // ms, the last one for ever; shortened at random by up to a third
const kAnswer = 10_000; // ms until a question counts as unanswered
const kRefusedUser = [4, 5, 0x86, 0x87, 0x8c];
const kAsked = 16; // questions under way

const kAnyVenue = ["stile/v1/+/+/status"]; // the collector's, too

const random = (length) =>
  Array.from(crypto.getRandomValues(new Uint8Array(length)), (b) => b.toString(16).padStart(2, "0")).join("");

/** What retained messages say comes before what is live, the important first. A broker's queue holds each stage. */
const kStages = [
  [["_ops/gates", "_ops/occupancy", "_ops/flow", "_ops/forecast/+", "_ops/conflicts", "_ops/acknowledged", "+/status"], 1],
  [["+/alarm/+"], 1],
  [["+/lane/+"], 1],
  [["+/count"], 1],
  [["+/health"], 0],
  [["+/info"], 0],
];

export class Link {
  /**
   * @param {{state: (state: "connecting"|"online"|"lost"|"refused") => void, connected: () => void,
   *   message: (topic: string[], payload: string, retained: boolean, expiry?: number) => void,
   *   venue: (name: string) => void, denied: (filters: string[]) => void}} told
   */
  constructor(told) {
    this.told = told;
    this.reply = `page-${random(8)}`;
    this.questions = new Map();
    this.asked = 0;
    this.attempt = 0;
    this.client = this.account = this.venue = this.watched = this.timer = null;
    this.ever = false; // this account was accepted once
    this.other = false; // the other version is being tried
    this.versions = [5, 4]; // a broker may know 3.1.1 only
  }

  /** @param {{broker: string, user: string, password: string, venue: string}} account */
  open(account) {
    this.close();
    const address = broker(account.broker);
    const isInsecure = location.protocol === "https:" && address?.protocol !== "wss:"; // the browser would throw
    if (!address || isInsecure) return this.told.state("lost");
    this.account = account;
    this.venue = account.venue || null;
    this.connect();
  }

  close() {
    clearTimeout(this.timer);
    this.drop();
    this.account = null;
    this.ever = this.other = false;
    this.versions = [5, 4];
  }

  drop() {
    const client = this.client;
    this.client = null;
    if (client)
      client
        .removeAllListeners()
        .on("error", () => {})
        .end(true);
    for (const { done } of this.questions.values()) done({ problem: "ask.offline" });
    this.questions.clear();
  }

  connect() {
    this.told.state("connecting");
    const client = mqtt.connect(this.account.broker, {
      protocolVersion: this.versions[0],
      clientId: `stile-page-${random(8)}`,
      username: this.account.user || undefined,
      password: this.account.password || undefined,
      clean: true,
      keepalive: 20,
      connectTimeout: 8000,
      reconnectPeriod: 0, // each attempt is a client of its own
      resubscribe: false,
      timerVariant: "native", // the page may start no workers
    });
    this.client = client;
    client.on("connect", () => this.connected(client));
    client.on("message", (topic, payload, packet) => this.take(topic, payload, packet));
    client.on("error", (error) => this.failed(client, error));
    client.on("close", () => this.failed(client, null));
  }

  failed(client, error) {
    if (client !== this.client) return;
    this.drop();
    if (error && kRefusedUser.includes(error.code)) return this.refused();
    const isFirst = !this.ever && !this.other;
    if (!this.ever) this.versions.reverse();
    this.other = isFirst;
    if (isFirst) return this.connect(); // at once, with the other version
    this.told.state("lost");
    this.again();
  }

  // At the first time somebody has to type again; later the broker may have lost its users for a moment.
  refused() {
    this.told.state("refused");
    if (this.ever) this.again();
  }

  again() {
    if (!this.account) return;
    const wait = kRetry[Math.min(this.attempt++, kRetry.length - 1)];
    this.timer = setTimeout(() => this.connect(), wait * (1 - Math.random() / 3));
  }

  async connected(client) {
    this.attempt = 0;
    this.ever = true;
    this.told.connected();
    this.told.state("online");
    if (this.venue) await this.followVenue(client);
    else await this.subscribe(client, kAnyVenue, 1);
  }

  async followVenue(client) {
    const denied = [];
    const all = [[[`_ops/answer/${this.reply}`], 1], ...kStages, ...(this.watched ? [[[`${this.watched}/entry`], 0]] : [])];
    for (const [filters, qos] of all) {
      const bad = await this.subscribe(
        client,
        filters.map((f) => this.topic(f)),
        qos,
      );
      denied.push(...bad.map((filter) => filter.slice(this.topic("").length)));
      if (client !== this.client) return;
    }
    this.told.denied(denied);
  }

  /** What the broker does not let this user read. */
  subscribe(client, filters, qos) {
    return new Promise((done) => {
      if (client !== this.client) return done([]);
      client.subscribe(filters, { qos }, (error, granted) => {
        const rows = granted ?? [];
        const bad = rows.filter((row) => row.qos >= 0x80).map((row) => row.topic);
        done(error && bad.length === 0 && error.code >= 0x80 ? filters : bad);
      });
    });
  }

  topic(rest) {
    return `stile/v1/${this.venue}/${rest}`;
  }

  /** The venue to follow, when the account left it open. */
  follow(venue) {
    const client = this.client;
    if (!client) return;
    this.venue = venue;
    client.unsubscribe(kAnyVenue);
    this.followVenue(client);
  }

  take(topic, payload, packet) {
    const parts = topic.split("/");
    if (parts.length < 5 || parts.length > 6 || parts[0] !== "stile" || parts[1] !== "v1") return;
    if (!this.venue) return this.told.venue(parts[2]);
    if (parts[2] !== this.venue) return;
    const text = new TextDecoder().decode(payload);
    if (parts[3] === "_ops" && parts[4] === "answer") return this.answered(text);
    this.told.message(parts.slice(3), text, packet.retain === true, packet.properties?.messageExpiryInterval);
  }

  /** The entries of one gate, as they come; null for none. */
  watch(gate) {
    if (gate === this.watched) return;
    const [before, client] = [this.watched, this.client];
    this.watched = gate;
    if (!client?.connected || !this.venue) return;
    if (before) client.unsubscribe(this.topic(`${before}/entry`));
    if (gate) this.subscribe(client, [this.topic(`${gate}/entry`)], 0);
  }

  /** Asks the collector. Gives its answer, or `problem`: a key of the words. */
  ask(ask, fields) {
    const client = this.client;
    if (!client?.connected || !this.venue || this.questions.size >= kAsked) return Promise.resolve({ problem: "ask.offline" });
    const id = `q${++this.asked}`;
    return new Promise((resolve) => {
      const done = (answer) => {
        clearTimeout(timer);
        this.questions.delete(id);
        resolve(answer);
      };
      const timer = setTimeout(() => done({ problem: "ask.none" }), kAnswer);
      this.questions.set(id, { ask, done });
      const question = JSON.stringify({ v: 1, ask, reply: this.reply, id, ...fields });
      client.publish(this.topic("_ops/ask"), question, { qos: 1 }, (error) => error && done({ problem: "ask.denied" }));
    });
  }

  answered(text) {
    let answer;
    try {
      answer = JSON.parse(text);
    } catch {
      return;
    }
    const question = this.questions.get(answer?.id);
    if (!question || answer.v !== 1 || answer.ask !== question.ask) return;
    question.done(answer.ok === true ? { answer } : { problem: "ask.failed", error: String(answer.error ?? "").slice(0, 300) });
  }
}
