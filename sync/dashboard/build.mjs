// SPDX-License-Identifier: Apache-2.0
// Bundles the page with Vite and puts script and style into the one file: node build.mjs FOLDER_WITH_MODULES
import { createHash } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const kMost = 300_000; // bytes, compressed
const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2]);
const modules = join(out, "node_modules");
const { build } = await import(pathToFileURL(join(modules, "vite/dist/node/index.js")));

const { output } = await build({
  configFile: false,
  root: here,
  logLevel: "warn",
  cacheDir: join(out, "cache"),
  resolve: {
    alias: [
      { find: /^mqtt$/, replacement: join(modules, "mqtt/dist/mqtt.esm.js") },
      { find: /^uplot$/, replacement: join(modules, "uplot/dist/uPlot.esm.js") },
      { find: "uplot/style.css", replacement: join(modules, "uplot/dist/uPlot.min.css") },
    ],
  },
  build: {
    write: false,
    target: "es2022",
    modulePreload: { polyfill: false },
    cssCodeSplit: false,
    rollupOptions: { input: join(here, "src/main.js"), output: { inlineDynamicImports: true } },
  },
});

const script = output
  .find((part) => part.type === "chunk")
  .code.replaceAll("</script", "<\\/script")
  .replaceAll("<!--", "\\x3C!--");
const style = output.find((part) => part.fileName.endsWith(".css")).source;
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const policy = [
  "default-src 'none'",
  `script-src ${hash(script)}`,
  `style-src ${hash(style)}`,
  "connect-src ws: wss:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

const blanks = { script, style, policy };
const page = readFileSync(join(here, "index.html"), "utf8").replace(/\{\{(\w+)\}\}/g, (_, name) => blanks[name]);
const size = gzipSync(page, { level: 9 }).length;
if (size > kMost) throw new Error(`the page has ${size} bytes compressed, more than ${kMost}`);
// In one step: whoever serves it sees the old page or the new one.
writeFileSync(join(out, "index.new"), page);
renameSync(join(out, "index.new"), join(out, "index.html"));
console.log(`${join(out, "index.html")}: ${page.length} characters, ${size} bytes compressed`);
