// Keeps what is typed and not yet saved in this browser, by person and form, and offers to bring it back.
// Its own file, outside what every page loads: pages with such forms ask for it, and those that come after them.
const SENT = "kept-sent";
const LONGEST = 7 * 24 * 3600 * 1000;
const PAUSE = 300;
// What looks like a personal identity code of Finland, Norway or Sweden is not kept.
const PERSONAL = /(^|\D)(([04][1-9]|[1256]\d|[37][01])([04][1-9]|[15][0-2])\d\d([-+a-fu-y]\d{3}[0-9a-y]|\s?\d{5})|(19|20)?\d\d(0[1-9]|1[0-2])([06][1-9]|[1278]\d|[39][01])[-+]?\d{4})(\D|$)/i;

const isMarked = (input) => input.type === "checkbox" || input.type === "radio";
const isList = (input) => input.matches("[data-combobox-value]");
const slot = (input) => (isMarked(input) ? `${input.name}=${input.value}` : input.name);
const state = (input) => (isMarked(input) ? input.checked : input.value);
const kept = (form) => [...form.elements].filter((one) => one.name && (isList(one) || !["hidden", "password", "file", "submit", "button", "fieldset"].includes(one.type)));

const store = `kept:${document.querySelector("[data-sign-out]")?.dataset.signOut}`;
const all = () => JSON.parse(localStorage.getItem(store) ?? "{}");
const put = (change) => localStorage.setItem(store, JSON.stringify(Object.fromEntries(Object.entries(change(all())).filter(([, one]) => one && Date.now() - one.at < LONGEST))));
const drop = (test) => put((found) => Object.fromEntries(Object.entries(found).filter(([key]) => !test(key))));

// The page that came from the form, and is no refusal, says that the server has it; after a sign-in it comes from there.
const { responseStatus, type } = performance.getEntriesByType("navigation")[0] ?? {};
const sent = JSON.parse(sessionStorage.getItem(SENT) ?? "null");
const isBack = responseStatus >= 400; // the refused page holds all that was typed
let isOver = false;
sessionStorage.removeItem(SENT);
if (sent && !isBack && type !== "back_forward" && document.referrer && new URL(document.referrer).pathname === sent.from) drop((key) => key === sent.key);
addEventListener("pageshow", (event) => { if (event.persisted) sessionStorage.removeItem(SENT); }); // it never arrived
document.addEventListener("submit", ({ target }) => {
  if (!target.matches("[data-forget], [data-sign-out]")) return;
  isOver = true;
  if (target.dataset.forget) drop((key) => key.includes(target.dataset.forget));
});

function isTyped(input) {
  if (isList(input)) return isTyped(input.parentElement.querySelector("[data-combobox-text]"));
  if (isMarked(input)) return input.checked !== input.defaultChecked;
  if (!input.options) return input.value !== input.defaultValue;
  return input.value !== ([...input.options].find((one) => one.defaultSelected) ?? input.options[0])?.value;
}

function attach(form) {
  const path = new URL(form.action).pathname;
  const key = `${form.dataset.kept}:${path}`;
  const found = all()[key];
  const elsewhere = Object.keys(all()).find((one) => one.endsWith(`:${path}`));
  const offer = document.querySelector("[data-kept-offer]");
  let former = found?.fields ?? {};
  let timer = 0;
  const write = () => {
    clearTimeout(timer);
    timer = 0;
    if (isOver) return;
    const fields = isBack || !offer.hidden ? { ...former } : {};
    for (const input of kept(form)) {
      if (PERSONAL.test(String(state(input)))) delete fields[slot(input)];
      else if (isTyped(input) || (isBack && slot(input) in former)) fields[slot(input)] = state(input);
    }
    const rows = Number(form.querySelector("[name$='-TOTAL_FORMS']")?.value ?? 0);
    const entry = Object.keys(fields).length ? { at: Date.now(), of: form.dataset.keptOf, rows, fields } : null;
    put((others) => ({ ...others, [key]: entry }));
  };
  const later = () => { clearTimeout(timer); timer = setTimeout(write, PAUSE); };
  const close = () => { offer.hidden = true; former = {}; };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  addEventListener("pagehide", () => timer && write());
  form.addEventListener("submit", (event) => { if (!event.defaultPrevented) { write(); sessionStorage.setItem(SENT, JSON.stringify({ key, from: location.pathname })); } });
  if (isBack || !(found ?? elsewhere)) return;
  import(offer.dataset.keptOffer).then(({ ask }) => ask(offer, found ?? all()[elsewhere], {
    isHere: Boolean(found),
    back: (bring) => bring(form, found, { kept, slot }).then(close),
    drop: () => { close(); drop((one) => one === (found ? key : elsewhere)); write(); },
  }));
}
document.querySelectorAll("[data-kept]").forEach(attach);
