// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// The seats, the connection and the switches.

import { $, element, setText, update } from "./dom.js";
import { read, send } from "./api.js";
import { format } from "./lists.js";

let connections = [];
let switches = {};

export async function refreshOverview() {
  const overview = await read("overview");
  connections = overview.connections;
  showSeats(overview.counts);
  showConnection();
  showSwitches(overview.switches);
  const faults = overview.faults.map(({ kind, count }) => `${kind} × ${format(count)}`).join(", ");
  setText($("#fault-counts"), faults ? `Faults since the last change: ${faults}` : "");
}

function showSeats(counts) {
  const used = counts.invited + counts.active;
  const left = counts.seats - used;
  let text = `${format(used)} ${used === 1 ? "seat" : "seats"} in use`;
  if (counts.seats > 0) {
    text = `${format(used)} of ${format(counts.seats)} seats in use, ${left >= 0 ? `${format(left)} left` : `${format(-left)} too many`}`;
  }
  setText($("#seats-text"), text);
  $("#seats-text").classList.toggle("full", counts.seats > 0 && left <= 0);

  const whole = Math.max(counts.seats, used, 1);
  const parts = [["active", counts.active], ["invited", counts.invited]];
  update($("#seats-bar"), parts, ([name]) => name, ([name]) => element("span", { class: name }));
  for (const [name, number] of parts) $(`#seats-bar .${name}`).style.width = `${(100 * number) / whole}%`;

  const legend = [
    ["active", counts.active], ["invited", counts.invited], ["deactivated", counts.deactivated],
    ["groups", counts.groups], ...Object.entries(counts.licenses).map(([name, number]) => [`${name} ${number === 1 ? "license" : "licenses"}`, number]),
  ];
  update($("#seats-legend"), legend, ([name]) => name, ([name, number]) =>
    element("li", {}, element("span", { class: `dot ${name}`, "aria-hidden": "true" }), element("b", {}, format(number)), ` ${name}`));
  update($("#pools"), counts.pools, ({ name }) => name, ({ name, used: taken, size }) =>
    element("li", {}, element("label", {}, `Pool ${name}: ${format(taken)} of ${format(size)} licenses`,
      element("meter", { min: 0, max: Math.max(size, 1), value: taken }))));
}

export function showConnection() {
  const chosen = connections.find(({ api }) => api === $("#api").value);
  if (!chosen) return;
  setText($("#configuration"), chosen.configuration);
  setText($("#environment"), chosen.environment);
}

// showSwitches leaves a form alone that has values that are not applied.
function showSwitches(state) {
  const form = $("#switch-form");
  for (const [name, value] of Object.entries(state)) {
    const field = form.elements[name];
    if (switches[name] === undefined || field.value === String(switches[name])) field.value = value;
  }
  switches = state;
  form.elements.faultKind.querySelector('option[value=""]').hidden = state.faultKind !== "";
}

export async function applySwitches(form) {
  const state = {};
  for (const name of Object.keys(switches)) {
    state[name] = name === "faultKind" ? form.elements[name].value : Number(form.elements[name].value);
  }
  await send("switches", state);
  switches = state; // From now on, the form follows changes that are made elsewhere.
  for (const [name, value] of Object.entries(state)) form.elements[name].value = value;
}
