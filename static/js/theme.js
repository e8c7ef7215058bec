// Changes the theme at once and tells the server behind it; without script the form does the same with a page load.
export function attach(form) {
  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (!button?.value) return;
    event.preventDefault();
    document.documentElement.dataset.theme = button.value;
    for (const one of form.querySelectorAll("button[name=theme]")) one.setAttribute("aria-pressed", String(one === button));
    const body = new FormData(form);
    body.set("theme", button.value);
    await fetch(form.action, { method: "POST", body, redirect: "manual" });
  });
}
