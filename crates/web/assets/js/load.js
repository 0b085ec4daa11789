// Fills parts of a page that arrive after it. If one does not, its link stays.
import { part } from "./fetch.js";

export function loadParts(root) {
  for (const place of root.querySelectorAll("[data-load]")) {
    load(place);
  }
}

export async function load(place) {
  place.setAttribute("aria-busy", "true");
  try {
    const { ok, html } = await part(place.dataset.load);
    if (ok) place.innerHTML = html;
  } finally {
    place.removeAttribute("aria-busy");
  }
}
