// Shows the parts that fit a choice and switches the others off, so that what is hidden is not sent.
export function attach(root) {
  const name = root.dataset.shownWhen;
  const show = () => {
    const chosen = root.querySelector(`[name="${name}"]:checked`)?.value;
    for (const part of root.querySelectorAll("[data-when]")) {
      const fits = part.dataset.when === chosen;
      part.hidden = !fits && !part.querySelector(".has-errors");
      part.disabled = part.hidden;
    }
  };
  root.addEventListener("change", (event) => { if (event.target.name === name) show(); });
  show();
}
