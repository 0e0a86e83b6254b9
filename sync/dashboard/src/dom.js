// SPDX-License-Identifier: Apache-2.0
// Elements without markup: text is only ever text. And lists that keep their elements, their order and the focus.

const kSvg = "http://www.w3.org/2000/svg";

/** @param {string} tag  @param {Record<string, any>} props attributes; functions become listeners */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (typeof value === "function") node.addEventListener(key, value);
    else attr(node, key, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function svg(tag, props = {}, ...children) {
  const node = document.createElementNS(kSvg, tag);
  for (const [key, value] of Object.entries(props)) attr(node, key, value);
  node.append(...children);
  return node;
}

export function icon(name) {
  return svg(
    "svg",
    { class: `icon icon-${name}`, viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" },
    svg("use", { href: `#i-${name}` }),
  );
}

export function attr(node, key, value) {
  if (value === null || value === undefined || value === false) return node.hasAttribute(key) && node.removeAttribute(key);
  const text = value === true ? "" : String(value);
  if (node.getAttribute(key) !== text) node.setAttribute(key, text);
}

export function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export const show = (node, isShown) => attr(node, "hidden", !isShown);

const kMostMade = 25; // elements at once: the rest comes with the next drawing, so that the page never stands still

/** One element an item, kept by its key; elements move only where the order changed. False while some are not there yet. */
export function keyed(parent, items, keyOf, make, update) {
  const nodes = (parent.keyedNodes ??= new Map());
  const wanted = new Set(items.map(keyOf));
  for (const [key, node] of nodes) {
    if (wanted.has(key)) continue;
    node.remove();
    nodes.delete(key);
  }
  const focused = parent.contains(document.activeElement) ? document.activeElement : null;
  let before = null;
  let made = 0;
  for (const item of items) {
    const key = keyOf(item);
    let node = nodes.get(key);
    if (!node && made++ >= kMostMade) continue;
    if (!node) nodes.set(key, (node = make(item)));
    update(node, item);
    const place = before ? before.nextSibling : parent.firstChild;
    if (place !== node) parent.insertBefore(node, place);
    before = node;
  }
  if (focused && focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
  return made <= kMostMade;
}
