// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package browser_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const manage = `[data-action=edit-learner]`

// A learner's whole life, with the keyboard only.
func TestLearner(t *testing.T) {
	t.Parallel()
	p := open(t, 1280, "light", "-seats", "1")
	p.wait(`document.querySelector("#learners .empty").textContent.startsWith("No learners yet")`)
	p.do(chromedp.Focus(chromedp.CSS(`[data-action=add-learner]`)))
	p.press(kb.Enter)
	p.wait(`document.querySelector("#learner-dialog").open`)
	p.wait(`document.activeElement.name === "email"`)
	p.press("ada@example.com" + kb.Tab + "Ada" + kb.Enter)
	p.status("Invited ada@example.com.")
	p.wait(`document.activeElement.dataset.action === "add-learner"`)
	p.wait(row("ada@example.com"))
	p.wait(`document.querySelector("#seats-text").textContent === "1 of 1 seats in use, 0 left"`)
	p.wait(`document.querySelector("#mail-list").textContent.includes("ada@example.com")`)

	// No seat is left. The dialog stays open with the reason.
	p.press(kb.Enter + "new@example.com" + kb.Enter)
	p.wait(`document.querySelector("#learner-dialog .error").textContent.includes("No seat is left")`)
	p.press(kb.Escape)
	p.wait(`!document.querySelector("#learner-dialog").open`)

	open := func() {
		t.Helper()
		p.do(chromedp.Focus(chromedp.CSS(manage)))
		p.press(kb.Enter)
		p.wait(`document.querySelector("#learner-dialog").open`)
	}
	act := func(name string) {
		t.Helper()
		open()
		p.do(chromedp.Focus(chromedp.CSS(`#learner-dialog [data-action=`+name+`]`)), chromedp.KeyEvent(kb.Enter))
	}
	open()
	p.fill(`#learner-dialog [name=firstName]`, "Augusta")
	p.press(kb.Tab + "King")
	p.do(chromedp.Focus(chromedp.CSS(`[data-action=accept]`)), chromedp.KeyEvent(kb.Enter))
	p.status("ada@example.com accepted the invitation.")
	p.wait(row("Augusta King"))

	open()
	p.fill(`#learner-dialog [name=email]`, "king@example.com")
	p.press(kb.Enter)
	p.wait(row("king@example.com"))
	act("deactivate")
	p.wait(`document.querySelector("#learner-table .badge.deactivated")`)
	act("reactivate")
	p.wait(`document.querySelector("#mail-list li").textContent.includes("reactivation")`)
	p.wait(`document.querySelector("#learner-table .badge.active")`)
	act("delete-learner")
	p.wait(`document.querySelector("#confirm-dialog").open`)
	p.press(kb.Enter) // on the first button
	p.status("Deleted king@example.com.")
	p.wait("!" + row("king@example.com"))
	p.wait(`document.activeElement.id === "learners-heading"`)
	p.expect(`document.querySelector("#request-list").children.length === 0`)
}

func TestGroup(t *testing.T) {
	t.Parallel()
	p := open(t, 390, "dark", "-learners", "8")
	p.click(`[data-action=add-group]`)
	p.fill(`#group-dialog [name=name]`, "Research & <b>Development</b>")
	p.press(kb.Enter)
	p.wait(row("Research & <b>Development</b>"))
	p.click(`#group-table tr:first-child button`)
	p.wait(`document.querySelector("#group-dialog .members .empty").textContent === "No members."`)
	p.fill(`#group-dialog .members [name=email]`, "ADA.abara@example.com")
	p.press(kb.Enter)
	p.wait(`document.querySelector("#member-list").textContent.includes("ada.abara@example.com")`)
	// In the dialog, because a screen reader can't read what is outside of it.
	p.wait(`document.querySelector("#group-dialog [role=status]").textContent.startsWith("Added ADA.abara@example.com")`)
	p.press("unknown@example.com" + kb.Enter)
	p.wait(`document.querySelector("#group-dialog .members .error").textContent.includes("no learner has")`)
	p.click(`#member-list button`)
	p.wait(`document.querySelector("#member-list").children.length === 0`)
	p.fill(`#group-dialog [name=name]`, "Research")
	p.press(kb.Enter)
	p.status("Saved the group Research.")
	p.wait(`document.querySelector("#group-table strong").textContent === "Research"`)
	p.click(`#group-table tr:first-child button`)
	p.click(`[data-action=delete-group]`)
	p.click(`#confirm-dialog [value=yes]`)
	p.status("Deleted the group Research.")
	p.wait(`document.querySelector("#group-table tbody").children.length === 3`)
}

