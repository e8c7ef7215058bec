// A grid of formset rows: add, copy, delete by keyboard, renumber for Django, and show live totals.
import { added, count, rowsIn, shown, taken } from "./formset.js";
import { formatted, plain } from "./decimal.js";
import { totals } from "./totals.js";

export function attach(grid) {
  grid.addEventListener("input", () => show(grid));
  grid.addEventListener("change", () => show(grid));
  grid.addEventListener("click", (event) => clicked(grid, event));
  grid.addEventListener("keydown", (event) => keyed(grid, event));
  document.addEventListener("keydown", (event) => {
    if (!grid.isConnected || !event.altKey || event.code !== "KeyN") return;
    event.preventDefault();
    focus(grid, added(grid));
  });
  grid.querySelectorAll("[data-row-add], [data-row-delete]").forEach((button) => { button.hidden = false; });
  show(grid);
}

function clicked(grid, event) {
  if (event.target.closest("[data-row-add]")) return focus(grid, added(grid));
  const button = event.target.closest("[data-row-delete]");
  return button && drop(grid, button.closest("[data-row]"));
}

function keyed(grid, event) {
  const row = event.target.closest("[data-row]");
  if (!row) return;
  const command = event.ctrlKey || event.metaKey;
  if (event.key === "Tab" && !event.shiftKey && !command && isLast(grid, row, event.target)) {
    event.preventDefault();
    focus(grid, added(grid));
  } else if (command && event.key.toLowerCase() === "d") {
    event.preventDefault();
    focus(grid, added(grid, row));
  } else if (command && event.key === "Backspace") {
    event.preventDefault();
    drop(grid, row);
  }
}

function isLast(grid, row, target) {
  const inputs = [...row.querySelectorAll("input:not([type=hidden]), select, textarea")].filter((one) => one.checkVisibility());
  return row === shown(grid).at(-1) && target === inputs.at(-1) && inputs.some((one) => one.type !== "checkbox" && one.value);
}

function drop(grid, row) {
  const next = taken(grid, row);
  focus(grid, next ?? added(grid));
}

function focus(grid, row) {
  show(grid);
  row.querySelector("input:not([type=hidden]), select, textarea").focus();
  grid.dispatchEvent(new CustomEvent("ropo:rows", { bubbles: true, detail: { count: count(grid) } }));
  grid.dispatchEvent(new Event("change", { bubbles: true }));
}

function show(grid) {
  const rows = shown(grid);
  const sums = totals(rows.map((row) => Object.fromEntries(rowsIn(row))));
  const words = (sum) => (sum ? formatted(sum, grid.dataset.language) : "–");
  rows.forEach((row, place) => { const out = row.querySelector("[data-row-net]"); if (out) out.textContent = words(sums.nets[place]); });
  for (const name of ["net", "vat", "total"]) grid.querySelectorAll(`[data-total=${name}]`).forEach((out) => { out.textContent = words(sums[name]); });
  showGroups(grid, sums.groups, words);
}

function showGroups(grid, groups, words) {
  const template = grid.querySelector("template[data-vat-group-template]");
  if (!template) return;
  grid.querySelectorAll("[data-vat-group]").forEach((old) => old.remove());
  template.after(...groups.map((group) => {
    const item = template.content.firstElementChild.cloneNode(true);
    item.querySelector("[data-rate]").textContent = plain(group.rate).replace(".", grid.dataset.language === "en" ? "." : ",");
    item.querySelector("[data-vat]").textContent = words(group.vat);
    return item;
  }));
}
