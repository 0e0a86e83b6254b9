// SPDX-License-Identifier: Apache-2.0
// Numbers over time: what is drawn of a forecast, and how many a minute.

/** People in the last whole minute, or in the running one where that is already more. */
export const perMinute = (minutes) => Math.max(minutes[58], minutes[59]);

/** Of a forecast: times in seconds, then arrived, high, low and mid; both curves meet at what has arrived by now. */
export function curve(f) {
  const first = f.from / 1000;
  const at = (step) => first + step * f.step;
  const past = [0, ...f.past];
  const times = past.map((_, i) => at(i));
  const now = f.time / 1000;
  if (f.arrived !== null && f.time !== null && now > at(f.past.length) && now < at(past.length)) {
    past.push(f.arrived);
    times.push(now);
  }
  const met = past[past.length - 1];
  const gap = new Array(past.length - 1).fill(null);
  const pick = (i) => [...gap, met, ...f.coming.map((c) => c[i])];
  const coming = f.coming.map((_, i) => at(f.past.length + 1 + i));
  return [[...times, ...coming], [...past, ...coming.map(() => null)], pick(2), pick(1), pick(0)];
}
