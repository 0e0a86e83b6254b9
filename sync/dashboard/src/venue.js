// SPDX-License-Identifier: Apache-2.0
// What is known about one venue: messages go in, and nothing else changes it. No clock, no network, no page.
import * as check from "./check.js";
import * as read from "./messages.js";

export const kMostGates = 500;
const kMostLanes = 64;
const kMostAlarms = 1000;
const kMostUnshown = 10_000;
const kMostPayload = 64 * 1024;
const kMostFlow = 2 * 1024 * 1024; // 60 minutes of 500 gates
export const kHealthPeriod = 10_000; // ms, until a gate shows another one
const kMostPeriod = 600_000;
const kSettling = 3000; // ms after a connection
const kFlowSpan = 3_600_000; // ms
const kStale = 120_000; // ms
const kSettled = 10_000; // ms after its owner's first word by which everything retained has come again

const kGateKinds = { info: read.info, health: read.health, count: read.totals };
const kVenueKinds = {
  gates: read.stored,
  occupancy: read.occupancy,
  flow: read.flow,
  conflicts: read.conflicts,
  acknowledged: read.acknowledged,
};

/** One gate, or the collector: who has a status, and says `lost` through its will. */
class Speaker {
  constructor(name) {
    this.name = name;
    this.status = null;
    this.lastBoot = null; // of the last status that is no will
    this.statusAt = null;
    this.heard = 0; // the connection in which its status came
  }
  /** False for a will that came too late. */
  take(status, now, connection) {
    if (status.state === "lost" && this.lastBoot && status.boot !== this.lastBoot) return false;
    if (status.state !== "lost") this.lastBoot = status.boot;
    if (this.heard !== connection) this.statusAt = now;
    this.heard = connection;
    this.status = status;
    return true;
  }
}

class Gate extends Speaker {
  constructor(name) {
    super(name);
    this.info = this.health = this.count = null;
    this.lanes = new Map();
    this.silentSince = null; // when its will came
    this.period = kHealthPeriod; // of its health
  }
  /** Learns the period: the broker drops health after three of them, and without that (3.1.1) from one to the next. */
  learn(health, { retained, expiry }, age) {
    const last = this.health;
    const isNext = !retained && last?.retained === false && last.time && health.time && last.connection === health.connection;
    const period = expiry ? (1000 * expiry + age) / 3 : isNext ? health.time - last.time : this.period;
    this.period = Math.min(Math.max(period, kHealthPeriod), kMostPeriod);
  }
}

/** Lower is nearer to the top of a list. */
const bySeverity = (a, b) =>
  Number(b.severity === "critical") - Number(a.severity === "critical") ||
  (b.sinceTime ?? 0) - (a.sinceTime ?? 0) ||
  (a.key < b.key ? -1 : 1);

/** What goes first when there is no room: what is over, then warnings. */
const rankOf = (alarm) => (alarm.state === "cleared" ? 0 : alarm.severity === "critical" ? 2 : 1);

export class Venue {
  constructor(name) {
    this.name = name;
    this.gates = new Map();
    this.collector = new Speaker("_ops");
    this.alarms = new Map(); // "{gate}/{code}" and "_ops/{code}"
    this.unshown = new Set(); // keys of raised ones that found no room
    this.forecasts = new Map();
    this.stored = this.occupancy = this.flow = this.conflicts = this.acknowledged = null;
    this.connection = 0;
    this.connectedAt = null;
    this.lastAt = null; // when the last message came
    this.offset = 0; // this device's clock less the venue's
    this.isTimed = false; // the offset is known
    this.refused = 0; // messages that are none
  }

  /** A new connection: all that is retained comes again. */
  connected(now) {
    this.connection += 1;
    this.unshown.clear();
    this.connectedAt = now;
  }

