"use strict";
// What one lane shows: events come in, the newest sign is drawn, and silence is shown as such.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const part = (id) => document.getElementById(id);
  const now = () => performance.now();

  const kSilence = 2500; // ms without a word: the sign may not be true any more
  const kRetry = 1000;
  const kWindow = 1000; // at most three signs in it: nothing flashes
  const kSigns = 3;
  const kLongestName = 40; // characters

  // Text of people and of the organiser: never markup, and its direction is its own.
  const isolated = (text) => {
    const bdi = document.createElement("bdi");
    bdi.textContent = text;
    return bdi;
  };
  const cut = (text, most) => {
    const clean = text.replace(/[\u0000-\u001f\u007f]+/g, " ").trim();
    const characters = Intl.Segmenter
      ? Array.from(new Intl.Segmenter().segment(clean), (s) => s.segment.slice(0, 16))
      : Array.from(clean);
    return characters.length <= most ? characters.join("") : characters.slice(0, most - 1).join("") + "…";
  };

  // ---- words
  const textOf = (view) => {
    if (view.state === "go" && view.exit) return data.signs.goodbye;
    if (view.state === "go" || view.state === "stop") return data.reasons[view.reason] || data.reasons.ERROR;
    return data.signs[view.state] || data.signs.wait;
  };
  const putHeadline = (view, text) => {
    if (view.state !== "go" || view.exit || !view.name) return part("headline").replaceChildren(text);
    const [before, after] = data.words.welcome.split("{name}");
    part("headline").replaceChildren(before, isolated(cut(view.name, kLongestName)), after || "");
  };
  const putFacts = (view) => {
    const rows = [];
    const add = (label, value) => {
      if (!value) return;
      const dt = document.createElement("dt");
      dt.textContent = label;
      const dd = document.createElement("dd");
      dd.append(isolated(cut(value, kLongestName)));
      rows.push(dt, dd);
    };
    if (view.state === "go") {
      if (view.people > 1) add(data.words.people, String(view.people));
      add(data.words.seat, view.seat);
      add(data.words.entrance, view.entrance);
    }
    part("facts").replaceChildren(...rows);
  };
  const shrinkToFit = () => {
    const root = document.documentElement.style;
    const box = part("live");
    const fits = (size) => {
      root.setProperty("--fit", size.toFixed(3));
      return box.scrollHeight <= box.clientHeight && box.scrollWidth <= box.clientWidth;
    };
    if (fits(1)) return;
    let [low, high] = [0.2, 1];
    while (high - low > 0.02) {
      const middle = (low + high) / 2;
      if (fits(middle)) low = middle;
      else high = middle;
    }
    fits(low);
  };

  // ---- sound
  let audio;
  const tone = (frequency, after, length, wave) => {
    const gain = audio.createGain();
    const from = audio.currentTime + after;
    gain.gain.setValueAtTime(0, from);
    gain.gain.linearRampToValueAtTime(0.35, from + 0.01);
    gain.gain.setValueAtTime(0.35, from + length - 0.03);
    gain.gain.linearRampToValueAtTime(0, from + length);
    const voice = audio.createOscillator();
    voice.type = wave;
    voice.frequency.value = frequency;
    voice.connect(gain).connect(audio.destination);
    voice.start(from);
    voice.stop(from + length);
  };
  const kTunes = {
    go: [[784, 0, 0.12, "sine"], [1175, 0.13, 0.2, "sine"]], // up
    stop: [[196, 0, 0.22, "square"], [147, 0.27, 0.34, "square"]], // down, and rough
  };
  const play = (state) => {
    if (!data.sound || !kTunes[state]) return;
    try {
      audio = audio || new AudioContext();
      for (const note of kTunes[state]) tone(...note);
      document.body.dataset.played = state;
    } catch {
      // a browser without sound still has the sign
    }
  };

  // ---- drawing
  let shown = null; // the sign, as a text
  let drawn = []; // when the last signs were drawn
  let pending = null;
  let answered = null; // the last answer: each is heard once

  const draw = (view) => {
    const text = textOf(view);
    document.body.dataset.state = view.state;
    document.body.dataset.reason = view.reason || "";
    document.body.dataset.since = view.since || "";
    putHeadline(view, text[0]);
    part("advice").textContent = text[1];
    part("words").textContent = view.words || "";
    putFacts(view);
    part("entrance").textContent = view.state === "go" ? "" : view.entrance || "";
    const deadline = part("deadline");
    for (const run of deadline.getAnimations()) run.cancel();
    deadline.classList.toggle("runs", view.left > 0);
    if (view.left > 0)
      deadline.animate([{ transform: "scaleX(1)" }, { transform: "scaleX(0)" }], { duration: view.left, fill: "forwards" });
    shrinkToFit();
    const answer = view.state + view.since;
    if (answered !== null && answer !== answered && view.state !== "lost") play(view.state);
    if (view.state !== "lost") answered = answer;
    drawn = [...drawn.slice(1 - kSigns), now()];
  };
  const show = (view) => {
    const { left: _, ...rest } = view;
    const what = JSON.stringify(rest);
    if (what === shown) return;
    shown = what;
    clearTimeout(pending);
    const wait = drawn.length < kSigns || view.state === "fire" ? 0 : drawn[0] + kWindow - now();
    if (wait <= 0) draw(view);
    else pending = setTimeout(() => draw(view), wait);
  };

  // ---- hearing
  let heard = now();
  let tried = -Infinity;
  let source = null;

  const take = (event) => {
    heard = now();
    const view = JSON.parse(event.data);
    if (view.page !== data.page && now() > 5000) return location.reload();
    show(view);
  };
  const connect = () => {
    tried = now();
    if (source) source.close();
    source = new EventSource("/lane/" + data.lane + "/events");
    source.onmessage = take;
  };
  const look = () => {
    if (now() - heard < kSilence) return;
    show({ state: "lost" });
    if (now() - tried > kRetry) connect();
  };
  connect();
  setInterval(look, 200);
  addEventListener("resize", shrinkToFit);
  if (document.fonts) document.fonts.ready.then(shrinkToFit);
})();
