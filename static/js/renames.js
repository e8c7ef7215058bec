// Calls another field of the form what it is called where something was chosen.
export function attach(select) {
  const names = JSON.parse(select.dataset.names);
  select.addEventListener("change", () => {
    const label = select.form.elements[select.dataset.renames].labels[0];
    label.firstChild.data = names[select.value] ?? names[""];
  });
}
