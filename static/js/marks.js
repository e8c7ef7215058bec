// One box marks all rows; words beside it say how many are marked.
export function attach(box) {
  const scope = box.closest("[data-marks]") ?? box.closest("form, table");
  const boxes = () => [...scope.querySelectorAll("[data-check]")];
  const count = () => {
    const marked = boxes().filter((one) => one.checked).length;
    box.checked = marked > 0 && marked === boxes().length;
    box.indeterminate = marked > 0 && !box.checked;
    for (const place of scope.querySelectorAll("[data-check-count]")) place.textContent = String(marked);
    for (const tool of scope.querySelectorAll("[data-check-needs]")) tool.disabled = marked === 0;
  };
  box.addEventListener("change", () => {
    boxes().forEach((one) => { one.checked = box.checked; });
    count();
  });
  scope.addEventListener("change", (event) => event.target.matches("[data-check]") && count());
  count();
}