  /**
   * @param {string[]} topic what follows the venue's name
   * @param {number|undefined} expiry s after which the broker forgets it
   * @returns {boolean} whether something is known by it
   */
  apply(topic, payload, retained, now, expiry = undefined) {
    this.lastAt = now;
    const [owner, kind, rest] = topic;
    if (topic.length < 2 || topic.length > 3 || (owner !== "_ops" && !check.name(owner))) return false;
    if (payload === "") return this.forget(owner, kind, rest);
    const message = check.message(payload, kind === "flow" ? kMostFlow : kMostPayload);
    if (!message) {
      this.refused += 1;
      return false;
    }
    const at = { now, retained, expiry };
    if (kind === "alarm") return this.takeAlarm(owner, rest, read.alarm(message), at);
    return owner === "_ops" ? this.takeVenue(kind, rest, message, at) : this.takeGate(owner, kind, rest, message, at);
  }

  takeGate(owner, kind, rest, message, at) {
    const isKnown =
      kind === "lane" ? check.name(rest) : rest === undefined && (kind === "status" || Object.hasOwn(kGateKinds, kind));
    if (!isKnown) return false;
    const gate = this.gates.get(owner) ?? new Gate(owner);
    if (!this.gates.has(owner)) {
      if (this.gates.size >= kMostGates) return false;
      this.gates.set(owner, gate);
    }
    if (kind === "status") return this.takeStatus(gate, read.status(message), at);
    if (kind === "lane") return this.takeLane(gate, rest, read.lane(message), at);
    const record = this.stamp(kGateKinds[kind](message), at);
    if (kind === "health") gate.learn(record, at, this.age(record, at.now));
    gate[kind] = record;
    if (kind === "health" && !at.retained) gate.silentSince = null;
    return true;
  }

  takeStatus(speaker, status, at) {
    if (!status || !speaker.take(this.stamp(status, at), at.now, this.connection)) return false;
    if (speaker instanceof Gate) speaker.silentSince = status.state === "lost" ? at.now : null;
    return true;
  }

  takeLane(gate, rest, lane, at) {
    if (!gate.lanes.has(rest) && gate.lanes.size >= kMostLanes) return false;
    gate.lanes.set(rest, this.stamp({ name: rest, ...lane }, at));
    return true;
  }

  takeAlarm(owner, rest, alarm, at) {
    const key = `${owner}/${rest}`;
    if (!alarm || !check.code(rest)) return false;
    const severity = alarm.severity ?? "warning";
    const gate = owner === "_ops" ? alarm.gate : owner;
    // A cleared one no longer says since when it was.
    const known = alarm.state === "cleared" && alarm.since === "" ? this.alarms.get(key) : null;
    const { since, sinceTime } = known ?? alarm;
    const record = this.stamp({ ...alarm, since, sinceTime, key, owner, code: rest, severity, gate }, at);
    this.unshown.delete(key);
    if (!this.alarms.has(key) && this.alarms.size >= kMostAlarms && !this.makeRoomFor(record)) return false;
    this.alarms.set(key, record);
    return true;
  }

  /** Of a full list goes the oldest of what matters least; false when that is the new one. */
  makeRoomFor(alarm) {
    const all = [...this.alarms.values()];
    const least = Math.min(...all.map(rankOf));
    const goes = rankOf(alarm) < least ? alarm : all.find((one) => rankOf(one) === least);
    this.alarms.delete(goes.key);
    if (goes.state === "raised" && this.unshown.size < kMostUnshown) this.unshown.add(goes.key);
    return goes !== alarm;
  }

  takeVenue(kind, rest, message, at) {
    if (kind === "status") return this.takeStatus(this.collector, read.status(message), at);
    if (kind === "forecast") return this.takeForecast(rest, message, at);
    if (!Object.hasOwn(kVenueKinds, kind) || rest !== undefined) return false;
    const value = kVenueKinds[kind](message);
    if (!value) return false;
    if (!at.retained && value.time !== null) this.setClock(at.now - value.time, kind === "flow" && value.from !== this.flow?.from);
    this[kind === "gates" ? "stored" : kind] = this.stamp(value, at);
    return true;
  }

