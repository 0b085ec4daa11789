// Opens the form of a part of a page in that part. Without this the form is a page of its own, and what is wrong with it
// is told there in any case.
import { part } from "./fetch.js";
import { keepDrafts } from "./draft.js";

export function openForms(root) {
  root.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-inline]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open(root, link);
  });
}

async function open(root, link) {
  const section = link.closest("section");
  const standing = section.querySelector(".inline");
  if (standing) return focus(standing);
  link.setAttribute("aria-busy", "true");
  const { ok, html } = await part(link.href);
  link.removeAttribute("aria-busy");
  const page = new DOMParser().parseFromString(html, "text/html");
  const form = page.querySelector("main form.sheet");
  // What is no form is shown as the page that it is.
  if (!ok || !form) return location.assign(link.href);
  const place = root.createElement("div");
  place.className = "inline";
  const offer = page.querySelector("main .draft");
  if (offer) place.append(offer);
  place.append(form);
  setApart(place, form.getAttribute("action"));
  section.querySelector(".part-head").after(place);
  place.addEventListener("click", (event) => {
    if (event.target.closest("form.sheet .buttons a")) close(event, place, link);
  });
  place.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close(event, place, link);
  });
  keepDrafts(place);
  focus(place);
}

function close(event, place, link) {
  event.preventDefault();
  place.remove();
  link.focus();
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

function focus(place) {
  place.querySelector("input:not([type=hidden]), textarea, select, button")?.focus();
}
