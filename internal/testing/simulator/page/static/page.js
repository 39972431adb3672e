// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

import { $, setText } from "./dom.js";
import { send } from "./api.js";
import { format, groupRow, learnerRow, paged, refreshMails, refreshRequests } from "./lists.js";
import { applySwitches, refreshOverview, showConnection } from "./overview.js";
import * as dialogs from "./dialogs.js";

const searchOf = (form) => () => Object.fromEntries(new FormData(form));
const learnerSearch = $("#learner-search");
const groupSearch = $("#group-search");

const learners = paged({
  root: $("#learners"), body: $("#learner-table tbody"), size: 25, render: learnerRow, path: () => "learners", query: searchOf(learnerSearch),
  nothing: () => (learnerSearch.elements.text.value || learnerSearch.elements.status.value
    ? "No learner matches." : "No learners yet. Add one here, or with terraform apply."),
});
const groups = paged({
  root: $("#groups"), body: $("#group-table tbody"), size: 20, render: groupRow, path: () => "groups", query: searchOf(groupSearch),
  nothing: () => (groupSearch.elements.text.value ? "No group matches." : "No groups yet."),
});

// What to read again after a change, by the part of the revision that has changed.
const refreshers = {
  organization: [() => learners.refresh(), () => groups.refresh(), refreshMails, refreshOverview, dialogs.refreshMembers],
  requests: [refreshRequests, refreshOverview],
  switches: [refreshOverview],
};
refreshers.start = [...refreshers.organization, ...refreshers.requests]; // The simulator has been restarted.

let shown = {};
let pending = null;
let running = false;

// follow reads what differs between two revisions. While it reads, it remembers only the latest revision.
async function follow(revision) {
  pending = revision;
  if (running) return;
  running = true;
  try {
    while (pending) {
      const next = pending;
      pending = null;
      const calls = new Set();
      for (const [part, number] of Object.entries(next)) {
        if (shown[part] !== number) refreshers[part].forEach((call) => calls.add(call));
      }
      await Promise.all([...calls].map((call) => call()));
      shown = next;
    }
    setLost(false);
  } catch {
    setLost(true);
  } finally {
    running = false;
  }
}

const setLost = (lost) => { $("#lost").hidden = !lost; };

// A browser has few connections to a host, so a page in the background gives its stream back.
let stream = null;
function watch() {
  if (document.hidden) {
    stream?.close();
    stream = null;
  } else if (!stream) {
    stream = new EventSource("/_page/events");
    stream.addEventListener("message", (event) => follow(JSON.parse(event.data)));
    stream.addEventListener("error", () => setLost(true));
  }
}
document.addEventListener("visibilitychange", watch);

// announce shows a text for some seconds. A screen reader reads it aloud, but nothing outside an open dialog.
const announcements = document.querySelectorAll(".announcement");
let announced = 0;
function announce(text) {
  if (!text) return;
  const place = $("dialog[open] .announcement") ?? $("#status");
  for (const announcement of announcements) setText(announcement, announcement === place ? text : "");
  clearTimeout(announced);
  announced = setTimeout(() => announcements.forEach((announcement) => setText(announcement, "")), 6000);
}

for (const [form, list] of [[learnerSearch, learners], [groupSearch, groups]]) {
  let timer = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      try {
        setText($("#found"), `${format(await list.first())} found`);
      } catch (failure) {
        announce(failure.message);
      }
    }, 150);
  });
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.getAttribute("role") === "search") event.preventDefault();
  if (form.id === "switch-form") {
    event.preventDefault();
    const error = $(".error", form);
    setText(error, "");
    try {
      await applySwitches(form);
      announce("Applied the faults and limits.");
    } catch (refusal) {
      setText(error, `Refused: ${refusal.message}`);
    }
  }
  const dialog = form.closest("dialog");
  if (dialog && dialog.id !== "confirm-dialog") {
    event.preventDefault();
    announce(await dialogs.saved(form));
  }
});

$("#api").addEventListener("change", showConnection);

async function copy(button) {
  const text = $(`#${button.dataset.from}`);
  try {
    await navigator.clipboard.writeText(text.textContent);
    announce(`Copied the ${button.dataset.from}.`);
  } catch {
    getSelection().selectAllChildren(text);
    announce("The browser does not allow copying. The text is selected.");
  }
}

async function reset() {
  const yes = await dialogs.ask("Reset the organization?", "Restores the learners and groups of the start, and clears the requests and e-mails. " +
    "Terraform state from before may name learners that are gone.", "Reset");
  if (!yes) return;
  await send("reset");
  announce("Reset the organization.");
}

const actions = {
  "add-learner": (button) => dialogs.openLearner(null, button),
  "edit-learner": (button) => dialogs.openLearner(button.dataset.id, button),
  "add-group": (button) => dialogs.openGroup(null, button),
  "edit-group": (button) => dialogs.openGroup(button.dataset.id, button),
  "accept": async () => announce(await dialogs.actOnLearner("accept")),
  "resend": async () => announce(await dialogs.actOnLearner("resend")),
  "deactivate": async () => announce(await dialogs.actOnLearner("deactivate")),
  "reactivate": async () => announce(await dialogs.actOnLearner("reactivate")),
  "delete-learner": async () => announce(await dialogs.deleteLearner()),
  "delete-group": async () => announce(await dialogs.deleteGroup()),
  "remove-member": async (button) => announce(await dialogs.removeMember(button.dataset.id)),
  "clear-requests": () => send("requests/clear"),
  "close": (button) => button.closest("dialog").close(),
  copy,
  reset,
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-action]");
  if (!button) return;
  try {
    await actions[button.dataset.action](button);
  } catch (failure) {
    announce(failure.message);
  }
});

watch();
