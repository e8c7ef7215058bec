// A text field with suggestions (ARIA combobox with listbox). The server answers {"options": [{value, label, hint}]}.
// The clerk picks with arrows and Enter; what is typed but not picked travels as <name>_text.
import { closeList, listFor, openList, option, selected } from "./listbox.js";

const PAUSE = 150;

export function attach(root) {
  const text = root.querySelector("[data-combobox-text]");
  const value = root.querySelector("[data-combobox-value]");
  const box = { root, text, value, list: listFor(root, text), timer: 0, asked: 0 };
  text.addEventListener("input", () => typed(box));
  text.addEventListener("keydown", (event) => keyed(box, event));
  text.addEventListener("blur", () => closeList(box));
  box.list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const item = event.target.closest("[role=option]");
    if (item) pick(box, item);
  });
}

function typed(box) {
  box.value.value = "";
  clearTimeout(box.timer);
  box.timer = setTimeout(() => suggest(box), PAUSE);
}

async function suggest(box) {
  const words = box.text.value.trim();
  if (!words) return closeList(box);
  const number = ++box.asked;
  box.root.classList.add("is-busy");
  const url = new URL(box.root.dataset.url, location.href);
  url.searchParams.set("q", words);
  const answer = await fetch(url, { headers: { Accept: "application/json" } }).then((reply) => (reply.ok ? reply.json() : { options: [] }), () => ({ options: [] }));
  if (number !== box.asked) return undefined;
  box.root.classList.remove("is-busy");
  if (document.activeElement !== box.text) return undefined;
  const items = answer.options.map((one, index) => option(box, one, index));
  if (box.root.dataset.create) items.push(option(box, { value: "", label: `${box.root.dataset.create}: ${words}`, create: true }, items.length));
  return openList(box, items);
}

function keyed(box, event) {
  const items = [...box.list.querySelectorAll("[role=option]")];
  const at = items.indexOf(selected(box));
  if (event.key === "ArrowDown" && box.list.hidden) return suggest(box);
  if (event.key === "Escape" && !box.list.hidden) { event.preventDefault(); event.stopPropagation(); return closeList(box); }
  if (event.key === "Enter" && !box.list.hidden && !event.ctrlKey && at >= 0) { event.preventDefault(); return pick(box, items[at]); }
  if (event.key === "Tab" && !box.list.hidden && at >= 0 && items[at].dataset.value) return pick(box, items[at]);
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return undefined;
  event.preventDefault();
  const next = items[(at + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length];
  return next && selected(box, next);
}

function pick(box, item) {
  const words = box.text.value.trim();
  closeList(box);
  if (item.classList.contains("is-create")) {
    box.root.dispatchEvent(new CustomEvent("ropo:create", { bubbles: true, detail: { text: words } }));
    return;
  }
  box.value.value = item.dataset.value;
  box.text.value = item.dataset.label;
  box.value.dispatchEvent(new Event("change", { bubbles: true }));
  box.root.dispatchEvent(new CustomEvent("ropo:picked", { bubbles: true, detail: { value: item.dataset.value } }));
}
