// Keys for whoever keeps the hands on them. Never while typing, never with a modifier; can be switched off.
const GO = { r: "/cases", a: "/actions", l: "/lessons", h: "/", v: "/reviews" };
// How long a g waits for where to go.
const PATIENCE = 1500;
// Where it is kept, in this browser alone, that somebody does not want them.
const OFF = "keys-off";

export function listenToKeys(root) {
  let going = false;
  showKeys(root);
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (root.querySelector("dialog[open]") || localStorage.getItem(OFF)) return;
    if (going) {
      going = false;
      if (GO[event.key]) location.assign(GO[event.key]);
      return;
    }
    if (event.key === "g") {
      going = true;
      setTimeout(() => { going = false; }, PATIENCE);
    }
    else if (event.key === "j" || event.key === "k") choose(root, event.key === "j" ? 1 : -1);
    else if (event.key === "Enter" && event.target === root.body) chosen(root)?.querySelector("a")?.click();
    else press(root, event);
  });
}

// The button that shows every key, and the switch beside them.
function showKeys(root) {
  const dialog = root.getElementById("keys");
  const button = root.querySelector("[data-keys]");
  if (!dialog || !button) return;
  const isOn = dialog.querySelector("input");
  isOn.checked = !localStorage.getItem(OFF);
  isOn.addEventListener("change", () => {
    if (isOn.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "yes");
  });
  button.hidden = false;
  button.addEventListener("click", () => dialog.showModal());
}

function isTyping(target) {
  return target.matches("input, textarea, select, [contenteditable]");
}

function press(root, event) {
  const found = [...root.querySelectorAll(`[data-key="${CSS.escape(event.key)}"]`)].find((one) => one.checkVisibility());
  if (!found) return;
  event.preventDefault();
  if (found.matches("input")) found.focus();
  else found.click();
}

function chosen(root) {
  return root.querySelector("[data-rows] tr[data-chosen]");
}

function choose(root, step) {
  const rows = [...root.querySelectorAll("[data-rows] tbody tr")];
  if (rows.length === 0) return;
  const current = rows.indexOf(chosen(root));
  const next = rows[Math.min(Math.max(current + step, 0), rows.length - 1)];
  chosen(root)?.removeAttribute("data-chosen");
  next.setAttribute("data-chosen", "");
  next.scrollIntoView({ block: "nearest" });
}
