// What is read aloud is what changes on a page that is there already, so what was done is said a moment later.
const MOMENT = 150;

export function tellWhatWasDone(root) {
  const toast = root.querySelector(".toast");
  if (!toast) return;
  const words = [...toast.childNodes];
  toast.replaceChildren();
  setTimeout(() => toast.append(...words), MOMENT);
}
