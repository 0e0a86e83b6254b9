// SPDX-License-Identifier: Apache-2.0
// What is wrong with a page as it stands: cut or small text, weak contrast, wrong words. Runs in the browser.
export async function look(wanted) {
  // A screen of another size is heard of with its first frame.
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const mistakes = [];
  const say = (what) => mistakes.push(what);
  const body = document.body;
  const visible = (node) => node.getClientRects().length > 0 && getComputedStyle(node).visibility === "visible";

  const channels = (text) => text.match(/[\d.]+/g).slice(0, 3).map((n) => Number(n) / 255);
  const luminance = (color) => {
    const [r, g, b] = channels(color).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const paper = getComputedStyle(body).backgroundColor;

  const inside = (rect, box, slack = 1) =>
    rect.left >= box.left - slack && rect.right <= box.right + slack && rect.top >= box.top - slack && rect.bottom <= box.bottom + slack;
  const screen = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
  const live = document.getElementById("live").getBoundingClientRect();

  for (const node of document.querySelectorAll("#headline, #advice, #words, #facts dt, #facts dd, footer bdi")) {
    if (!node.textContent || !visible(node)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const slack = 0.2 * Number.parseFloat(getComputedStyle(node).fontSize); // lines are taller than their ink
    for (const rect of range.getClientRects()) {
      if (!inside(rect, screen)) say(`${node.id || node.tagName} is off the screen`);
      if (document.getElementById("live").contains(node) && !inside(rect, live, slack)) say(`${node.id || node.tagName} is cut`);
    }
    const ratio = contrast(getComputedStyle(node).color, paper);
    if (ratio < 7) say(`${node.id || node.tagName}: contrast ${ratio.toFixed(1)}`);
  }
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth || root.scrollHeight > innerHeight) say("the page scrolls");

  const shapes = [...document.querySelectorAll("#shape svg")].filter(visible);
  if (shapes.length !== 1) say(`${shapes.length} shapes`);
  for (const shape of shapes) {
    const rect = shape.getBoundingClientRect();
    if (!inside(rect, screen)) say("the shape is off the screen");
    if (Math.min(rect.width, rect.height) < 0.2 * Math.min(innerWidth, innerHeight)) say("the shape is small");
    if (contrast(getComputedStyle(shape).stroke, paper) < 4.5) say("the shape is faint");
  }

  const size = (id) => Number.parseFloat(getComputedStyle(document.getElementById(id)).fontSize);
  const scale = Math.min(innerWidth, innerHeight) / 600;
  if (wanted.large) {
    if (size("headline") < 50 * Math.min(scale, 1.6)) say(`headline of ${size("headline").toFixed(0)} px`);
    if (size("advice") < 33 * Math.min(scale, 1.6)) say(`advice of ${size("advice").toFixed(0)} px`);
  }
  if (body.dataset.state !== wanted.state) say(`state ${body.dataset.state}`);
  if (wanted.headline && document.getElementById("headline").textContent !== wanted.headline)
    say(`headline "${document.getElementById("headline").textContent}"`);
  if (wanted.advice && document.getElementById("advice").textContent !== wanted.advice) say("another advice");
  if (root.lang !== wanted.language || root.dir !== wanted.direction) say(`language ${root.lang} ${root.dir}`);
  const region = document.getElementById("live");
  if (region.getAttribute("aria-live") !== "assertive" || region.getAttribute("role") !== "status") say("nobody reads it aloud");
  if (window.hacked) say("a name ran as a script");
  return mistakes;
}
