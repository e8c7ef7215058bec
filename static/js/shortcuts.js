// ] is made with AltGr or Option on Nordic keyboards, so it is heard with them; w does the same without.
// Single keys: / search, ? help, n new, Esc back, g then a letter, any [data-key]. Never while typing; can be switched off.
const STORE = "shortcuts";
const SEQUENCE = 1200;
const ARRIVED = "arrived-by-key";
let going = 0;

export function attach(list) {
  const box = list.parentElement.querySelector("[data-shortcuts-switch]");
  box.checked = isOn();
  box.addEventListener("change", () => localStorage.setItem(STORE, box.checked ? "on" : "off"));
  document.addEventListener("keydown", pressed);
  if (sessionStorage.getItem(ARRIVED)) document.querySelector("[data-arrive]")?.focus();
  sessionStorage.removeItem(ARRIVED);
}

function isOn() {
  return localStorage.getItem(STORE) !== "off";
}

function isTyping(target) {
  return target.isContentEditable || target.closest("input:not([type=checkbox],[type=radio],[type=button],[type=submit]), textarea, select, [role=listbox]");
}

function pressed(event) {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return submit(event);
  if (event.isComposing || event.defaultPrevented || !isOn()) return;
  if (event.key === "]" && !isTyping(event.target) && !document.querySelector("dialog[open]")) return press('[data-key="w"]', event);
  if (event.altKey) return;
  if (event.ctrlKey || event.metaKey) return press(`[data-key="Ctrl+${CSS.escape(event.key)}"]`, event);
  if (event.key === "Escape") return goBack(event);
  if (isTyping(event.target) && !/^F[0-9]+$/.test(event.key)) return;
  if (document.querySelector("dialog[open]")) return;
  const wasGoing = Date.now() - going < SEQUENCE;
  going = 0;
  if (wasGoing) return go(event);
  if (event.key === "g") going = Date.now();
  else if (event.key === "/") focusSearch(event);
  else if (event.key === "?") document.getElementById("shortcuts").showModal();
  else press(`[data-key="${CSS.escape(event.key)}"]`, event);
}

function go(event) {
  if (press(`[data-go="${CSS.escape(event.key)}"]`, event)) sessionStorage.setItem(ARRIVED, "yes");
}

// Out of a field first; then to where the page came from: the work list, or the list of its kind.
function goBack(event) {
  if (document.querySelector("dialog[open], details[data-menu][open]")) return;
  if (isTyping(event.target)) return event.target.blur();
  press(".work-bar a, .heading__eyebrow a", event);
}

function focusSearch(event) {
  const own = document.querySelectorAll("[data-search=here]");
  const search = [...own, ...document.querySelectorAll("[data-search]")].find((one) => one.checkVisibility());
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
}

function press(selector, event) {
  const target = [...document.querySelectorAll(selector)].find((one) => one.checkVisibility() && !one.disabled);
  if (!target) return false;
  event.preventDefault();
  target.focus();
  target.click();
  return true;
}

function submit(event) {
  const form = event.target.closest?.("form[data-submit-key]") ?? document.querySelector("form[data-submit-key]");
  if (!form || event.defaultPrevented) return;
  event.preventDefault();
  const main = [...form.elements].find((one) => one.matches("button.button--primary:not([disabled])"));
  form.requestSubmit(main ?? undefined);
}
