// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package browser_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/udemy-iac/terraform-provider-udemy/tools/browser"
)

// simulator is the program that `make simulator` builds.
const simulator = "../../bin/udemy-simulator"

// chromium is the browser of all tests, or the reason why there is none.
var chromium started

type started struct {
	tab     context.Context
	missing error
}

func TestMain(m *testing.M) {
	path, err := browser.Find()
	if err != nil {
		chromium = started{missing: err}
		os.Exit(m.Run())
	}
	tab, stop, err := browser.Start(context.Background(), path)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	chromium = started{tab: tab}
	code := m.Run()
	stop()
	os.Exit(code)
}

// tab is a page of a simulator, in a tab of its own.
type tab struct {
	context.Context
	t          *testing.T
	url        string
	stop       context.CancelFunc // of the simulator
	restarting atomic.Bool        // the page may log that the simulator does not respond
}

// The limits are for a busy machine. A test waits only as long as it must.
const (
	waitLimit = time.Minute
	testLimit = 4 * time.Minute
)

// open starts a simulator and opens its page. The test fails if the page logs anything, such as an error or a violated policy,
// except refusals of the organization (422), which the browser logs by itself.
func open(t *testing.T, width int64, scheme string, arguments ...string) *tab {
	t.Helper()
	if chromium.missing != nil {
		t.Skip(chromium.missing)
	}
	// The context of a test ends before its clean-up, and the page would log that the simulator is gone.
	simulating, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	url, err := browser.Simulate(simulating, simulatorPath(t), arguments...)
	if err != nil {
		stop()
		t.Fatalf("%v; make browser-test builds the simulator", err)
	}
	ctx, closeTab := chromedp.NewContext(chromium.tab)
	ctx, cancel := context.WithTimeout(ctx, testLimit)
	p := &tab{Context: ctx, t: t, url: url, stop: stop}
	var logged sync.WaitGroup
	t.Cleanup(func() {
		closeTab()
		cancel()
		p.stop()
		logged.Wait()
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	messages := chromedp.Console(ctx)
	logged.Go(func() {
		for message, err := range messages {
			if err != nil {
				return
			}
			if strings.Contains(message.Text, "status of 422") || p.restarting.Load() && strings.Contains(message.Text, "net::ERR_") {
				continue
			}
			t.Errorf("the page logged: %s", message)
		}
	})
	if err := browser.Window(ctx, width, 800, scheme); err != nil {
		t.Fatal(err)
	}
	p.do(chromedp.Navigate(url), chromedp.Evaluate[chromedp.Void](`
		window.announced = []; // An announcement disappears after some seconds.
		for (const place of document.querySelectorAll("[role=status]")) {
			new MutationObserver(() => announced.push(place.textContent)).observe(place, { childList: true, characterData: true, subtree: true });
		}`))
	p.wait(`document.querySelector("#seats-text").textContent !== "" && document.querySelector("#learners .pager span").parentElement`)
	return p
}

func simulatorPath(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs(simulator)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// restart starts another simulator at the same address.
func (p *tab) restart(arguments ...string) {
	p.t.Helper()
	p.restarting.Store(true)
	p.stop()
	p.wait(`!document.querySelector("#lost").hidden`)
	simulating, stop := context.WithCancel(context.WithoutCancel(p.t.Context()))
	p.stop = stop
	address := strings.TrimSuffix(strings.TrimPrefix(p.url, "http://"), "/")
	if _, err := browser.Simulate(simulating, simulatorPath(p.t), append([]string{"-listen", address}, arguments...)...); err != nil {
		p.t.Fatal(err)
	}
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p, steps...); err != nil {
		p.t.Fatal(err)
	}
}

// is evaluates a condition in the page.
func (p *tab) is(condition string) bool {
	p.t.Helper()
	holds, err := chromedp.Run(p, chromedp.Evaluate[bool]("!!("+condition+")"))
	if err != nil {
		p.t.Fatalf("%s: %v", condition, err)
	}
	return holds
}

// expect fails the test unless a condition holds.
func (p *tab) expect(condition string) {
	p.t.Helper()
	if !p.is(condition) {
		p.t.Errorf("not true: %s", condition)
	}
}

// wait waits until a condition holds.
func (p *tab) wait(condition string) {
	p.t.Helper()
	for start := time.Now(); !p.is(condition); time.Sleep(20 * time.Millisecond) {
		if time.Since(start) > waitLimit {
			text, _ := chromedp.Run(p, chromedp.Evaluate[string](`document.body.innerText`))
			p.t.Fatalf("still not true: %s\n%s", condition, text)
		}
	}
}

// status waits for an announcement.
func (p *tab) status(text string) {
	p.t.Helper()
	p.wait(fmt.Sprintf(`announced.includes(%q)`, text))
}

// click clicks on the element of a selector when it is visible. It does not use the mouse: an update could move the element away.
func (p *tab) click(selector string) {
	p.t.Helper()
	p.wait(fmt.Sprintf(`document.querySelector(%q)?.checkVisibility()`, selector))
	p.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`document.querySelector(%q).focus(); document.querySelector(%[1]q).click()`, selector)))
}

// fill replaces the text of a field by typing.
func (p *tab) fill(selector, text string) {
	p.t.Helper()
	p.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`document.querySelector(%[1]q).focus(); document.querySelector(%[1]q).select()`, selector)),
		chromedp.KeyEvent(text))
}

// press presses keys in the focused element.
func (p *tab) press(keys string) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(keys))
}

// row returns the expression for the row of the learner or group with a text.
func row(text string) string {
	return fmt.Sprintf(`[...document.querySelectorAll("tbody tr")].find((row) => row.textContent.includes(%q))`, text)
}

// create creates a learner over the user-management API, like the provider.
func (p *tab) create(email string) int {
	p.t.Helper()
	body, err := json.Marshal(map[string]string{"email": email, "firstname": "Ada", "lastname": "Lovelace"})
	if err != nil {
		p.t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(p, http.MethodPost,
		p.url+"api-2.0/organizations/5d1a2c3e-9b47-4f60-8a1d-7c2e4b9f0a11/users/", bytes.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.SetBasicAuth("simulator-token", "")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		p.t.Fatal(err)
	}
	defer response.Body.Close()
	return response.StatusCode
}

// axe returns the source of axe-core.
func axe(t *testing.T) string {
	t.Helper()
	path := os.Getenv("AXE")
	if path == "" {
		t.Skip("AXE does not name axe.min.js; make browser-test fetches it with npm")
	}
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}

// audit runs axe on what the page shows.
func (p *tab) audit(source, what string) {
	p.t.Helper()
	p.do(chromedp.Evaluate[chromedp.Void](source))
	findings, err := chromedp.Run(p, chromedp.Evaluate[[]string](`axe.run().then(({ violations }) => violations.flatMap(
		({ id, help, nodes }) => nodes.map(({ target, failureSummary }) => id + ": " + help + ": " + target.join(" ") + ": " + failureSummary)))`,
		chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatal(err)
	}
	if len(findings) > 0 {
		p.t.Errorf("%s: axe found\n%s", what, strings.Join(findings, "\n"))
	}
}
