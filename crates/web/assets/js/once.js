// A form is sent once, however often its button is pressed.
const PRESSED = "[aria-busy]";

// Whoever stays on a page or comes back to it may send its forms again.
export function sendAgain(root) {
  for (const form of root.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector(PRESSED)?.removeAttribute("aria-busy");
  }
}

export function sendOnce(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", () => sendAgain(root));
}
