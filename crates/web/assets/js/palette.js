// Ctrl-K or ⌘-K: type where to go. Pages and the steps of this page are there at once, records as they are found.
import { part } from "./fetch.js";

const PAUSE = 120;
const MOST = 8;

export function openPalette(root) {
  const dialog = root.getElementById("palette");
  if (!dialog) return;
  const find = dialog.querySelector("input");
  const list = dialog.querySelector("[role=listbox]");
  let timer;
  let asked = 0;

  root.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (dialog.open) return dialog.close();
    if (root.querySelector("dialog[open]")) return;
    find.value = "";
    show(list, places(root, ""));
    dialog.showModal();
  });
  find.addEventListener("input", () => {
    clearTimeout(timer);
    const number = ++asked;
    const near = places(root, find.value);
    show(list, near);
    if (find.value.trim()) timer = setTimeout(() => records(number, near), PAUSE);
  });
  find.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(list, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      go(current(list));
    }
  });
  list.addEventListener("click", (event) => go(event.target.closest("[role=option]")));
  // A click beside the dialog shuts it.
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });

  async function records(number, near) {
    const { ok, html } = await part(`/search?${new URLSearchParams({ q: find.value, typing: "yes" })}`, { stays: true });
    if (number !== asked || !ok) return;
    const found = new DOMParser().parseFromString(html, "text/html").querySelectorAll("li a[href]");
    const chosen = current(list)?.dataset.href;
    show(list, [...near, ...[...found].map((link) => ({ href: link.getAttribute("href"), words: link.textContent }))], chosen);
  }
}

// Pages and steps whose words hold every word that was typed.
function places(root, typed) {
  const words = typed.toLowerCase().split(/\s+/);
  const links = root.querySelectorAll(".wide nav a, .wide a.report, main .doing a[href], .me a");
  const all = [...links].map((link) => ({ href: link.getAttribute("href"), words: link.textContent.trim() }));
  return all.filter((one) => words.every((word) => one.words.toLowerCase().includes(word))).slice(0, MOST);
}

function show(list, all, chosen) {
  list.replaceChildren(...all.map(({ href, words }, place) => {
    const line = document.createElement("li");
    line.id = `palette-${place}`;
    line.setAttribute("role", "option");
    line.dataset.href = href;
    line.textContent = words;
    return line;
  }));
  // What arrives later moves nobody away from what they chose.
  choose(list, [...list.children].find((one) => one.dataset.href === chosen) ?? list.firstElementChild);
}

function go(line) {
  if (line) location.assign(line.dataset.href);
}

function current(list) {
  return list.querySelector("[aria-selected=true]");
}

function move(list, step) {
  const all = [...list.children];
  const place = all.indexOf(current(list)) + step;
  choose(list, all[(place + all.length) % all.length]);
}

function choose(list, line) {
  for (const one of list.children) one.setAttribute("aria-selected", String(one === line));
  line?.scrollIntoView({ block: "nearest" });
  const find = list.parentElement.querySelector("input");
  if (line) find.setAttribute("aria-activedescendant", line.id);
  else find.removeAttribute("aria-activedescendant");
}
