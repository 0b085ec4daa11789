// Keeps what somebody writes on the server while they write, so that a browser that dies loses little. Nothing of it is
// kept in the browser.
import { part } from "./fetch.js";

// After so long without a key, and at the latest so long after the first one: a browser that dies loses two seconds at
// most, what it takes to send them among it.
const PAUSE = 800;
const LONGEST = 1500;
// How long an answer is waited for, and when it is tried again after it failed.
const AGAIN = 10000;
// What a browser sends of a page that is being left, in bytes (Fetch standard: 64 KiB of all that is under way).
const LAST_WORDS = 60000;

// Ends when somebody says so, with what was typed last kept as well.
export function keepDrafts(root) {
  const all = [...root.querySelectorAll("[data-draft]")].map(keep);
  return { end: () => all.forEach((one) => one.end()) };
}

// What is kept of a form: its fields, without files. Of a place with several forms, each added on its own: what is
// typed in any of them, by what it answers.
function textsOf(place) {
  if (place.matches("form")) return [...new FormData(place)].filter(([, value]) => typeof value === "string");
  return [...place.querySelectorAll("[data-because]")]
    .map(({ elements: { under, statement } }) => [`because:${under.value}`, statement.value])
    .filter(([, text]) => text.trim());
}

function keep(place) {
  const line = place.querySelector("[data-draft-line]");
  const over = new AbortController();
  let timer;
  let since = 0;
  let isKept = "draftBegun" in place.dataset;
  // One after the other: an old text never comes in after a new one.
  let last = Promise.resolve();
  const isForm = place.matches("form");
  const isSent = () => Boolean(place.dataset.sent);

  place.addEventListener("input", () => {
    const now = Date.now();
    since ||= now;
    clearTimeout(timer);
    timer = setTimeout(save, Math.max(0, Math.min(PAUSE, since + LONGEST - now)));
  });
  // What was added is not begun any more.
  place.addEventListener("added", () => save());
  if (isForm) place.addEventListener("submit", () => clearTimeout(timer));
  // Whoever leaves the page has what they typed last kept as well.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && since && !isSent()) save();
  }, { signal: over.signal });

  function end() {
    over.abort();
    clearTimeout(timer);
    if (since && !isSent()) save();
  }

  function save() {
    clearTimeout(timer);
    since = 0;
    // Nobody waits for anything when the page is being left.
    last = document.visibilityState === "hidden" ? send() : last.then(send);
  }

  async function send() {
    const texts = textsOf(place);
    if (!isForm && texts.length === 0) return drop();
    const body = new URLSearchParams(texts);
    body.set("_address", place.dataset.draft);
    body.set("_title", place.dataset.draftTitle);
    body.set("_record", place.dataset.draftRecord ?? "");
    const keepalive = document.visibilityState === "hidden" && body.toString().length < LAST_WORDS;
    isKept = true;
    const { ok, html } = await part("/drafts", { method: "POST", body, keepalive, stays: true, signal: AbortSignal.timeout(AGAIN) });
    if (isSent() || over.signal.aborted) return;
    if (ok) {
      line.innerHTML = html;
      return;
    }
    const page = new DOMParser().parseFromString(html, "text/html");
    line.textContent = `This is not kept as a draft just now. ${page.querySelector(".lead")?.textContent ?? ""}`;
    since ||= Date.now();
    clearTimeout(timer);
    timer = setTimeout(save, AGAIN);
  }

  // Nothing is typed any more.
  async function drop() {
    if (!isKept) return;
    isKept = false;
    const body = new URLSearchParams({ address: place.dataset.draft });
    await part("/drafts/dropped", { method: "POST", body, stays: true });
    line.textContent = "";
  }
  return { end };
}
