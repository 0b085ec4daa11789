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
  ladder.innerHTML = page.html;
  restore(ladder, others);
  focusNext(ladder, under, again);
  ladder.dispatchEvent(new Event("added", { bubbles: true }));
}

// Texts in other fields that are not saved yet.
function unsaved(ladder, form) {
  const others = [...ladder.querySelectorAll("[data-because]")].filter((other) => other !== form);
  return others.map((other) => [other.elements.under.value, other.elements.statement.value]).filter(([, text]) => text);
}

function restore(ladder, others) {
  for (const [under, text] of others) {
    const form = [...ladder.querySelectorAll("[data-because]")].find((one) => one.elements.under.value === under);
    if (form) form.elements.statement.value = text;
  }
}

// The field below the new answer, or for another answer the one beside it.
function focusNext(ladder, under, again) {
  const fields = [...ladder.querySelectorAll("[data-because]")];
  const below = fields.filter((form) => form.elements.under.value !== "" && form.elements.under.value !== under);
  const wanted = again ? fields.find((form) => form.elements.under.value === under) : below.at(-1);
  const form = wanted ?? below.at(-1) ?? fields[0];
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