// An update changes only what differs: the focused element, the selected text and the scroll position stay.
func TestUpdateKeepsTheReader(t *testing.T) {
	t.Parallel()
	p := open(t, 1280, "light", "-learners", "200")
	p.wait(`document.querySelector("#learner-table tbody").children.length === 25`)
	p.do(chromedp.Evaluate[chromedp.Void](`
		const rows = document.querySelectorAll("#learner-table tbody tr");
		window.focused = rows[15].querySelector("button");
		focused.focus();
		focused.scrollIntoView({ block: "center" });
		getSelection().selectAllChildren(rows[16].querySelector("strong"));
		window.selected = getSelection().toString();
		window.place = focused.getBoundingClientRect().top;`))
	for i := range 3 {
		if status := p.create(fmt.Sprintf("new%d@example.com", i)); status != 201 {
			t.Fatalf("status %d", status)
		}
		p.wait(row(fmt.Sprintf("new%d@example.com", i)))
	}
	p.expect(`document.activeElement === focused && focused.isConnected`)
	p.expect(`selected !== "" && getSelection().toString() === selected`)
	p.wait(`Math.abs(focused.getBoundingClientRect().top - place) < 2`)

	// Newest first.
	p.wait(`document.querySelector("#request-list li").textContent.includes("POST") && document.querySelector("#request-list li").textContent.includes("201")`)
	p.wait(`document.querySelector("#mail-list li").textContent.includes("new2@example.com")`)
	p.click(`#request-list summary`)
	p.create("new3@example.com")
	p.wait(row("new3@example.com"))
	p.wait(`document.querySelectorAll("#request-list details")[1].open`)
}

func TestLargeOrganization(t *testing.T) {
	t.Parallel()
	p := open(t, 390, "light", "-learners", "5000")
	p.wait(`document.querySelector("#learners .pager").innerText.includes("1–25 of 5,000")`)
	p.expect(`document.documentElement.scrollWidth <= innerWidth`)
	p.fill(`#learner-search [name=text]`, "hr-5999")
	p.wait(`document.querySelector("#learner-table tbody").children.length === 1`)
	p.status("1 found")
	p.fill(`#learner-search [name=text]`, "nobody at all")
	p.wait(`document.querySelector("#learners .empty").textContent === "No learner matches."`)
	p.fill(`#learner-search [name=text]`, "ada")
	p.click(`#learners .pager button:last-child`)
	p.wait(`document.querySelector("#learners .pager").innerText.includes("26–")`)
}

func TestSwitches(t *testing.T) {
	t.Parallel()
	p := open(t, 1280, "dark", "-learners", "3", "-pool", "Research=20")
	p.wait(`document.querySelector("#pools").textContent.includes("Pool Research: 0 of 20 licenses")`)
	p.fill(`#switch-form [name=share]`, "100")
	p.do(chromedp.SetValue(chromedp.CSS(`#switch-form [name=faultKind]`), "5xx"))
	p.click(`#switch-form [type=submit]`)
	p.status("Applied the faults and limits.")
	if status := p.create("ada@example.com"); status < 500 {
		t.Errorf("status %d with faults", status)
	}
	p.wait(`document.querySelector("#fault-counts").textContent.includes("× 1")`)
	p.fill(`#switch-form [name=share]`, "0")
	p.fill(`#switch-form [name=seats]`, "3")
	p.press(kb.Enter)
	p.wait(`document.querySelector("#seats-text").textContent.includes("of 3 seats")`)
	if status := p.create("ada@example.com"); status != 400 {
		t.Errorf("status %d without a seat", status)
	}
	p.wait(`!document.querySelector("#configuration").textContent.includes("token") && document.querySelector("#environment").textContent.includes("UDEMY_TOKEN=simulator-token")`)
	p.do(chromedp.SetValue(chromedp.CSS(`#api`), "scim"), chromedp.Evaluate[chromedp.Void](`document.querySelector("#api").dispatchEvent(new Event("change"))`))
	p.wait(`document.querySelector("#configuration").textContent.includes('"scim"')`)
	p.click(`[data-action=copy]`)
	p.wait(`announced.some((text) => /^Copied the configuration|The text is selected/.test(text))`)
	p.click(`[data-action=reset]`)
	p.click(`#confirm-dialog [value=yes]`)
	p.status("Reset the organization.")
	p.wait(`document.querySelector("#request-list").children.length === 0`)
}

