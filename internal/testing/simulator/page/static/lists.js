// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// The lists of the page: learners, groups and members in parts, requests and e-mails as logs.

import { $, element, setText, update } from "./dom.js";
import { read } from "./api.js";

const badge = (text, kind = text) => element("span", { class: `badge ${kind}` }, text);
const cell = (label, ...content) => element("td", { role: "cell", "data-label": label }, ...content);
const nameOf = (learner) => `${learner.firstName} ${learner.lastName}`.trim();

// paged is a list that shows a part and has buttons for the others. Its functions return the total.
export function paged({ root, body, path, query, size, render, nothing }) {
  let offset = 0;
  const pager = $(".pager", root);
  const go = (step) => {
    offset = Math.max(0, offset + step * size);
    return refresh();
  };
  const previous = element("button", { type: "button" }, "Previous");
  const next = element("button", { type: "button" }, "Next");
  const range = element("span");
  previous.addEventListener("click", () => go(-1));
  next.addEventListener("click", () => go(1));
  pager.append(previous, range, next);

  let latest = 0;
  async function refresh() {
    const call = ++latest;
    let part = await read(path(), { ...query(), offset, limit: size });
    if (offset > 0 && part.items.length === 0) {
      // Deleted objects have shortened the list.
      offset = Math.max(0, Math.floor((part.total - 1) / size) * size);
      part = await read(path(), { ...query(), offset, limit: size });
    }
    if (call !== latest) return part.total;
    update(body, part.items, (item) => item.id, render);
    setEmpty(root, part.items.length === 0, nothing());
    const last = offset + part.items.length;
    setText(range, part.total === 0 ? "" : `${format(offset + 1)}–${format(last)} of ${format(part.total)}`);
    // A disabled button loses the focus, so it stays enabled for assistive technology.
    for (const [button, off] of [[previous, offset === 0], [next, last >= part.total]]) {
      button.setAttribute("aria-disabled", off);
    }
    pager.hidden = part.total <= size && offset === 0 && !pager.contains(document.activeElement);
    return part.total;
  }
  for (const button of [previous, next]) {
    button.addEventListener("click", (event) => {
      if (button.getAttribute("aria-disabled") === "true") event.stopImmediatePropagation();
    }, { capture: true });
  }
  return { refresh, first: () => ((offset = 0), refresh()) };
}

export const format = (number) => number.toLocaleString("en-US");

function setEmpty(root, isEmpty, text) {
  const empty = $(".empty", root);
  setText(empty, text);
  empty.hidden = !isEmpty;
  const table = $("table", root);
  if (table) table.hidden = isEmpty;
}

export function learnerRow(learner) {
  const licenses = [...learner.licenses, ...(learner.pool ? [`pool ${learner.pool}`] : [])];
  return element("tr", { role: "row" },
    cell("Learner",
      element("div", { class: "who" },
        element("strong", {}, nameOf(learner) || "(no name)"),
        learner.role !== "learner" ? badge(learner.role, "admin") : null,
        learner.scim ? badge("SCIM", "scim") : null),
      element("div", { class: "dim" }, learner.email),
      learner.externalId ? element("div", { class: "dim mono" }, learner.externalId) : null),
    cell("Status", badge(learner.status)),
    cell("Licenses", licenses.join(", ")),
    cell("Groups", learner.groups.join(", ")),
    cell("Last visit", learner.lastVisit),
    cell("", element("button", { type: "button", "data-action": "edit-learner", "data-id": learner.id },
      "Manage", element("span", { class: "hidden" }, ` ${learner.email}`))));
}

export function groupRow(group) {
  return element("tr", { role: "row" },
    cell("Group", element("strong", {}, group.name), group.scim ? badge("SCIM", "scim") : null),
    element("td", { role: "cell", class: "number", "data-label": group.members === 1 ? "member" : "members" }, format(group.members)),
    cell("", element("button", { type: "button", "data-action": "edit-group", "data-id": group.id },
      "Manage", element("span", { class: "hidden" }, ` the group ${group.name}`))));
}

export function memberRow(learner) {
  return element("li", {},
    element("span", { class: "grow" }, element("bdi", {}, nameOf(learner)), " ", element("span", { class: "dim" }, learner.email)),
    badge(learner.status),
    element("button", { type: "button", "data-action": "remove-member", "data-id": learner.id },
      "Remove", element("span", { class: "hidden" }, ` ${learner.email}`)));
}

function requestRow(request) {
  const kind = `s${Math.floor(request.status / 100)}`;
  const line = [
    element("span", { class: "time" }, request.time),
    element("span", { class: "grow mono" }, element("b", {}, request.method), " ", readable(request.path)),
    badge(request.status === 0 ? "none" : String(request.status), kind),
    element("span", { class: "number dim" }, `${request.milliseconds.toFixed(1)} ms`),
  ];
  if (!request.body) return element("li", {}, ...line);
  return element("li", {}, element("details", {}, element("summary", {}, ...line), element("pre", {}, indented(request.body))));
}

// readable decodes a path for display, if that is possible.
function readable(path) {
  try {
    return decodeURIComponent(path.replaceAll("+", " "));
  } catch {
    return path;
  }
}

function indented(body) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body; // not JSON, or only the beginning of it
  }
}

function mailRow(mail) {
  return element("li", {},
    element("span", { class: "time" }, mail.time),
    element("div", { class: "grow" }, mail.to, element("div", { class: "dim" }, mail.cause)),
    badge(mail.kind, mail.kind === "reactivation" ? "active" : "invited"));
}

async function refreshLog(section, path, render, title, nothing) {
  const { items, total } = await read(path);
  const root = document.getElementById(section);
  update($("ol", root), items, (item) => item.number, render);
  setEmpty(root, items.length === 0, nothing);
  const shown = total > items.length ? `the latest ${items.length} of ${format(total)}` : format(total);
  setText($("h2", root), total === 0 ? title : `${title} (${shown})`);
}

export const refreshRequests = () => refreshLog("requests", "requests", requestRow, "Requests", "No requests. They appear here as they come.");
export const refreshMails = () =>
  refreshLog("mails", "mails", mailRow, "E-mails that Udemy would have sent", "None so far. Invitations and reactivations send one.");
