// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// The page's own calls.

export async function read(path, query = {}) {
  const response = await fetch(`/_page/${path}?${new URLSearchParams(query)}`);
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

// send makes a change. The error has the reason of a refusal.
export async function send(path, form = {}) {
  const response = await fetch(`/_page/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(form),
  });
  if (!response.ok) throw new Error((await response.text()).trim());
}

export const learnerPath = (id, act) => `learners/${encodeURIComponent(id)}${act ? `/${act}` : ""}`;
export const groupPath = (id, act) => `groups/${encodeURIComponent(id)}${act ? `/${act}` : ""}`;
