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
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// secret is a token that looks different in every encoding.
const secret = "t0ken/with+signs?&=%x"

// spellings are the token, and what the two APIs send of it, in every way in which it could come back.
func spellings() map[string]string {
	all := map[string]string{}
	for name, plain := range map[string]string{"token": secret, "token and colon": secret + ":"} {
		all[name] = plain
		all[name+", base64"] = base64.StdEncoding.EncodeToString([]byte(plain))
		all[name+", base64 without padding"] = base64.RawStdEncoding.EncodeToString([]byte(plain))
		all[name+", base64 for URLs"] = base64.URLEncoding.EncodeToString([]byte(plain))
		all[name+", hexadecimal"] = hex.EncodeToString([]byte(plain))
		all[name+", as a query"] = url.QueryEscape(plain)
		all[name+", in a path"] = url.PathEscape(plain)
		numbers := ""
		for _, r := range plain {
			numbers += fmt.Sprintf(`\u%04x`, r)
		}
		all[name+", by numbers"] = numbers
	}
	return all
}

// echo refuses every change of a group called "Refused", and shows all that it knows of the token: in JSON, in plain text, and in
// headers, of refusals as well as of successes.
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
	said := []string{r.Header.Get("Authorization")}
	for _, spelling := range spellings() {
		said = append(said, spelling)
	}
	slices.Sort(said)
	_, _ = fmt.Fprintf(w, refusal, strings.Join(said, " "))
	return true
}

// No log, no plan, no state and no word of Terraform's holds the token, whatever Udemy says.
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
			said, err := command.CombinedOutput()
			return string(said), err != nil
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
		if !failed || strings.Count(refused, "[redacted]") < 10 {
			t.Errorf("the token was not refused and shown:\n%s", refused)
		}

		expectNoToken(t, "the output", []byte(planned+applied+refused))
		expectNoTokenIn(t, dir)
	})
}

// expectNoTokenIn looks into all files of a folder; a plan is an archive.
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
		t.Errorf("only %d files were there: a log, a plan and a state are missing", seen)
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
		expectNoToken(t, "the plan's "+file.Name, content)
	}
}

func expectNoToken(t *testing.T, where string, content []byte) {
	t.Helper()
	text := strings.ToLower(string(content))
	for name, spelling := range spellings() {
		// A log is JSON itself, so an escape in it is escaped once more.
		for _, form := range []string{spelling, strings.ReplaceAll(spelling, `\`, `\\`)} {
			if at := strings.Index(text, strings.ToLower(form)); at >= 0 {
				t.Errorf("%s holds the %s: …%s…", where, name, text[max(0, at-200):min(len(text), at+100)])
				break
			}
		}
	}
}
