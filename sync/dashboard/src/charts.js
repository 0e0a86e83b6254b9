// SPDX-License-Identifier: Apache-2.0
// Curves: small ones as lines of an SVG, large ones by uPlot. The only file that knows uPlot.
import uPlot from "uplot";
import "uplot/style.css";
import { attr, svg } from "./dom.js";

export function spark() {
  const area = svg("polygon", { class: "spark-area" });
  const line = svg("polyline", { class: "spark-line" });
  const node = svg("svg", { class: "spark", viewBox: "0 0 118 32", preserveAspectRatio: "none", role: "img" }, area, line);
  node.part_ = { area, line };
  return node;
}

export function drawSpark(node, values, label) {
  const top = Math.max(5, ...values);
  const points = values.map((value, i) => `${2 * i},${(30 - (28 * value) / top).toFixed(1)}`).join(" ");
  attr(node.part_.line, "points", points);
  attr(node.part_.area, "points", `0,31 ${points} ${2 * (values.length - 1)},31`);
  attr(node, "aria-label", label);
}

const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function axes(words, size) {
  const common = {
    stroke: () => style("--soft"),
    font: `${size}px system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif`,
    ticks: { show: false },
  };
  const grid = { stroke: () => style("--line"), width: 1 };
  return [
    {
      ...common,
      grid: { show: false },
      space: 6 * size,
      size: 2.4 * size,
      values: (_, at) => at.map((s) => words.hour(1000 * s)),
    },
    {
      ...common,
      grid,
      space: 3.2 * size,
      size: (_, texts) => 12 + 0.62 * size * Math.max(2, ...(texts ?? []).map((t) => t.length)),
      values: (_, at) => at.map((n) => words.number(n)),
    },
  ];
}

/** Vertical lines with a word: now, the begin of the show. */
function marks(read, size) {
  const draw = (u) => {
    const { ctx, bbox } = u;
    ctx.save();
    ctx.font = `${size * devicePixelRatio}px system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif`;
    for (const { at, label } of read()) {
      const x = Math.round(u.valToPos(at / 1000, "x", true));
      if (!(x >= bbox.left && x <= bbox.left + bbox.width)) continue;
      ctx.strokeStyle = style("--soft");
      ctx.setLineDash([4, 4]);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      const isLate = x > bbox.left + 0.8 * bbox.width;
      ctx.textAlign = isLate ? "right" : "left";
      ctx.fillStyle = style("--soft");
      ctx.fillText(label, x + (isLate ? -6 : 6) * devicePixelRatio, bbox.top + size * devicePixelRatio);
    }
    ctx.restore();
  };
  return { hooks: { draw } };
}

/**
 * A chart that follows the width of its box.
 * @param {HTMLElement} box  @param {any} words
 * @param {{series: {color: string, dash?: number[], fill?: string, width?: number}[], bands?: object[], marks?: () => {at: number, label: string}[]}} what
 */
export function chart(box, words, what, size = 12) {
  const options = {
    width: 300,
    height: 200,
    cursor: { show: false },
    legend: { show: false },
    scales: { y: { range: (_, low, high) => [0, Math.max(5, 1.06 * (high ?? 0))] } },
    padding: [8, 12, 0, 0],
    axes: axes(words, size),
    bands: (what.bands ?? []).map((b) => ({ ...b, fill: () => style(b.color) })),
    series: [
      {},
      ...what.series.map((s) => ({
        stroke: () => (s.color ? style(s.color) : "transparent"),
        width: s.width ?? 2.5,
        dash: s.dash,
        fill: s.fill ? () => style(s.fill) : undefined,
        points: { show: false },
      })),
    ],
    plugins: what.marks ? [marks(what.marks, size)] : [],
  };
  const plot = new uPlot(options, [[], ...what.series.map(() => [])], box);
  plot.root.setAttribute("aria-hidden", "true");
  const watch = new ResizeObserver(() => {
    const { clientWidth: width, clientHeight: height } = box;
    if (width > 40 && height > 40 && (width !== plot.width || height !== plot.height)) plot.setSize({ width, height });
  });
  watch.observe(box);
  return {
    draw: (data) => plot.setData(data),
    redraw: () => plot.redraw(false, true),
    end: () => {
      watch.disconnect();
      plot.destroy();
    },
  };
}