// After a restart, the page shows the new organization, even if its revision has the same numbers.
func TestRestart(t *testing.T) {
	t.Parallel()
	p := open(t, 1280, "light", "-learners", "8")
	p.wait(`document.querySelector("#seats-text").textContent === "8 seats in use"`)
	p.restart("-learners", "8", "-seats", "5")
	p.wait(`document.querySelector("#seats-text").textContent === "8 of 5 seats in use, 3 too many"`)
	p.wait(`document.querySelector("#lost").hidden`)
}

// Two windows show the same, and a window doesn't undo what the other one has set.
func TestTwoWindows(t *testing.T) {
	t.Parallel()
	p := open(t, 1280, "light", "-learners", "1")
	p.fill(`#switch-form [name=seats]`, "3.0")
	p.press(kb.Enter)
	p.status("Applied the faults and limits.")
	p.do(chromedp.Evaluate[chromedp.Void](`fetch("/_page/switches", { method: "POST", headers: { "Content-Type": "application/json" },
		body: JSON.stringify({ seats: 7, share: 7 }) })`))
	p.wait(`document.querySelector("#switch-form [name=seats]").value === "7" && document.querySelector("#switch-form [name=share]").value === "7"`)
}

// The tables fit into any width, also with long words.
func TestWidths(t *testing.T) {
	t.Parallel()
	for _, width := range []int64{1480, 1280, 1181, 1180, 1000, 761, 760, 500, 390, 320} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			t.Parallel()
			p := open(t, width, "light", "-learners", "8")
			p.create("a-very-long-address-without-an-end-" + strings.Repeat("x", 60) + "@example.com")
			p.wait(row("a-very-long"))
			p.expect(`document.documentElement.scrollWidth <= innerWidth`)
			p.expect(`document.querySelector("#learner-table").offsetWidth <= document.querySelector("#learners").clientWidth`)
			p.expect(`[...document.querySelectorAll("#learner-table td:nth-child(4)")].every((cell) =>
				cell.textContent !== "Engineering" || cell.offsetHeight === 0 || (() => {
					const range = document.createRange();
					range.selectNodeContents(cell);
					return range.getClientRects().length === 1;
				})())`)
		})
	}
}

// axe-core finds nothing in any state of the page.
func TestAccessibility(t *testing.T) {
	t.Parallel()
	for _, width := range []int64{1280, 390} {
		for _, scheme := range []string{"light", "dark"} {
			for _, learners := range []string{"0", "8"} {
				what := fmt.Sprintf("%d pixels, %s, %s learners", width, scheme, learners)
				t.Run(what, func(t *testing.T) {
					t.Parallel()
					source := axe(t)
					p := open(t, width, scheme, "-learners", learners, "-seats", "10", "-pool", "Research=20")
					p.create("new@example.com")
					p.wait(row("new@example.com"))
					p.audit(source, "the page")
					p.click(manage)
					p.wait(`document.querySelector("#learner-dialog").open`)
					p.audit(source, "the dialog of a learner")
					p.press(kb.Escape)
					if learners != "0" {
						p.click(`[data-action=edit-group]`)
						p.wait(`document.querySelector("#group-dialog").open`)
						p.audit(source, "the dialog of a group")
					}
				})
			}
		}
	}
}
