// SPDX-License-Identifier: Apache-2.0
// What comes over MQTT is anybody's text: each value is checked here, and is null where it is not what it should be.

const kLongestText = 300;
const kControls = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+/g;
const kTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;

const matching = (pattern) => (value) => (typeof value === "string" && pattern.test(value) ? value : null);

export const name = matching(/^[a-z0-9-]{1,63}$/);
export const hex64 = matching(/^[0-9a-f]{16}$/);
export const ticketId = matching(/^[0-9a-f]{32}$/);
export const code = matching(/^[A-Za-z0-9_-]{1,100}$/);

/** Text for people, on one line, without what would turn the direction of its neighbours. */
export function text(value, most = kLongestText) {
  if (typeof value !== "string") return null;
  const clean = value
    .slice(0, 4 * most)
    .replace(kControls, " ")
    .trim();
  const letters = Array.from(clean);
  return letters.length <= most ? clean : letters.slice(0, most - 1).join("") + "…";
}

export const count = (value) => (Number.isSafeInteger(value) && value >= 0 ? value : null);

export const number = (value) => (typeof value === "number" && Math.abs(value) < 1e15 ? value : null);

/** Milliseconds since 1970. */
export function time(value) {
  if (typeof value !== "string" || !kTime.test(value)) return null;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : at;
}

/** A broker's address; null for one that is none, or that would put its own user or client id before ours. */
export function broker(address) {
  try {
    const url = new URL(address);
    const isPlain = !url.username && !url.password && !url.searchParams.has("clientId");
    return ["ws:", "wss:"].includes(url.protocol) && url.hostname && isPlain ? url : null;
  } catch {
    return null;
  }
}

export const object = (value) => (value && typeof value === "object" && !Array.isArray(value) ? value : {});

export const one = (values) => (value) => (values.includes(value) ? value : null);

/** The good ones of a list, at most so many. */
export function list(value, most, each) {
  if (!Array.isArray(value)) return [];
  const out = [];
  for (const item of value.slice(0, most)) {
    const good = each(item);
    if (good !== null) out.push(good);
  }
  return out;
}

/** A message of version 1, or null. */
export function message(payload, most) {
  if (payload.length > most) return null;
  try {
    const value = JSON.parse(payload);
    return value && typeof value === "object" && value.v === 1 ? value : null;
  } catch {
    return null;
  }
}
