// Shows results while somebody types, and keeps the address and what is exported in step.
import { part } from "./fetch.js";
import { load } from "./load.js";

const PAUSE = 120;

export function followTyping(root) {
  for (const form of root.querySelectorAll("form[data-live]")) {
    follow(root, form, root.getElementById(form.dataset.live));
  }
}

function follow(root, form, results) {
  const facets = root.getElementById("facets");
  let timer;
  let asked = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => ask(), PAUSE);
  });

  async function ask() {
    const number = ++asked;
    const query = new URLSearchParams(new FormData(form));
    query.set("typing", "yes");
    const address = `${form.getAttribute("action")}?${query}`;
    const { ok, html } = await part(address);
    // A slow answer must not replace that of a later question.
    if (number !== asked) return;
    results.innerHTML = html;
    if (!ok) return;
    history.replaceState(null, "", address);
    for (const link of root.querySelectorAll("a[data-asks]")) link.search = query;
    for (const field of root.querySelectorAll("input[data-asked]")) field.value = form.elements.q.value;
    if (facets) {
      facets.dataset.load = `${form.getAttribute("action")}/facets?${query}`;
      load(facets);
    }
  }
}
