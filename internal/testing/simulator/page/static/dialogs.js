// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// The dialogs: a learner, a group with its members, and a question.

import { $, setText } from "./dom.js";
import { groupPath, learnerPath, read, send } from "./api.js";
import { memberRow, paged } from "./lists.js";

const learnerDialog = $("#learner-dialog");
const groupDialog = $("#group-dialog");

// The open learner and group. A new one has no ID.
let learner = null;
let group = null;

const valuesOf = (form) => Object.fromEntries(new FormData(form));

function open(dialog, from) {
  for (const error of dialog.querySelectorAll(".error")) setText(error, "");
  dialog.returnFocus = from;
  dialog.showModal();
}

// The element that opened a dialog may be gone, with the learner that it was for.
for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("close", () => {
    const back = dialog.returnFocus;
    if (back?.isConnected) back.focus();
    else if (dialog === learnerDialog) $("#learners-heading").focus();
    else if (dialog === groupDialog) $("#groups-heading").focus();
  });
}

// attempt makes a change, and shows the reason of a refusal in the dialog.
async function attempt(root, change) {
  const error = $(".error", root);
  setText(error, "");
  try {
    await change();
    return true;
  } catch (refusal) {
    setText(error, `Refused: ${refusal.message}`);
    return false;
  }
}

// ask returns whether the answer to a question is yes.
export function ask(title, facts, yes) {
  const dialog = $("#confirm-dialog");
  setText($("h2", dialog), title);
  setText($(".facts", dialog), facts);
  setText($("button[value=yes]", dialog), yes);
  dialog.returnValue = "no";
  const from = document.activeElement;
  open(dialog, from);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

export async function openLearner(id, from) {
  learner = { id: null, email: "", firstName: "", lastName: "", externalId: "", role: "learner", status: "" };
  if (id !== null) {
    const { items } = await read("learners", { text: id });
    learner = items.find((item) => item.id === id);
    if (!learner) throw new Error("The learner is gone.");
  }
  const form = $("form", learnerDialog);
  setText($("h2", learnerDialog), id === null ? "Add a learner" : learner.email);
  setText($(".facts", learnerDialog), id === null
    ? "Invites the learner, who gets an e-mail and takes a seat."
    : `ID ${learner.id}, ${learner.status}. Groups: ${learner.groups.join(", ") || "none"}. Last visit: ${learner.lastVisit}.`);
  for (const name of ["email", "firstName", "lastName", "externalId", "role"]) form.elements[name].value = learner[name];
  setText($("button[type=submit]", form), id === null ? "Invite" : "Save");
  $(".acts", form).hidden = id === null;
  for (const button of form.querySelectorAll("[data-status]")) button.hidden = button.dataset.status !== learner.status;
  setText($(".acts-hint", form), {
    invited: "The learner types both names above when accepting. They may differ from the invitation.",
    active: "Deactivating frees the seat and keeps the learning history.",
    deactivated: "Reactivating takes a seat and sends an e-mail.",
  }[learner.status] ?? "");
  open(learnerDialog, from);
}

export async function openGroup(id, from) {
  group = { id: null, name: "" };
  if (id !== null) {
    group = { id, name: from.closest("tr").querySelector("strong").textContent };
  }
  const form = $("form", groupDialog);
  setText($("h2", groupDialog), id === null ? "Add a group" : group.name);
  setText($(".facts", groupDialog), id === null ? "The group has no members at first." : `ID ${id}`);
  form.elements.name.value = group.name;
  setText($("button[type=submit]", form), id === null ? "Add" : "Rename");
  $("[data-action=delete-group]", form).hidden = id === null;
  $(".members", groupDialog).hidden = id === null;
  if (id !== null) await members.first();
  open(groupDialog, from);
}

const members = paged({
  root: $(".members", groupDialog), body: $("#member-list"), size: 50, render: memberRow,
  path: () => "learners", query: () => ({ group: group.id }), nothing: () => "No members.",
});

export const refreshMembers = () => (groupDialog.open && group?.id ? members.refresh() : null);

// saved submits the form of a learner or a group. It returns what to announce, or an empty text after a refusal.
export async function saved(form) {
  const values = valuesOf(form);
  if (form.dataset.form === "member") {
    const added = await attempt($(".members", groupDialog), () => send(groupPath(group.id, "members"), values));
    if (added) form.reset();
    return added ? `Added ${values.email} to ${group.name}.` : "";
  }
  if (form.dataset.form === "group") {
    const done = await attempt(form, () => send(group.id === null ? "groups" : groupPath(group.id), values));
    if (done) groupDialog.close();
    return done ? `Saved the group ${values.name}.` : "";
  }
  const done = await attempt(form, () => send(learner.id === null ? "learners" : learnerPath(learner.id), values));
  if (done) learnerDialog.close();
  return done ? `${learner.id === null ? "Invited" : "Saved"} ${values.email}.` : "";
}

const done = {
  accept: "accepted the invitation", resend: "gets the invitation again", deactivate: "is deactivated", reactivate: "is active again",
};

// actOnLearner changes the status of the open learner.
export async function actOnLearner(act) {
  const form = $("form", learnerDialog);
  const { id, email } = learner;
  const values = act === "accept" ? valuesOf(form) : {};
  if (!(await attempt(form, () => send(learnerPath(id, act), values)))) return "";
  learnerDialog.close();
  return `${email} ${done[act]}.`;
}

export async function deleteLearner() {
  const { id, email } = learner;
  if (!(await ask(`Delete ${email}?`, "The learner leaves the organization and its groups. Terraform plans to invite the learner again.", "Delete"))) return "";
  if (!(await attempt($("form", learnerDialog), () => send(learnerPath(id, "delete"))))) return "";
  learnerDialog.close();
  return `Deleted ${email}.`;
}

export async function deleteGroup() {
  const { id, name } = group;
  if (!(await ask(`Delete the group ${name}?`, "Its members stay in the organization.", "Delete"))) return "";
  if (!(await attempt($("form", groupDialog), () => send(groupPath(id, "delete"))))) return "";
  groupDialog.close();
  return `Deleted the group ${name}.`;
}

export async function removeMember(id) {
  const removed = await attempt($(".members", groupDialog), () => send(groupPath(group.id, `members/${encodeURIComponent(id)}/delete`)));
  return removed ? `Removed a member of ${group.name}.` : "";
}
