// Loads a behavior only when the page asks for it by a data attribute; new pieces are searched as they arrive.
const behaviors = [
  ["[data-combobox]", () => import("./combobox.js")],
  ["[data-rows]", () => import("./rows.js")],
  ["[data-rows-walk]", () => import("./walk.js")],
  ["[data-countdown]", () => import("./countdown.js")],
  ["[data-dirty-guard]", () => import("./dirty.js")],
  ["[data-autosubmit]", () => import("./autosubmit.js")],
  ["[data-preview-url]", () => import("./preview.js")],
  ["[data-invoice-form]", () => import("./invoice-form.js")],
  ["[data-shown-when]", () => import("./shown-when.js")],
  ["[data-renames]", () => import("./renames.js")],
  ["[data-check-all]", () => import("./marks.js")],
  ["[data-shortcuts]", () => import("./shortcuts.js")],
];
// These wait until the pointer or the focus comes near, so that a page asks for less.
const later = [
  ["[data-everywhere]", () => import("./everywhere.js")],
  ["[data-menu]", () => import("./menus.js")],
  ["[data-theme-form]", () => import("./theme.js")],
];
const attached = new WeakMap();

function once(element, selector) {
  const seen = attached.get(element) ?? new Set();
  attached.set(element, seen);
  return !seen.has(selector) && seen.add(selector);
}

async function attachTo(root) {
  for (const [selector, load] of behaviors) {
    const found = [...root.querySelectorAll(selector)];
    if (root.matches?.(selector)) found.push(root);
    const fresh = found.filter((element) => once(element, selector));
    if (!fresh.length) continue;
    const { attach } = await load();
    fresh.forEach(attach);
  }
}

async function approached(event) {
  for (const [selector, load] of later) {
    const element = event.target.closest?.(selector);
    if (element && once(element, selector)) (await load()).attach(element);
  }
}

function reveal(root) {
  root.querySelectorAll("[data-copy][hidden], [data-dialog-open][hidden], [data-toast-close][hidden]").forEach((element) => { element.hidden = false; });
}

document.addEventListener("click", (event) => {
  const dialog = document.getElementById(event.target.closest("[data-dialog-open]")?.dataset.dialogOpen);
  if (dialog?.open === false) dialog.showModal();
  if (event.target.matches("dialog[data-dialog]")) event.target.close();
  event.target.closest("[data-dialog-close]")?.closest("dialog").close();
  const copier = event.target.closest("[data-copy]");
  if (copier) import("./copy.js").then(({ copy }) => copy(copier));
});

// What the browser has kept of a person goes when she signs out.
document.addEventListener("submit", ({ target }) => { if (target.dataset.signOut) localStorage.removeItem(`kept:${target.dataset.signOut}`); });
["pointerover", "focusin"].forEach((name) => document.addEventListener(name, approached));

document.addEventListener("htmx:load", ({ target }) => { reveal(target); attachTo(target); });

reveal(document);
attachTo(document).then(() => (document.documentElement.dataset.ready = "yes")); // from now on keys are heard
document.querySelector("[data-errors-summary]")?.focus();
document.querySelector("input[autofocus][aria-invalid]")?.select();
const toasts = document.getElementById("toasts");
const wakeToasts = () => import("./toasts.js").then(({ attach }) => attach(toasts));
if (toasts.childElementCount) wakeToasts();
else document.body.addEventListener("htmx:beforeRequest", wakeToasts, { once: true });