  /** A collector that comes back says again what it made long ago: only a new minute is surely of now. */
  setClock(offset, isOfNow) {
    this.offset = isOfNow || !this.isTimed ? offset : Math.min(this.offset, offset);
    this.isTimed = true;
  }

  takeForecast(rest, message, at) {
    if (!/^\d{1,10}$/.test(rest ?? "") || (!this.forecasts.has(rest) && this.forecasts.size >= 50)) return false;
    this.forecasts.set(rest, this.stamp(read.forecast(message), at));
    return true;
  }

  forget(owner, kind, rest) {
    const gate = this.gates.get(owner);
    if (kind === "alarm") return this.unshown.delete(`${owner}/${rest}`) || this.alarms.delete(`${owner}/${rest}`);
    if (owner === "_ops") return kind === "forecast" && this.forecasts.delete(rest);
    if (!gate) return false;
    if (kind === "lane") return gate.lanes.delete(rest);
    if (kind === "status") return this.gates.delete(owner);
    if (Object.hasOwn(kGateKinds, kind)) gate[kind] = null;
    return true;
  }

  /** Drops what was deleted while there was no connection: its owner is back, and did not say it again. */
  sweep(now) {
    const gone = (owner, record) =>
      record.connection < this.connection && owner?.heard === this.connection && now - owner.statusAt > kSettled;
    for (const [key, alarm] of this.alarms) {
      if (gone(this.ownerOf(alarm), alarm)) this.alarms.delete(key);
    }
    for (const [key, record] of this.forecasts) if (gone(this.collector, record)) this.forecasts.delete(key);
    for (const gate of this.gates.values()) {
      for (const [name, lane] of gate.lanes) if (gone(gate, lane)) gate.lanes.delete(name);
    }
  }

  ownerOf(alarm) {
    return alarm.owner === "_ops" ? this.collector : this.gates.get(alarm.owner);
  }

  stamp(record, { now, retained }) {
    return Object.assign(record, { at: now, retained, connection: this.connection });
  }

  // ---- answers

  /** How old a message is, in ms: since it came, or by its own time when the broker had kept it. */
  age(record, now) {
    if (!record) return null;
    if (!record.retained || record.time === null || record.time === undefined) return now - record.at;
    return Math.max(now - record.at, now - this.offset - record.time);
  }

  /** The time up to which the venue's numbers are known; null while they are fresh: a collector says the flow each minute. */
  staleSince(now) {
    const told = [this.occupancy, this.flow, ...this.forecasts.values()].map((record) => record?.time ?? null);
    const last = Math.max(...told, this.flow ? this.flow.from + kFlowSpan : 0);
    return last > 0 && now - this.offset - last > kStale ? last : null;
  }

  /** Who has taken it on; a later raise is nobody's. */
  personOf(alarm) {
    const row = this.acknowledged?.alarms.get(alarm.key);
    return row && row.since === alarm.since ? row : null;
  }

  raised() {
    return [...this.alarms.values()].filter((a) => a.state === "raised").sort(bySeverity);
  }

  over(now) {
    const recent = (a) => a.state === "cleared" && this.age(a, now) < 3_600_000;
    return [...this.alarms.values()].filter(recent).sort((a, b) => (b.time ?? 0) - (a.time ?? 0));
  }

  flowOf(gate) {
    return this.flow?.gates.get(gate) ?? null;
  }

  /** The same to judge by: null when it is of another time. */
  flowNow(gate, now) {
    return this.staleSince(now) === null ? this.flowOf(gate) : null;
  }

  /** All that was retained has had the time to come. */
  settled(now) {
    return this.connectedAt !== null && now - this.connectedAt > kSettling;
  }

  collectorThere() {
    const state = this.collector.status?.state;
    return state === "online" || state === "degraded" || state === "starting";
  }
}
