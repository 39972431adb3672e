// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance_test

import (
	"archive/zip"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// secret is a token that differs in every encoding.
const secret = "t0ken/with+signs?&=%x"

// spellings returns the token and the credentials of the user-management API and the activity report in every encoding that a server may return.
func spellings() map[string]string {
	all := map[string]string{}
	for name, plain := range map[string]string{"token": secret, "token and colon": secret + ":", "client and secret": simulator.DefaultClientID + ":" + secret} {
		all[name] = plain
		all[name+", base64"] = base64.StdEncoding.EncodeToString([]byte(plain))
		all[name+", base64 without padding"] = base64.RawStdEncoding.EncodeToString([]byte(plain))
		all[name+", base64 for URLs"] = base64.URLEncoding.EncodeToString([]byte(plain))
		all[name+", hexadecimal"] = hex.EncodeToString([]byte(plain))
		all[name+", as a query"] = url.QueryEscape(plain)
		all[name+", in a path"] = url.PathEscape(plain)
		escapes := ""
		for _, r := range plain {
			escapes += fmt.Sprintf(`\u%04x`, r)
		}
		all[name+", as Unicode escapes"] = escapes
	}
	return all
}

// echo rejects requests for the groups "Refused in JSON" and "Refused in text" with the token in the body, and redirects
// those for the group "Redirected" to a URL with the token. Every response has the token in its headers.
func echo(w http.ResponseWriter, r *http.Request) bool {
	for name, spelling := range spellings() {
		w.Header().Add("X-Echo", name+" "+spelling)
	}
	w.Header().Set("X-Request-Id", secret)
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err)
	}
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	refusal := ""
	switch {
	case strings.Contains(string(body), "Refused in JSON"):
		w.Header().Set("Content-Type", "application/json")
		refusal = `{"detail": "%s"}`
	case strings.Contains(string(body), "Refused in text"):
		refusal = "%s"
	case strings.Contains(string(body), "Redirected"):
		w.Header().Set("Location", "https://example.com/"+url.PathEscape(secret)+"?token="+url.QueryEscape(secret))
		w.WriteHeader(http.StatusPermanentRedirect)
		return true
	default:
		return false
	}
	w.WriteHeader(http.StatusBadRequest)
	echoed := []string{r.Header.Get("Authorization")}
	for _, spelling := range spellings() {
		echoed = append(echoed, spelling)
	}
	slices.Sort(echoed)
	_, _ = fmt.Fprintf(w, refusal, strings.Join(echoed, " "))
	return true
}

// No log, plan, state or output contains the token, even if Udemy returns it.
func TestAccTokenIsNowhere(t *testing.T) {
	t.Parallel()
	installed := acceptance.NewCLI(t)
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{Token: secret, Intercept: echo})
		cli, dir := installed.For(org), t.TempDir()
		cli.Env = append(cli.Env, "UDEMY_TOKEN="+secret, "TF_LOG=TRACE", "TF_LOG_PATH="+filepath.Join(dir, "trace.log"))
		write := func(names ...string) {
			config := "terraform {\n  required_providers {\n    udemy = { source = \"udemy-iac/udemy\" }\n  }\n}\n" +
				"resource \"udemy_user\" \"ada\" {\n  email = \"ada@example.com\"\n  first_name = \"Ada\"\n  last_name = \"Lovelace\"\n}\n"
			for i, name := range names {
				config += fmt.Sprintf("resource \"udemy_group\" \"g%d\" {\n  name = %q\n}\n", i, name)
			}
			if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(config), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		run := func(arguments ...string) (output string, failed bool) {
			command := exec.CommandContext(t.Context(), cli.Program, arguments...)
			command.Dir, command.Env = dir, cli.Env
			combined, err := command.CombinedOutput()
			return string(combined), err != nil
		}

		write("Accepted")
		cli.Init(t, dir)
		planned, failed := run("plan", "-no-color", "-out=plan.bin")
		if failed {
			t.Fatal(planned)
		}
		applied, failed := run("apply", "-no-color", "plan.bin")
		if failed {
			t.Fatal(applied)
		}
		write("Accepted", "Refused in JSON", "Refused in text", "Redirected")
		refused, failed := run("apply", "-no-color", "-auto-approve")
		// Both refusals contain the token in unusual forms as well, so they are withheld as a whole.
		if !failed || strings.Count(refused, "[redacted") < 3 {
			t.Errorf("the apply succeeded or its output has fewer than 3 redacted texts:\n%s", refused)
		}

		expectNoToken(t, "the output", []byte(planned+applied+refused))
		expectNoTokenIn(t, dir)
	})
}

