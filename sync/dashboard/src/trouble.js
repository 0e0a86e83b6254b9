// SPDX-License-Identifier: Apache-2.0
// What is wrong at a gate, as facts that the words turn into sentences: the worst first.

export const kFine = 0;
export const kNote = 1;
export const kWarning = 2;
export const kCritical = 3;

const kOldList = 24 * 3600; // s
const kLongOutbox = 1000; // entries
const kManyRefused = 0.25; // of the last ten minutes
const kEnoughShown = 20; // tickets, before a share means anything
const kUnheard = 10_000; // ms after a new connection

const kLaneAlarms = ["sensor-stuck", "arm-stuck", "device-gone", "fire", "tamper"];
const kPlainAlarms = [
  "clock-wrong",
  "disk-low",
  "fire-input-gone",
  "ledger-damaged",
  "ledger-failing",
  "lists-stale",
  "lists-unreadable",
  "outbox-growing",
  "watermark-ahead",
  "store-failing",
];
const kNamedAlarms = [
  "camera",
  "reader-degraded",
  "reader-lost",
  "gate-silent",
  "entries-missing",
  "refusals",
  "many-gates",
  "issuer-busy",
  "double-entry",
  "refunded-inside",
  "full",
];
export const kAlarmKinds = [...kLaneAlarms.map((kind) => `lane-${kind}`), ...kPlainAlarms, ...kNamedAlarms];

/** The kind of an alarm and what its code names: a lane, a gate, a ticket, an issuer, an area. */
export function alarmKind(code) {
  if (kPlainAlarms.includes(code)) return { kind: code, what: "" };
  const lane = kLaneAlarms.find((kind) => code.startsWith("lane-") && code.endsWith(`-${kind}`));
  if (lane) return { kind: `lane-${lane}`, what: code.slice(5, -lane.length - 1) };
  const named = kNamedAlarms.find((kind) => code.startsWith(`${kind}-`));
  return named ? { kind: named, what: code.slice(named.length + 1) } : { kind: "other", what: code };
}

/** Passages and refusals of the last whole minutes: the running one is not over. */
export function lately(flow, minutes) {
  if (!flow) return null;
  const sum = (row) => row.slice(59 - minutes, 59).reduce((a, b) => a + b, 0);
  const [entered, left, refused] = [sum(flow.entered), sum(flow.left), sum(flow.refused)];
  const shown = entered + left + refused;
  return { entered, left, refused, shown, share: shown > 0 ? refused / shown : 0 };
}

function ofAlarm(alarm, venue) {
  const taken = venue.personOf(alarm);
  const level = (alarm.severity === "critical" ? kCritical : kWarning) - (taken ? 1 : 0);
  return { level, key: "alarm", args: { alarm, person: taken?.person ?? null } };
}

function ofPresence(gate, venue, now) {
  const state = gate.status?.state;
  const since = gate.health?.at ?? gate.status?.at ?? now;
  if (state === "lost" && gate.silentSince !== null) return [{ level: kCritical, key: "lost", args: {} }];
  if (state === "offline") return [{ level: kWarning, key: "offline", args: {} }];
  if (state === "degraded") return [{ level: kWarning, key: "degraded", args: { detail: gate.status.detail } }];
  if (state === "starting") return [{ level: kNote, key: "starting", args: {} }];
  if (gate.heard < venue.connection && venue.connectedAt && now - venue.connectedAt > kUnheard)
    return [{ level: kWarning, key: "unheard", args: { at: since - venue.offset } }];
  // Its last health has left the broker, too: then there is only the status, which is kept for ever.
  const unsaid = gate.status ? now - Math.max(gate.status.at, venue.connectedAt ?? 0) : null;
  const age = venue.age(gate.health, now) ?? unsaid;
  if (age === null || age <= 3 * gate.period) return [];
  return [{ level: kCritical, key: "silent", args: { at: now - age - venue.offset, s: gate.period / 1000 } }];
}

