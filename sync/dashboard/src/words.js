// SPDX-License-Identifier: Apache-2.0
// Words, numbers and times in the chosen language.
import { alarmKind } from "./trouble.js";
import en from "./words/en.js";
import zh from "./words/zh.js";

export const tables = { en, zh };
const kLocales = { en: "en-GB", zh: "zh-CN" };
const kUnits = [
  [90, 1, "unit.s"],
  [90 * 60, 60, "unit.min"],
  [48 * 3600, 3600, "unit.h"],
  [Infinity, 86_400, "unit.d"],
];

export class Words {
  /** @param {"en"|"zh"} language  @param {Record<string, [string, string]>} reasons what the lane's display says */
  constructor(language, reasons = {}) {
    this.language = language;
    this.table = tables[language];
    this.reasons = reasons;
    const locale = kLocales[language];
    this.numbers = new Intl.NumberFormat(locale);
    this.shares = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
    this.fineShares = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
    const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    this.minutes = new Intl.DateTimeFormat(locale, clock);
    this.seconds = new Intl.DateTimeFormat(locale, { ...clock, second: "2-digit" });
    this.days = new Intl.DateTimeFormat(locale, { ...clock, day: "numeric", month: "short" });
  }
  has(key) {
    return Object.hasOwn(this.table, key);
  }
  t(key, blanks = {}) {
    const fill = (_, blank) => (Object.hasOwn(blanks, blank) ? String(blanks[blank] ?? "") : "");
    return (this.table[key] ?? key).replace(/\{(\w+)\}/g, fill).trim();
  }
  /** The word of a value of the protocol; a later version's value stands for itself. */
  word(group, value, missing = "unknown") {
    if (value === null || value === undefined || value === "") return this.t(missing);
    return this.has(`${group}.${value}`) ? this.t(`${group}.${value}`) : value;
  }
  number(value) {
    return value === null || value === undefined ? this.t("unknown") : this.numbers.format(value);
  }
  share(value) {
    return value === null ? this.t("unknown") : this.shares.format(value);
  }
  fineShare(value) {
    return value === null ? this.t("unknown") : this.fineShares.format(value);
  }
  /** Of milliseconds since 1970, with the day where it is not today's. */
  time(at, now) {
    if (at === null || at === undefined) return this.t("unknown");
    return Math.abs(now - at) < 12 * 3_600_000 ? this.seconds.format(at) : this.days.format(at);
  }
  hour(at, now = at) {
    if (at === null) return this.t("unknown");
    return (Math.abs(now - at) < 12 * 3_600_000 ? this.minutes : this.days).format(at);
  }
  duration(seconds) {
    if (seconds === null || seconds === undefined) return this.t("unknown");
    const [, size, unit] = kUnits.find(([below]) => seconds < below);
    return this.t(unit, { n: this.number(Math.max(0, Math.round(seconds / size))) });
  }
  bytes(count) {
    return count === null ? this.t("unknown") : `${this.number(Math.round(count / 2 ** 20))} MiB`;
  }
  ms(us) {
    return us === null ? this.t("unknown") : this.t("unit.ms", { n: this.number(Math.round(us / 100) / 10) });
  }
  reason(code) {
    return this.reasons[code]?.[0] ?? code ?? "";
  }
  /** @param {(area: string) => string|null} areaName */
  alarm(alarm, areaName) {
    const { kind, what } = alarmKind(alarm.code);
    const whole = what === "0" ? this.t("alarm.whole-venue") : what;
    const shown = kind === "full" ? (areaName(what) ?? whole) : /^[0-9a-f]{16}$/.test(what) ? what.slice(0, 8) : what;
    return this.t(`alarm.${kind}`, { what: shown });
  }
  /** A row of trouble.js as a sentence. */
  trouble({ key, args }, now, areaName) {
    if (key === "alarm") {
      const sentence = this.alarm(args.alarm, areaName);
      return args.person ? this.t("trouble.taken", { sentence, person: args.person }) : sentence;
    }
    const blanks = { ...args };
    if ("at" in args) blanks.time = this.time(args.at, now);
    if ("s" in args) blanks.age = this.duration(args.s);
    if ("n" in args) blanks.n = this.number(args.n);
    if ("share" in args) blanks.share = this.share(args.share);
    if ("doubt" in args) blanks.doubt = this.word("doubt", args.doubt);
    return this.t(`trouble.${key}`, blanks);
  }
  /** The same without what the gate adds in English, and that. */
  troubleAndDetail({ key, args }, now, areaName) {
    const detail = key === "alarm" ? args.alarm.detail : args.detail;
    return [this.trouble({ key, args: { ...args, detail: null } }, now, areaName), detail ?? ""];
  }
}
