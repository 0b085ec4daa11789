// Opens the form of a part of a page in that part. Without this the form is a page of its own, and what is wrong with it
// is told there in any case.
import { part } from "./fetch.js";
import { keepDrafts } from "./draft.js";
import { sendAgain } from "./once.js";

export function openForms(root) {
  root.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-inline]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open(root, link);
  });
  // What was typed and is kept nowhere is not left without being asked.
  addEventListener("beforeunload", (event) => {
    const open = [...root.querySelectorAll(".inline[data-touched] form.sheet")];
    if (!open.some((form) => !form.dataset.sent && !form.dataset.draft)) return;
    event.preventDefault();
    // Whoever stays goes on with all of them.
    setTimeout(() => sendAgain(root));
  });
}

async function open(root, link) {
  const section = link.closest("section");
  const standing = section.querySelector(".inline");
  if (standing?.querySelector("form.sheet")) return focus(standing);
  if (link.hasAttribute("aria-busy")) return;
  link.setAttribute("aria-busy", "true");
  const { ok, html } = await part(link.href, { stays: true });
  link.removeAttribute("aria-busy");
  standing?.remove();
  const page = new DOMParser().parseFromString(html, "text/html");
  const form = page.querySelector("main form.sheet");
  // What is no form is shown as the page that it is.
  if (ok && !form) return location.assign(link.href);
  const place = root.createElement("div");
  place.className = "inline";
  section.querySelector(".part-head").after(place);
  if (!ok) return place.append(page.querySelector(".lead") ?? "This cannot be opened just now; try again.");
  fill(place, page, form, link);
  focus(place);
}

function fill(place, page, form, link) {
  const offer = page.querySelector("main .draft");
  if (offer) place.append(offer);
  place.append(form);
  place.setAttribute("role", "group");
  place.setAttribute("aria-label", page.querySelector("h1").textContent);
  setApart(place, form.getAttribute("action"));
  link.setAttribute("aria-expanded", "true");
  const drafts = keepDrafts(place);
  const close = (event) => {
    event.preventDefault();
    drafts.end();
    place.remove();
    link.removeAttribute("aria-expanded");
    link.focus();
  };
  place.addEventListener("input", () => place.setAttribute("data-touched", ""));
  place.addEventListener("click", (event) => {
    if (event.target.closest("form.sheet .buttons a")) close(event);
  });
  // Escape takes nothing away that was typed.
  place.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing && !place.hasAttribute("data-touched")) close(event);
  });
}

// The page around it has ids of its own.
function setApart(place, prefix) {
  for (const name of ["id", "for", "list"]) {
    for (const one of place.querySelectorAll(`[${name}]`)) one.setAttribute(name, `${prefix}-${one.getAttribute(name)}`);
  }
  for (const one of place.querySelectorAll("[aria-describedby]")) {
    const ids = one.getAttribute("aria-describedby").split(" ");
    one.setAttribute("aria-describedby", ids.map((id) => `${prefix}-${id}`).join(" "));
  }
}

// To what was begun, if there is something; else to the first field.
function focus(place) {
  const first = place.querySelector(".draft a") ?? place.querySelector("form.sheet :is(input:not([type=hidden]), textarea, select, button)");
  first?.focus();
}
