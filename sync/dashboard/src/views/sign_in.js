// SPDX-License-Identifier: Apache-2.0
// Who is there, and which broker: asked once for a tab.
import { h, icon, put } from "../dom.js";
import { broker, name as venueName } from "../check.js";

/** None is one, too: the page takes what is there. */
export const isVenue = (name) => name === "" || venueName(name) !== null;

// Before anybody, or the browser by itself, types a password for another host.
function makeWarning(app, host, trust) {
  const { words } = app;
  const go = h("button", { type: "button", class: "trust", click: trust }, words.t("sign.foreign.go"));
  return h(
    "div",
    { class: "foreign" },
    h("p", {}, icon("warning"), " ", words.t("sign.foreign"), " ", h("b", {}, host)),
    app.isTrusted ? null : go,
  );
}

export function makeSignIn(app) {
  const { words } = app;
  const wrong = h("p", { class: "wrong", role: "alert", id: "sign-wrong" });
  const field = (name, props) =>
    h("input", {
      id: `sign-${name}`,
      name,
      value: app.account[name] ?? "",
      spellcheck: "false",
      autocapitalize: "off",
      ...props,
    });
  const fields = {
    broker: field("broker", { inputmode: "url", autocomplete: "url", required: true, "aria-describedby": "sign-wrong" }),
    user: field("user", { autocomplete: "username" }),
    password: field("password", { type: "password", autocomplete: "current-password", value: "" }),
    venue: field("venue", { autocomplete: "off", "aria-describedby": "sign-hint" }),
  };
  const label = (name) => h("label", { for: `sign-${name}` }, words.t(`sign.${name}`));
  const go = h("button", { type: "submit" }, words.t("sign.go"));
  const host = app.foreignHost();
  const warning = host && makeWarning(app, host, () => ((app.isTrusted = true), app.build()));
  const form = h(
    "form",
    { novalidate: true },
    warning,
    label("user"),
    fields.user,
    label("password"),
    fields.password,
    label("broker"),
    fields.broker,
    label("venue"),
    fields.venue,
    h("p", { class: "soft", id: "sign-hint" }, words.t("sign.venue.hint")),
    wrong,
    go,
    h("p", { class: "soft" }, words.t("sign.keep")),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    app.signing = "no"; // what was wrong before is over
    const account = Object.fromEntries(
      Object.entries(fields).map(([name, input]) => [name, name === "password" ? input.value : input.value.trim()]),
    );
    const address = broker(account.broker);
    if (!address) return put(wrong, words.t("sign.address"));
    if (location.protocol === "https:" && address.protocol !== "wss:") return put(wrong, words.t("sign.insecure"));
    if (!isVenue(account.venue)) return put(wrong, words.t("sign.venue.bad"));
    put(wrong, "");
    app.signIn(account);
  });
  if (!isVenue(app.account.venue)) put(wrong, words.t("sign.venue.bad"));
  const node = h(
    "div",
    { class: "sign-in" },
    h(
      "div",
      { class: "card" },
      h("h2", {}, icon("gate"), words.t("sign.title")),
      h("p", { class: "soft" }, words.t("sign.lead")),
      ...(host && !app.isTrusted ? [warning, wrong] : [form]),
    ),
  );
  const update = (app) => {
    const isWaiting = app.signing === "waiting";
    go.disabled = isWaiting;
    put(go, words.t(isWaiting ? "sign.wait" : "sign.go"));
    if (app.signing === "wrong") put(wrong, words.t("sign.wrong"));
    if (app.signing === "unreachable") put(wrong, words.t("sign.unreachable", { address: app.account.broker }));
  };
  return { node, update };
}
