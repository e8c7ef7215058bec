// The invoice form's own manners: Ctrl+S saves, a chosen debtor shows its card and usual channel, a new one is made beside.
import { watch } from "./check.js";

export function attach(form) {
  watch(form);
  document.addEventListener("keydown", (event) => saveKey(form, event));
  form.addEventListener("ropo:picked", (event) => showCard(form, event.detail));
  form.addEventListener("ropo:create", (event) => openCreation(form, event.detail.text));
  document.body.addEventListener("debtor-created", (event) => take(form, event.detail));
}

function saveKey(form, event) {
  if (!form.isConnected || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("[data-save-key] button"));
}

// What is brought back has its channel already.
async function showCard(form, { value: debtor, isBack }) {
  const url = form.dataset.cardUrl.replace("00000000-0000-0000-0000-000000000000", debtor);
  const answer = await fetch(url, { headers: { "HX-Request": "true" } });
  if (!answer.ok) return;
  const card = form.querySelector("#debtor_card");
  card.innerHTML = await answer.text();
  const channel = form.querySelector("select[name=channel]");
  const usual = card.querySelector("[data-channel]")?.dataset.channel;
  if (!isBack && usual && channel.value !== usual) {
    channel.value = usual;
    channel.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function openCreation(form, name) {
  const url = `${form.dataset.createUrl}&name=${encodeURIComponent(name)}`;
  const dialog = document.getElementById("debtor_create");
  dialog.showModal();
  globalThis.htmx.ajax("GET", url, { target: "#debtor_create_body", swap: "innerHTML" }).then(() => {
    dialog.querySelector("input:not([type=hidden], [type=radio])")?.focus();
  });
}

function take(form, { id, label }) {
  const box = form.querySelector("[data-combobox]");
  box.querySelector("[data-combobox-text]").value = label;
  const value = box.querySelector("[data-combobox-value]");
  value.value = id;
  document.getElementById("debtor_create").close();
  box.querySelector("[data-combobox-text]").focus();
  value.dispatchEvent(new Event("change", { bubbles: true }));
  showCard(form, { value: id });
}
