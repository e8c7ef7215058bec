// Copies a text and says so.
import { say } from "./toasts.js";

export async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  const words = button.querySelector(".hidden-text");
  const before = words.textContent;
  words.textContent = button.dataset.copied;
  button.classList.add("is-copied");
  say(document.getElementById("toasts"), button.dataset.copied, "success");
  setTimeout(() => { words.textContent = before; button.classList.remove("is-copied"); }, 2000);
}
