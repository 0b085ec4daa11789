// The ladder of whys by keyboard: Enter asks the next why, Shift+Enter another answer to the same one. What was typed
// is never lost: if it cannot be saved it stays in its field, and the reason stands below it.
import { part } from "./fetch.js";

export function climb(root) {
  const ladder = root.querySelector("[data-ladder]");
  if (!ladder) return;
  ladder.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.matches("[data-because] textarea")) return;
    event.preventDefault();
    if (event.target.value.trim()) save(ladder, event.target.form, event.shiftKey);
  });
  ladder.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-because]")) return;
    event.preventDefault();
    save(ladder, event.target, false);
  });
}

async function save(ladder, form, again) {
  const under = form.elements.under.value;
  const others = unsaved(ladder, form);
  const body = new URLSearchParams(new FormData(form));
  const { ok, html } = await part(form.getAttribute("action"), { method: "POST", body });
  if (!ok) return refuse(form, html);
  const page = await part(location.pathname);
  if (!page.ok) return refuse(form, page.html);
  const known = new Set(fields(ladder).map((one) => one.elements.under.value));
  ladder.innerHTML = page.html;
  restore(ladder, others);
  focusNext(ladder, under, again, known);
  ladder.dispatchEvent(new Event("added", { bubbles: true }));
}

function fields(ladder) {
  return [...ladder.querySelectorAll("[data-because]")];
}

// Texts in other fields that are not saved yet.
function unsaved(ladder, form) {
  const others = fields(ladder).filter((other) => other !== form);
  return others.map((other) => [other.elements.under.value, other.elements.statement.value]).filter(([, text]) => text);
}

function restore(ladder, others) {
  for (const [under, text] of others) {
    const form = fields(ladder).find((one) => one.elements.under.value === under);
    if (form) form.elements.statement.value = text;
  }
}

// The field below the new answer, whichever branch it is in, or for another answer the one beside it.
function focusNext(ladder, under, again, known) {
  const all = fields(ladder);
  const isNew = (form) => !known.has(form.elements.under.value);
  const form = all.find((one) => (again ? one.elements.under.value === under : isNew(one))) ?? all.at(-1);
  form?.closest("details")?.setAttribute("open", "");
  form?.elements.statement.focus();
}

function refuse(form, html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const reason = page.querySelector(".summary li, .lead")?.textContent ?? "It was not saved; try again.";
  let line = form.querySelector(".error");
  if (!line) {
    line = document.createElement("p");
    line.className = "error";
    line.setAttribute("role", "alert");
    form.append(line);
  }
  line.textContent = reason;
}
