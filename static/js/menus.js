// Menus are details elements: they open without script; this closes them by Escape or a press elsewhere.
export function attach(menu) {
  const close = () => { menu.open = false; };
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target) || event.target.closest("[data-dialog-open]")) close();
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    close();
    menu.querySelector("summary").focus();
  });
}
