// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Builds and updates elements. Updates keep the elements that stay, so focus, selection and scroll position survive them.

export const $ = (selector, root = document) => root.querySelector(selector);

// element returns an element with attributes and children. All texts become text nodes, never markup.
export function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

// morph changes an element so that it equals another one.
export function morph(old, fresh) {
  if (old.nodeName !== fresh.nodeName) {
    old.replaceWith(fresh);
    return;
  }
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (const { name } of [...old.attributes]) {
    // A <details> that the reader has opened stays open.
    if (name !== "open" && !fresh.hasAttribute(name)) old.removeAttribute(name);
  }
  const before = [...old.childNodes];
  const after = [...fresh.childNodes];
  after.forEach((child, i) => (before[i] ? morph(before[i], child) : old.append(child)));
  before.slice(after.length).forEach((child) => child.remove());
}

// update makes the children of a parent equal to the rendered items. Items with the same key keep their element.
export function update(parent, items, keyOf, render) {
  const rendered = new Map(items.map((item) => [String(keyOf(item)), render(item)]));
  const rows = new Map();
  for (const row of [...parent.children]) {
    if (rendered.has(row.dataset.key)) {
      rows.set(row.dataset.key, row);
      continue;
    }
    // A row that is going gives its focus to the heading above.
    if (row.contains(document.activeElement)) row.closest("section, .members")?.querySelector("[tabindex='-1']")?.focus();
    row.remove();
  }
  let next = parent.firstElementChild;
  for (const [key, fresh] of rendered) {
    fresh.dataset.key = key;
    const row = rows.get(key);
    if (row) morph(row, fresh);
    if (row && row === next) next = next.nextElementSibling;
    else parent.insertBefore(row ?? fresh, next);
  }
}
