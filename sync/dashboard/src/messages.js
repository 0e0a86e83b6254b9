// SPDX-License-Identifier: Apache-2.0
// The messages of TOPICS.md and OPS.md, as far as this page shows them: checked values, never the message itself.
import * as check from "./check.js";

const { code, count, hex64, list, name, number, object, one, text, ticketId, time } = check;

const kMinutes = 60;
const kMostGates = 500;
const kMostSteps = 2000;
const word = (value) => text(value, 40);

export const kStates = ["starting", "online", "degraded", "offline", "lost"];

export function status(m) {
  const state = one(kStates)(m.state);
  if (!state) return null;
  return { state, boot: hex64(m.boot), time: time(m.time), clock: word(m.clock), detail: text(m.detail) };
}

export function info(m) {
  return {
    software: word(m.software),
    epoch: hex64(m.epoch),
    config: word(m.config),
    lanes: list(m.lanes, 32, name),
    time: time(m.time),
  };
}

function reader(value) {
  const r = object(value);
  const known = name(r.name) ?? word(r.name);
  if (!known) return null;
  return {
    name: known,
    lane: name(r.lane),
    state: one(["absent", "starting", "working", "degraded", "failed"])(r.state),
    codes: count(r.codes_total),
    refused: count(r.refused_total),
    decodeUs: number(r.decode_us),
    detail: text(r.detail),
  };
}

export function health(m) {
  const lists = object(m.revocations);
  return {
    time: time(m.time),
    clock: word(m.clock),
    clockDoubt: word(m.clock_doubt),
    uptimeS: count(m.uptime_s),
    scans: count(m.scans),
    ledger: word(m.ledger),
    ledgerTrouble: text(m.ledger_trouble),
    damage: text(m.ledger_damage) || text(m.catalog_damage),
    badRows: count(m.bad_rows),
    outbox: count(m.outbox_depth),
    outboxAgeS: count(m.outbox_age_s),
    diskFree: count(m.disk_free_bytes),
    temperature: number(m.temperature_c),
    open: count(m.open_admissions),
    p50Us: number(m.release_p50_us),
    p99Us: number(m.release_p99_us),
    listGeneration: count(lists.generation),
    listRecords: count(lists.records),
    listAgeS: count(lists.age_s),
    backupAgeS: count(m.backup_age_s),
    readers: list(m.readers, 64, reader),
  };
}

export function totals(m) {
  const refused = Object.entries(object(m.refused))
    .slice(0, 64)
    .map(([reason, times]) => ({ reason: code(reason), times: count(times) }))
    .filter((row) => row.reason && row.times);
  return {
    time: time(m.time),
    epoch: hex64(m.epoch),
    admitted: count(m.admitted),
    entered: count(m.entered),
    left: count(m.left),
    released: count(m.released),
    refused,
    refusedAll: refused.reduce((sum, row) => sum + row.times, 0),
  };
}

export function lane(m) {
  const counts = object(m.counts);
  return {
    time: time(m.time),
    direction: one(["entry", "exit"])(m.direction),
    mode: word(m.mode),
    turnstile: word(m.turnstile),
    state: word(m.state),
    until: time(m.until),
    lastEvent: word(m.last_event),
    entered: count(counts.entered),
    left: count(counts.left),
    free: count(counts.free),
    readers: list(m.readers, 16, reader),
  };
}

export function alarm(m) {
  const state = one(["raised", "cleared"])(m.state);
  if (!state) return null;
  return {
    state,
    severity: one(["critical", "warning"])(m.severity),
    time: time(m.time),
    since: typeof m.since === "string" ? m.since.slice(0, 40) : "",
    sinceTime: time(m.since),
    gate: name(m.gate),
    lane: name(m.lane),
    reader: name(m.reader),
    ticket: ticketId(m.ticket),
    issuer: word(m.issuer),
    detail: text(m.detail),
  };
}

export function entry(m) {
  const epoch = hex64(m.epoch);
  const seq = count(m.seq);
  if (!epoch || seq === null) return null;
  return {
    key: `${epoch}/${seq}`,
    epoch,
    seq,
    gate: name(m.gate),
    kind: word(m.kind),
    time: time(m.time),
    lane: name(m.lane),
    direction: word(m.direction),
    medium: word(m.medium),
    verdict: one(["admit", "refuse"])(m.verdict),
    reason: code(m.reason),
    fault: code(m.fault),
    ticket: ticketId(m.ticket),
    product: count(m.product),
    people: count(m.people),
    flags: list(m.flags, 8, code),
    admission: count(m.admission),
    result: word(m.result),
    event: word(m.event),
    act: word(m.act),
    person: text(m.person, 60),
    previous: hex64(object(m.previous).epoch),
  };
}

