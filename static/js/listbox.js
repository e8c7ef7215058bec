// The list under a combobox: made of text nodes only, announced by the combobox's attributes.
let number = 0;

export function listFor(root, text) {
  const list = document.createElement("ul");
  list.id = `list-${++number}`;
  list.className = "combobox__list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", text.labels?.[0]?.textContent.trim() ?? "");
  list.hidden = true;
  root.append(list);
  text.setAttribute("role", "combobox");
  text.setAttribute("aria-autocomplete", "list");
  text.setAttribute("aria-expanded", "false");
  text.setAttribute("aria-controls", list.id);
  return list;
}

export function option(box, { value, label, hint, create }, index) {
  const item = document.createElement("li");
  item.id = `${box.list.id}-${index}`;
  item.className = create ? "combobox__option is-create" : "combobox__option";
  item.setAttribute("role", "option");
  item.dataset.value = value;
  item.dataset.label = label;
  const words = document.createElement("span");
  words.textContent = label;
  item.append(words);
  if (hint) {
    const small = document.createElement("small");
    small.textContent = hint;
    item.append(small);
  }
  return item;
}

export function openList(box, items) {
  const none = document.createElement("li");
  none.className = "combobox__none";
  none.setAttribute("role", "option");
  none.setAttribute("aria-disabled", "true");
  none.textContent = box.root.dataset.none;
  box.list.replaceChildren(...(items.length ? items : [none]));
  box.list.hidden = false;
  box.text.setAttribute("aria-expanded", "true");
  if (items.length) selected(box, items[0]);
}

export function closeList(box) {
  box.asked += 1;
  clearTimeout(box.timer);
  box.root.classList.remove("is-busy");
  box.list.hidden = true;
  box.text.setAttribute("aria-expanded", "false");
  box.text.removeAttribute("aria-activedescendant");
}

export function selected(box, item) {
  if (item) {
    for (const one of box.list.children) one.setAttribute("aria-selected", String(one === item));
    box.text.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  }
  return box.list.querySelector("[aria-selected=true]");
}
