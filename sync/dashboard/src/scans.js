// SPDX-License-Identifier: Apache-2.0
// The last scans of one gate: at most 200, each once, the newest first, with what became of them.

export const kMostScans = 200;
const kShown = ["decision", "passage", "lane", "act", "annulled", "start", "epoch", "list", "not-stored"];

export class Scans {
  constructor() {
    this.rows = [];
    this.keys = new Set();
    this.outcomes = new Map(); // of admissions whose decision is among the rows, or comes later
    this.arrived = 0;
  }

  /** One entry as it came. */
  add(entry) {
    if (!entry || !kShown.includes(entry.kind)) return;
    if (entry.kind === "passage") return this.outcome(entry, entry.result);
    if (entry.kind === "annulled") return this.outcome(entry, "annulled");
    if (this.keys.has(entry.key)) return;
    this.keys.add(entry.key);
    this.arrived += 1;
    this.rows.splice(this.placeOf(entry), 0, entry);
    while (this.rows.length > kMostScans) this.keys.delete(this.rows.pop().key);
  }

  // Within an epoch by number; a new epoch is newer than all that was there.
  placeOf(entry) {
    const at = this.rows.findIndex((row) => row.epoch !== entry.epoch || row.seq < entry.seq);
    return at < 0 ? this.rows.length : at;
  }

  outcome(entry, result) {
    if (entry.admission === null || !result) return;
    this.outcomes.set(`${entry.epoch}/${entry.admission}`, result);
    while (this.outcomes.size > 2 * kMostScans) this.outcomes.delete(this.outcomes.keys().next().value);
  }

  outcomeOf(entry) {
    return this.outcomes.get(entry.key) ?? null;
  }
}
