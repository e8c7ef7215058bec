// The search of every page: suggestions in groups while typing; arrows and Enter choose one, Enter alone asks for all.
// What is typed goes in the body of a post, as it may be somebody's identity code.
import { closeList, listFor, option, selected } from "./listbox.js";

const PAUSE = 150;

export function attach(root) {
  const text = root.querySelector("[data-search]");
  const box = { root, text, list: listFor(root, text), timer: 0, asked: 0 };
  text.addEventListener("input", () => typed(box));
  text.addEventListener("keydown", (event) => keyed(box, event));
  text.addEventListener("blur", () => closeList(box));
  box.list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const item = event.target.closest("[role=option]");
    if (item) open(item);
  });
}

function typed(box) {
  clearTimeout(box.timer);
  if (box.text.value.trim().length < 2) return closeList(box);
  box.timer = setTimeout(() => suggest(box), PAUSE);
  return undefined;
}

async function suggest(box) {
  const number = ++box.asked;
  box.root.classList.add("is-busy");
  const request = { method: "POST", body: new FormData(box.root), headers: { Accept: "application/json" } };
  const answer = await fetch(box.root.dataset.url, request).then((reply) => (reply.ok ? reply.json() : { groups: [] }), () => ({ groups: [] }));
  if (number !== box.asked) return;
  box.root.classList.remove("is-busy");
  if (document.activeElement === box.text) show(box, answer.groups);
}

function show(box, groups) {
  const items = groups.flatMap((group) => group.hits.map((hit, place) => {
    const item = option(box, { ...hit, value: hit.url }, `${group.kind}-${place}`);
    if (!place) item.dataset.group = group.title;
    return item;
  }));
  if (!items.length) {
    const none = option(box, { value: "", label: box.root.dataset.none }, "none");
    none.setAttribute("aria-disabled", "true");
    items.push(none);
  }
  box.list.replaceChildren(...items);
  box.list.hidden = false;
  box.text.setAttribute("aria-expanded", "true");
  box.text.removeAttribute("aria-activedescendant");
}

function keyed(box, event) {
  if (event.key === "Escape" && !box.list.hidden) { event.preventDefault(); event.stopPropagation(); closeList(box); return; }
  if (box.list.hidden || event.ctrlKey || event.metaKey) return;
  const items = [...box.list.querySelectorAll("[role=option]:not([aria-disabled])")];
  const at = items.indexOf(selected(box));
  if (event.key === "Enter" && at >= 0) { event.preventDefault(); open(items[at]); }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  event.preventDefault();
  const way = event.key === "ArrowDown" ? 1 : -1;
  const next = items[at < 0 && way < 0 ? items.length - 1 : (at + way + items.length) % items.length];
  if (next) selected(box, next);
}

function open(item) {
  if (item.dataset.value) location.assign(item.dataset.value);
}
