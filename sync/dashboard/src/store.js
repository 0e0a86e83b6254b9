// SPDX-License-Identifier: Apache-2.0
// What the browser keeps: the account for this tab only, the looks for good. Works without any storage, too.

const kAccount = "stile.account";
const kLooks = "stile.looks";
const kPerson = "stile.person";

function read(storage, key) {
  try {
    return JSON.parse(storage().getItem(key)) ?? {};
  } catch {
    return {};
  }
}

function write(storage, key, value) {
  try {
    if (value === null) storage().removeItem(key);
    else storage().setItem(key, JSON.stringify(value));
  } catch {
    // A page without storage forgets.
  }
}

const tab = () => sessionStorage;
const device = () => localStorage;

export const account = { get: () => read(tab, kAccount), set: (value) => write(tab, kAccount, value) };
export const looks = { get: () => read(device, kLooks), set: (value) => write(device, kLooks, value) };
/** Who takes alarms on. */
export const person = {
  get: () => read(tab, kPerson).name ?? null,
  set: (name) => write(tab, kPerson, name === null ? null : { name }),
};
