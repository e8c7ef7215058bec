// Short messages: shown, read aloud, dismissed by hand or by time. Errors stay until they are dismissed.
const LONG_ENOUGH = 7000;

export function attach(region) {
  region.querySelectorAll("[data-toast]").forEach(live);
  document.body.addEventListener("ropo:toast", (event) => say(region, event.detail.text, event.detail.level));
  document.body.addEventListener("htmx:sendError", () => say(region, document.documentElement.dataset.offline ?? "⚠", "error"));
  document.body.addEventListener("htmx:responseError", (event) => say(region, `${event.detail.xhr.status} ${event.detail.xhr.statusText}`, "error"));
}

export function say(region, text, level = "info") {
  const toast = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
  toast.classList.replace("flash--LEVEL", `flash--${level}`);
  toast.querySelector("p").textContent = text;
  toast.querySelector("[data-toast-close]").hidden = false;
  region.append(toast);
  live(toast);
}

function live(toast) {
  toast.querySelector("[data-toast-close]")?.addEventListener("click", () => toast.remove());
  if (toast.matches(".flash--error, .flash--warning")) return;
  let left = setTimeout(() => toast.remove(), LONG_ENOUGH);
  const wait = () => clearTimeout(left);
  const go = () => { wait(); left = setTimeout(() => toast.remove(), LONG_ENOUGH); };
  toast.addEventListener("pointerenter", wait);
  toast.addEventListener("pointerleave", go);
  toast.addEventListener("focusin", wait);
  toast.addEventListener("focusout", go);
}
