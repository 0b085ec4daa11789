// Keeps what somebody writes on the server while they write, so that a browser that dies loses little. Nothing of it is
// kept in the browser.
import { part } from "./fetch.js";

// After so long without a key, and at the latest so long after the first one.
const PAUSE = 1000;
const LONGEST = 2000;
// When it is tried again after it failed.
const AGAIN = 10000;
// What a browser sends of a page that is being left, in bytes (Fetch standard: 64 KiB of all that is under way).
const LAST_WORDS = 60000;

// Ends when somebody says so, with what was typed last kept as well.
export function keepDrafts(root) {
  const all = [...root.querySelectorAll("form[data-draft]")].map(keep);
  return { end: () => all.forEach((one) => one.end()) };
}

function keep(form) {
  const line = form.querySelector("[data-draft-line]");
  const over = new AbortController();
  let timer;
  let since = 0;
  const isSent = () => Boolean(form.dataset.sent);

  form.addEventListener("input", () => {
    const now = Date.now();
    since ||= now;
    clearTimeout(timer);
    timer = setTimeout(save, Math.max(0, Math.min(PAUSE, since + LONGEST - now)));
  });
  form.addEventListener("submit", () => clearTimeout(timer));
  // Whoever leaves the page has what they typed last kept as well.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && since && !isSent()) save();
  }, { signal: over.signal });

  function end() {
    over.abort();
    clearTimeout(timer);
    if (since && !isSent()) save();
  }

  async function save() {
    clearTimeout(timer);
    since = 0;
    // Files are not kept.
    const texts = [...new FormData(form)].filter(([, value]) => typeof value === "string");
    const body = new URLSearchParams(texts);
    body.set("_address", form.dataset.draft);
    body.set("_title", form.dataset.draftTitle);
    body.set("_record", form.dataset.draftRecord ?? "");
    const keepalive = document.visibilityState === "hidden" && body.toString().length < LAST_WORDS;
    const { ok, html } = await part("/drafts", { method: "POST", body, keepalive, stays: true });
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
  return { end };
}
