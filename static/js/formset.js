// Django's formset in the page: rows are numbered without gaps, saved rows are marked for deletion, new ones vanish.
const body = (grid) => grid.querySelector("[data-rows-body]");
const total = (grid) => grid.querySelector(`[name="${grid.dataset.prefix}-TOTAL_FORMS"]`);
const rowsOf = (grid) => [...body(grid).querySelectorAll(":scope > [data-row]")];
const deletion = (row) => row.querySelector("input[name$='-DELETE']");
const inputs = (row) => [...row.querySelectorAll("input, select, textarea")];
const nameOf = (input) => input.name.replace(/^.*-(\d+|__prefix__)-/, "");

export const shown = (grid) => rowsOf(grid).filter((row) => !row.hidden);
export const count = (grid) => shown(grid).length;

// The row's texts by field name.
export function rowsIn(row) {
  return inputs(row).filter((input) => input.name).map((input) => [nameOf(input), input.value]);
}

export function added(grid, copied = null) {
  const template = grid.querySelector("template[data-row-template]");
  const row = template.content.querySelector("[data-row]").cloneNode(true);
  row.querySelectorAll("[data-row-delete]").forEach((button) => { button.hidden = false; });
  if (copied) fill(row, copied);
  if (copied) place(copied).after(row);
  else body(grid).append(row);
  renumber(grid);
  globalThis.htmx?.process(row);
  return row;
}

// Behind the copied row, yet never in front of a saved one: Django pairs saved rows by number.
function place(row) {
  const later = [...row.parentElement.children].filter((one) => row.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
  return later.findLast((one) => one.querySelector("input[name$='-id']")?.value) ?? row;
}

function fill(row, copied) {
  const texts = new Map(rowsIn(copied));
  for (const input of inputs(row)) {
    const name = nameOf(input);
    if (name !== "id" && name !== "DELETE" && texts.has(name)) input.value = texts.get(name);
  }
}

// Takes a row away and gives its neighbor.
export function taken(grid, row) {
  const rows = shown(grid);
  const at = rows.indexOf(row);
  const neighbor = rows[at + 1] ?? rows[at - 1] ?? null;
  const mark = deletion(row);
  const isSaved = row.querySelector("input[name$='-id']")?.value;
  if (mark && isSaved) {
    mark.checked = true;
    row.hidden = true;
  } else {
    row.remove();
    renumber(grid);
  }
  return neighbor;
}

// Rows already saved keep their places in front, as Django pairs them by number.
function renumber(grid) {
  const pattern = new RegExp(`${grid.dataset.prefix}-(\\d+|__prefix__)-`, "g");
  rowsOf(grid).forEach((row, number) => {
    for (const element of [row, ...row.querySelectorAll("*")]) {
      for (const name of ["name", "id", "for", "aria-describedby", "aria-labelledby", "aria-controls"]) {
        const value = element.getAttribute(name);
        if (value) element.setAttribute(name, value.replace(pattern, `${grid.dataset.prefix}-${number}-`));
      }
    }
  });
  total(grid).value = String(rowsOf(grid).length);
}
