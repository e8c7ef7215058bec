// Asks the server about the fields a clerk has left, and shows its words there; focus and typing stay where they are.
const PAUSE = 350;

export function watch(form) {
  const state = { left: new Set(), timer: 0, running: null };
  const later = (pause) => { clearTimeout(state.timer); state.timer = setTimeout(() => ask(form, state), pause); };
  const leave = (event) => {
    const name = fieldOf(event.target);
    if (!name) return;
    state.left.add(name);
    later(PAUSE);
  };
  form.addEventListener("focusout", leave);
  form.addEventListener("change", leave);
  form.addEventListener("input", () => { if (state.left.size) later(3 * PAUSE); });
}

// The list under a name keeps its key elsewhere.
function fieldOf(input) {
  if (!input.name || input.type === "file") return "";
  return input.matches("[data-combobox-text]") ? input.name.replace(/_text$/, "") : input.name;
}

async function ask(form, state) {
  state.running?.abort();
  state.running = new AbortController();
  const body = new FormData(form);
  for (const name of state.left) body.append("left", name);
  const headers = { "HX-Request": "true" };
  const answer = await fetch(form.dataset.checkUrl, { method: "POST", body, headers, signal: state.running.signal }).catch(() => null);
  if (!answer?.ok || !form.isConnected) return;
  const piece = document.createElement("div");
  piece.innerHTML = await answer.text();
  for (const words of piece.querySelectorAll("[data-check]")) say(document.getElementById(words.dataset.check), words);
  const rows = form.querySelector("#rows_problems");
  const problems = piece.querySelector("[data-check-rows]");
  if (!problems) return; // the session has ended
  rows.hidden = !problems.children.length;
  rows.replaceChildren(problems);
  form.querySelector("#look").replaceChildren(...piece.querySelector("[data-check-look]").childNodes);
}

function say(input, words) {
  const field = input?.closest(".field");
  if (!field) return;
  const id = `${input.id}_error`;
  const isWrong = words.children.length > 0;
  field.querySelector(":scope > .field__errors")?.remove();
  field.classList.toggle("has-errors", isWrong);
  const described = (input.getAttribute("aria-describedby") ?? "").split(" ").filter((one) => one && one !== id);
  if (isWrong) {
    words.id = id;
    words.setAttribute("role", "status");
    field.append(words);
    described.push(id);
    input.setAttribute("aria-invalid", "true");
  } else input.removeAttribute("aria-invalid");
  if (described.length) input.setAttribute("aria-describedby", described.join(" "));
  else input.removeAttribute("aria-describedby");
}
