// Asks about what was typed and never saved, and brings it back: its rows, every field, and the form's own sums.
export function ask(offer, found, { isHere, back, drop }) {
  const words = offer.querySelector("[data-kept-words]");
  const text = isHere ? words.dataset.keptWords : words.dataset.keptElsewhere;
  words.textContent = text.replace("{time}", moment(new Date(found.at))).replace("{creditor}", found.of ?? "");
  const button = offer.querySelector("[data-kept-back]");
  button.hidden = !isHere;
  button.addEventListener("click", () => back(bring));
  offer.querySelector("[data-kept-drop]").addEventListener("click", drop);
  offer.hidden = false;
}

function moment(at) {
  const time = `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
  const language = document.documentElement.lang === "en" ? "fi" : document.documentElement.lang;
  return at.toDateString() === new Date().toDateString() ? time : `${at.toLocaleDateString(language)} ${time}`;
}

async function bring(form, found, { kept, slot }) {
  addRows(form, found.rows);
  for (const input of kept(form)) {
    const value = found.fields[slot(input)];
    if (value === undefined) continue;
    if (typeof value === "boolean") input.checked = value;
    else input.value = value;
    const section = input.closest("details");
    if (section) section.open = true;
    if (input.name.endsWith("-DELETE")) input.closest("[data-row]").hidden = value;
    tell(form, input);
  }
  form.querySelector("[autofocus], input:not([type=hidden])")?.focus();
}

// A list asks for suggestions when it is typed into, so only its choice is told.
function tell(form, input) {
  if (input.matches("[data-combobox-text]")) return;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
  if (!input.matches("[data-combobox-value]") || !input.value) return;
  input.dispatchEvent(new CustomEvent("ropo:picked", { bubbles: true, detail: { value: input.value, isBack: true } }));
}

function addRows(form, count) {
  const rows = () => Number(form.querySelector("[name$='-TOTAL_FORMS']").value);
  const more = form.querySelector("[data-row-add]");
  while (more && rows() < count) more.click();
}
