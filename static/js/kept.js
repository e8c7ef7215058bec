// Keeps what is typed and not yet saved in this browser, by person and form, and offers to bring it back.
const SENT = "kept-sent";
const LONGEST = 7 * 24 * 3600 * 1000;
const PAUSE = 300;
// What looks like a personal identity code of Finland, Norway or Sweden is not kept.
const PERSONAL = /(^|\D)(([04][1-9]|[1256]\d|[37][01])([04][1-9]|[15][0-2])\d\d([-+a-fu-y]\d{3}[0-9a-y]|\s?\d{5})|(19|20)?\d\d(0[1-9]|1[0-2])([06][1-9]|[1278]\d|[39][01])[-+]?\d{4})(\D|$)/i;

const isMarked = (input) => input.type === "checkbox" || input.type === "radio";
const isList = (input) => input.matches("[data-combobox-value]");
const slot = (input) => (isMarked(input) ? `${input.name}=${input.value}` : input.name);
const state = (input) => (isMarked(input) ? input.checked : input.value);
const textOf = (input) => input.parentElement.querySelector("[data-combobox-text]");
const read = (key) => JSON.parse(localStorage.getItem(key) ?? "null");

// A page that came after the form and is neither a refusal nor the sign-in says that the server has it.
function settle() {
  const { responseStatus, type } = performance.getEntriesByType("navigation")[0] ?? {};
  const status = responseStatus || 200;
  const key = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  if (key && status < 400 && type !== "back_forward" && document.referrer && document.querySelector(".user-menu [data-forget]")) localStorage.removeItem(key);
  const old = Object.keys(localStorage).filter((one) => one.startsWith("kept:") && Date.now() - read(one).at > LONGEST);
  old.forEach((one) => localStorage.removeItem(one));
  return status;
}
const status = settle();
addEventListener("pageshow", (event) => { if (event.persisted) sessionStorage.removeItem(SENT); }); // it never arrived

const kept = (form) => [...form.elements].filter((one) => one.name && !one.closest("[data-row-template]") && (isList(one) || !["hidden", "password", "file", "submit", "button", "fieldset"].includes(one.type)));
const total = (form) => form.querySelector("[name$='-TOTAL_FORMS']");

function isTyped(input) {
  if (isList(input)) return isTyped(textOf(input));
  if (isMarked(input)) return input.checked !== input.defaultChecked;
  if (!input.options) return input.value !== input.defaultValue;
  return input.value !== ([...input.options].find((one) => one.defaultSelected) ?? input.options[0])?.value;
}

export function attach(form) {
  const path = new URL(form.action).pathname;
  const key = `kept:${form.dataset.kept}:${path}`;
  const found = read(key);
  const isBack = status >= 400; // the refused page holds all that was typed
  const offer = document.querySelector("[data-kept-offer]");
  let former = found?.fields ?? {};
  let timer = 0;
  const write = () => {
    clearTimeout(timer);
    timer = 0;
    if (document.documentElement.dataset.forgotten) return undefined;
    const fields = isBack || !offer.hidden ? { ...former } : {};
    for (const input of kept(form)) {
      if (PERSONAL.test(String(state(input)))) delete fields[slot(input)];
      else if (isTyped(input) || (isBack && slot(input) in former)) fields[slot(input)] = state(input);
    }
    if (!Object.keys(fields).length) return localStorage.removeItem(key);
    return localStorage.setItem(key, JSON.stringify({ at: Date.now(), of: form.dataset.keptOf, rows: Number(total(form)?.value ?? 0), fields }));
  };
  const later = () => { clearTimeout(timer); timer = setTimeout(write, PAUSE); };
  const close = () => { offer.hidden = true; former = {}; };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  addEventListener("pagehide", () => timer && write());
  form.addEventListener("submit", (event) => { if (!event.defaultPrevented) { write(); sessionStorage.setItem(SENT, key); } });
  const [person] = form.dataset.kept.split(":");
  const elsewhere = Object.keys(localStorage).find((one) => one.startsWith(`kept:${person}:`) && one.endsWith(`:${path}`));
  if (isBack || !(found || elsewhere)) return;
  import("./brought.js").then(({ ask }) => ask(offer, found ?? read(elsewhere), {
    isHere: Boolean(found),
    back: (bring) => bring(form, found, { kept, slot }).then(close),
    drop: () => { close(); localStorage.removeItem(found ? key : elsewhere); write(); },
  }));
}
