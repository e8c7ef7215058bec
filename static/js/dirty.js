// Warns before unsaved work is left behind; says so in the form's bar.
const picture = (form) => JSON.stringify([...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken").map(([name, value]) => [name, String(value)]));

export function attach(form) {
  const start = picture(form);
  let leaving = false;
  const isDirty = () => !leaving && picture(form) !== start;
  const words = form.querySelectorAll("[data-dirty-words]");
  const tell = () => words.forEach((place) => { place.hidden = !isDirty(); });
  form.addEventListener("input", tell);
  form.addEventListener("change", tell);
  form.addEventListener("submit", () => { leaving = true; });
  document.body.addEventListener("htmx:afterRequest", (event) => { if (form.contains(event.detail.elt) && !event.detail.successful) leaving = false; });
  window.addEventListener("beforeunload", (event) => { if (form.isConnected && isDirty()) event.preventDefault(); });
  tell();
}