// No log, plan, state or output contains the client secret of the activity report, even if Udemy returns it.
func TestAccClientSecretIsNowhere(t *testing.T) {
	t.Parallel()
	var refuses atomic.Bool
	org := acceptance.Start(t, acceptance.SCIM, simulator.Config{ClientSecret: secret, Intercept: func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/user-activity/") {
			return false
		}
		var echoed []string
		for name, spelling := range spellings() {
			w.Header().Add("X-Echo", name+" "+spelling)
			echoed = append(echoed, spelling)
		}
		if !refuses.Load() {
			return false
		}
		w.WriteHeader(http.StatusForbidden)
		_, _ = fmt.Fprintf(w, "%s %s", r.Header.Get("Authorization"), strings.Join(echoed, " "))
		return true
	}})
	org.Add(simulator.Learner{Email: "ada@example.com", Activity: &simulator.Activity{LastVisit: "2025-01-01"}})
	cli, dir := acceptance.NewCLI(t).For(org), t.TempDir()
	cli.Env = append(cli.Env, "UDEMY_CLIENT_SECRET="+secret, "TF_LOG=TRACE", "TF_LOG_PATH="+filepath.Join(dir, "trace.log"))
	config := "terraform {\n  required_providers {\n    udemy = { source = \"udemy-iac/udemy\" }\n  }\n}\n" +
		"data \"udemy_activity\" \"all\" {\n  idle_days = 90\n}\noutput \"idle\" {\n  value = data.udemy_activity.all.idle\n}\n"
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	cli.Init(t, dir)
	output := cli.Run(t, dir, "plan", "-no-color", "-out=plan.bin") + cli.Run(t, dir, "apply", "-no-color", "plan.bin")
	if !strings.Contains(output, "ada@example.com") {
		t.Errorf("the report was not read:\n%s", output)
	}
	refuses.Store(true)
	refused := exec.CommandContext(t.Context(), cli.Program, "plan", "-no-color")
	refused.Dir, refused.Env = dir, cli.Env
	combined, err := refused.CombinedOutput()
	if err == nil || strings.Count(string(combined), "[redacted]") < 10 {
		t.Errorf("the plan succeeded or its output has fewer than 10 redacted secrets:\n%s", combined)
	}
	expectNoToken(t, "the output", append([]byte(output), combined...))
	expectNoTokenIn(t, dir)
}

// expectNoTokenIn reads all files of a folder, and the files in the plan, which is an archive.
func expectNoTokenIn(t *testing.T, dir string) {
	t.Helper()
	seen := 0
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		seen++
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		expectNoToken(t, entry.Name(), content)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 4 {
		t.Errorf("found %d files, want at least a configuration, a log, a plan and a state", seen)
	}
	plan, err := zip.OpenReader(filepath.Join(dir, "plan.bin"))
	if err != nil {
		t.Fatal(err)
	}
	defer plan.Close()
	for _, file := range plan.File {
		reader, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(reader)
		if err != nil {
			t.Fatal(err)
		}
		expectNoToken(t, file.Name+" in the plan", content)
	}
}

func expectNoToken(t *testing.T, where string, content []byte) {
	t.Helper()
	text := strings.ToLower(string(content))
	for name, spelling := range spellings() {
		// A log is JSON, so it escapes backslashes again.
		for _, form := range []string{spelling, strings.ReplaceAll(spelling, `\`, `\\`)} {
			if at := strings.Index(text, strings.ToLower(form)); at >= 0 {
				t.Errorf("%s contains the %s: …%s…", where, name, text[max(0, at-200):min(len(text), at+100)])
				break
			}
		}
	}
}