const minutes = (value) => {
  const row = Array.isArray(value) ? value.slice(0, kMinutes).map((n) => count(n) ?? 0) : [];
  while (row.length < kMinutes) row.push(0);
  return row;
};

export function flow(m) {
  const from = time(m.from);
  if (from === null) return null;
  const gates = list(m.gates, kMostGates, (value) => {
    const g = object(value);
    return name(g.gate) && { gate: g.gate, entered: minutes(g.entered), left: minutes(g.left), refused: minutes(g.refused) };
  });
  return { time: time(m.time), from, gates: new Map(gates.map((g) => [g.gate, g])) };
}

function area(value) {
  const a = object(value);
  const inside = count(a.inside);
  if (inside === null) return null;
  return {
    number: count(a.area) ?? 0,
    name: text(a.name, 60),
    inside,
    entered: count(a.entered),
    left: count(a.left),
    free: count(a.free),
    capacity: count(a.capacity) || null,
  };
}

export function occupancy(m) {
  return { time: time(m.time), total: area(m.total), areas: list(m.areas, 100, area) };
}

/** The high end may be missing: perhaps never. */
const span = (value, read) => {
  const s = object(value);
  const [mid, low, high] = [read(s.mid), read(s.low), read(s.high)];
  return mid === null || low === null ? null : { mid, low, high };
};

export function forecast(m) {
  const from = time(m.from);
  const step = number(m.step_s);
  const drawn = from !== null && step !== null && step >= 1;
  const error = object(m.error);
  return {
    time: time(m.time),
    event: count(m.event),
    name: text(m.name, 60),
    starts: time(m.starts),
    sold: count(m.sold),
    arrived: count(m.arrived),
    expected: span(m.expected, number),
    fullAt: span(m.full_at, time),
    level: number(m.level),
    method: word(m.method),
    mape: number(error.mape),
    covered: number(error.covered),
    from,
    step,
    past: drawn ? list(m.past, kMostSteps, number) : [],
    coming: drawn ? list(m.coming, kMostSteps, coming) : [],
  };
}

function coming(value) {
  if (!Array.isArray(value)) return null;
  const [mid, low, high] = value.slice(0, 3).map(number);
  return [mid, low, high].some((n) => n === null || n === undefined) ? null : [mid, low, high];
}

export function stored(m) {
  const gates = list(m.gates, kMostGates, (value) => {
    const g = object(value);
    if (!name(g.gate)) return null;
    return { gate: g.gate, seq: count(g.seq), newest: count(g.newest), missing: count(g.missing), last: time(g.last) };
  });
  return { time: time(m.time), gates: new Map(gates.map((g) => [g.gate, g])) };
}

function place(value) {
  const p = object(value);
  return name(p.gate) && { gate: p.gate, lane: name(p.lane), time: time(p.time) };
}

export function conflicts(m) {
  const last = list(m.last, 100, (value) => {
    const c = object(value);
    return ticketId(c.ticket) && { ticket: c.ticket, at: list(c.at, 20, place) };
  });
  return { time: time(m.time), count: count(m.count) ?? last.length, last };
}

export function acknowledged(m) {
  const rows = list(m.alarms, 1000, (value) => {
    const a = object(value);
    const alarmKey = text(a.alarm, 170);
    return (
      alarmKey && {
        alarm: alarmKey,
        since: typeof a.since === "string" ? a.since.slice(0, 40) : "",
        person: text(a.person, 60),
        time: time(a.time),
      }
    );
  });
  return { time: time(m.time), alarms: new Map(rows.map((row) => [row.alarm, row])) };
}

export function ticket(value) {
  const t = object(value);
  if (!ticketId(t.ticket)) return null;
  return {
    ticket: t.ticket,
    used: t.used === true,
    inside: t.inside === true,
    revoked: t.revoked === true,
    event: count(t.event),
    product: count(t.product),
    entries: list(t.entries, 100, (row) => entry(object(row))),
  };
}
