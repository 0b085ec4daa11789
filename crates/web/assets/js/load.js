// Fills parts of a page that arrive after it. If one does not, its link stays.
import { part } from "./fetch.js";

export function loadParts(root) {
  for (const place of root.querySelectorAll("[data-load]")) {
    load(place);
  }
}

export async function load(place) {
  const address = place.dataset.load;
  place.setAttribute("aria-busy", "true");
  const { ok, html } = await part(address);
  // A slow answer must not replace that of a later question.
  if (place.dataset.load !== address) return;
  if (ok) place.innerHTML = html;
  place.removeAttribute("aria-busy");
}