function ofHealth(h) {
  const out = [];
  const say = (level, key, args = {}) => out.push({ level, key, args });
  if (h.ledger === "failing") say(kCritical, "ledger", { detail: h.ledgerTrouble });
  if (h.damage) say(kWarning, "damage", { detail: h.damage });
  if (h.badRows) say(kWarning, "bad-rows", { n: h.badRows });
  if (h.clock === "wrong") say(kWarning, "clock-wrong");
  else if (h.clockDoubt) say(kWarning, "clock-doubt", { doubt: h.clockDoubt });
  else if (h.clock === "unsynced") say(kNote, "clock-unsynced");
  if (h.outbox > kLongOutbox) say(kNote, "outbox", { n: h.outbox });
  if (h.listGeneration === 0) say(kNote, "no-list");
  else if (h.listAgeS > kOldList) say(kNote, "old-list", { s: h.listAgeS });
  for (const r of h.readers) {
    if (r.state === "failed" || r.state === "absent") say(kWarning, `reader-${r.state}`, { reader: r.name, detail: r.detail });
    if (r.state === "degraded") say(kNote, "reader-degraded", { reader: r.name, detail: r.detail });
  }
  return out;
}

function ofLanes(gate) {
  const out = [];
  for (const lane of gate.lanes.values()) {
    if (lane.state === "fire") out.push({ level: kCritical, key: "lane-fire", args: { lane: lane.name } });
    else if (lane.mode === "out-of-order") out.push({ level: kWarning, key: "lane-out-of-order", args: { lane: lane.name } });
    else if (lane.mode === "free") out.push({ level: kNote, key: "lane-free", args: { lane: lane.name } });
    else if (lane.mode === "locked") out.push({ level: kNote, key: "lane-locked", args: { lane: lane.name } });
  }
  return out;
}

// One thing is said once: the alarm's sentence goes before our own of the same kind.
const kSaidBy = {
  "clock-wrong": ["clock-wrong", "clock-doubt", "clock-unsynced"],
  "lists-stale": ["old-list", "no-list"],
  "outbox-growing": ["outbox"],
  camera: ["reader-degraded"],
  "reader-degraded": ["reader-degraded"],
  "reader-lost": ["reader-failed", "reader-absent"],
  "gate-silent": ["lost", "silent", "unheard"],
  "ledger-failing": ["ledger"],
  "ledger-damaged": ["damage", "bad-rows"],
  "lane-fire": ["lane-fire"],
  "lane-device-gone": ["lane-out-of-order"],
};

function saidBy(alarm) {
  const { kind, what } = alarmKind(alarm.code);
  const named = /^(camera|reader-|lane-)/.test(kind) ? ` ${alarm.reader ?? alarm.lane ?? what}` : "";
  return (kSaidBy[kind] ?? []).map((key) => key + named);
}

function judge(gate, raised, venue, now) {
  const alarms = raised.map((alarm) => ofAlarm(alarm, venue));
  const said = new Set(alarms.flatMap(({ args }) => saidBy(args.alarm)));
  const others = [...ofPresence(gate, venue, now), ...(gate.health ? ofHealth(gate.health) : []), ...ofLanes(gate)];
  const recent = lately(venue.flowNow(gate.name, now), 10);
  const isSaid = alarms.some(({ args }) => args.alarm.code.startsWith("refusals-"));
  if (!isSaid && recent && recent.shown >= kEnoughShown && recent.share > kManyRefused)
    others.push({ level: kNote, key: "refusals", args: { share: recent.share } });
  const nameOf = ({ key, args }) => [key, args.reader ?? args.lane].filter(Boolean).join(" ");
  const list = [...alarms, ...others.filter((row) => !said.has(nameOf(row)))].sort((a, b) => b.level - a.level);
  return { level: list.length ? list[0].level : kFine, list };
}

/** @returns {Map<string, {level: number, list: {level: number, key: string, args: object}[]}>} by gate */
export function judgeAll(venue, now) {
  const raised = new Map();
  for (const alarm of venue.raised()) raised.set(alarm.gate, [...(raised.get(alarm.gate) ?? []), alarm]);
  return new Map([...venue.gates.values()].map((gate) => [gate.name, judge(gate, raised.get(gate.name) ?? [], venue, now)]));
}
