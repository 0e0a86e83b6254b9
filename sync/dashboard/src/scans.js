// SPDX-License-Identifier: Apache-2.0
// The last scans of one gate: at most 200, each once, the newest first, with what became of them.

export const kMostScans = 200;
const kShown = ["decision", "passage", "lane", "act", "annulled", "start", "epoch", "list", "not-stored"];

export class Scans {
  constructor() {
    this.rows = [];
    this.keys = new Set();
    this.epochs = []; // the oldest first
    this.present = null;
    this.outcomes = new Map(); // of admissions whose decision is among the rows, or comes later
    this.arrived = 0;
  }

  /** One entry as it came. @param {string|null} present the gate's epoch, as its totals say */
  add(entry, present = null) {
    if (!entry || !kShown.includes(entry.kind)) return;
    this.order(entry, present);
    if (entry.kind === "passage") return this.outcome(entry, entry.result);
    if (entry.kind === "annulled") return this.outcome(entry, "annulled");
    if (this.keys.has(entry.key)) return;
    this.keys.add(entry.key);
    const at = this.rows.findIndex((row) => this.after(row, entry) > 0);
    this.rows.splice(at < 0 ? this.rows.length : at, 0, entry);
    while (this.rows.length > kMostScans) this.keys.delete(this.rows.pop().key);
    if (this.keys.has(entry.key)) this.arrived += 1;
  }

  // Entries of an earlier ledger may come between those of the present one: the gate sends again what a reader lacks.
  order(entry, present) {
    if (present && present !== this.present) {
      this.present = present;
      this.epochs = [...this.epochs.filter((epoch) => epoch !== present), present];
      this.rows.sort((a, b) => this.after(a, b));
    }
    if (this.epochs.includes(entry.epoch)) return;
    const isNew = !this.present || entry.previous === this.present;
    this.epochs.splice(isNew ? this.epochs.length : this.epochs.indexOf(this.present), 0, entry.epoch);
    if (this.epochs.length <= kMostScans) return;
    const needed = new Set([this.present, entry.epoch, ...this.rows.map((row) => row.epoch)]);
    this.epochs = this.epochs.filter((epoch) => needed.has(epoch));
  }

  /** Above zero when the first belongs below the second: an older epoch, or a smaller number. */
  after(a, b) {
    return this.epochs.indexOf(b.epoch) - this.epochs.indexOf(a.epoch) || b.seq - a.seq;
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
