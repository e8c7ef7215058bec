// j and k walk the rows of a list, Enter opens the row, x marks it. The row's first link carries the focus.
const rowsOf = (table) => [...table.tBodies].flatMap((body) => [...body.rows]).filter((row) => row.querySelector("a[href]"));

export function attach(table) {
  document.addEventListener("keydown", (event) => step(table, event));
  table.addEventListener("focusin", (event) => mark(table, event.target.closest("tbody tr")));
  table.addEventListener("focusout", () => mark(table, null));
}

function step(table, event) {
  if (!["j", "k", "x"].includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!table.isConnected || localStorage.getItem("shortcuts") === "off") return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select, dialog[open]")) return;
  const rows = rowsOf(table);
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  if (event.key === "x") return toggle(rows[at], event);
  const next = rows[Math.min(Math.max(at + (event.key === "j" ? 1 : -1), 0), rows.length - 1)];
  if (!next) return;
  event.preventDefault();
  next.querySelector("a[href]").focus();
  next.scrollIntoView({ block: "nearest" });
}

function mark(table, row) {
  table.querySelectorAll("tr.is-at").forEach((one) => one.classList.remove("is-at"));
  row?.classList.add("is-at");
}

function toggle(row, event) {
  const box = row?.querySelector("input[type=checkbox]");
  if (!box) return;
  event.preventDefault();
  box.click();
}
