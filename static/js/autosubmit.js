// Sends a filter form when a choice changes; its button stays for those without script.
export function attach(form) {
  form.addEventListener("change", (event) => {
    if (event.target.matches("select, input[type=checkbox], input[type=radio]")) form.requestSubmit();
  });
  form.querySelectorAll("[data-autosubmit-button]").forEach((button) => { button.hidden = true; });
}
