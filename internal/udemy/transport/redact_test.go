// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package transport_test

import (
	"bytes"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// each writes every byte of a text in a format.
func each(format, separator, text string) string {
	var parts []string
	for _, b := range []byte(text) {
		parts = append(parts, fmt.Sprintf(format, b))
	}
	return strings.Join(parts, separator)
}

// amid puts something after every n characters of a text.
func amid(between string, n int, text string) string {
	var parts []string
	for part := range slices.Chunk([]byte(text), n) {
		parts = append(parts, string(part))
	}
	return strings.Join(parts, between)
}

func inUTF16(order int) string {
	var b strings.Builder
	for _, c := range []byte(token) {
		b.Write([][]byte{{c, 0}, {0, c}}[order])
	}
	return b.String()
}

func shift(text string, shifted func(rune) rune) string { return strings.Map(shifted, text) }

// echoes are forms in which a server may return the token. Each is shown in a message, unless it is recognized.
func echoes() map[string]string {
	std, web := base64.StdEncoding, base64.URLEncoding
	inHex := hex.EncodeToString([]byte(token))
	all := map[string]string{
		"plain":      token,
		"upper case": strings.ToUpper(token),
		"mixed case": shift(token, func(r rune) rune {
			if r%2 == 0 {
				return unicode.ToUpper(r)
			}
			return r
		}),
		"basic header":       "Basic " + std.EncodeToString([]byte(token+":")),
		"bearer header":      "Bearer " + token,
		"in a curl command":  "curl https://example.com -u '" + token + ":'",
		"in user info":       "https://" + url.QueryEscape(token) + "@example.com/",
		"in a query":         "https://example.com/?access_token=" + url.QueryEscape(token),
		"in a query, decode": "https://example.com/?access_token=ab&x=" + strings.ToLower(url.QueryEscape(token)),

		"percent":                 url.QueryEscape(token),
		"percent, path":           url.PathEscape(token),
		"percent, lower case":     strings.ToLower(url.QueryEscape(token)),
		"percent, all characters": each("%%%02X", "", token),
		"percent, all, lower":     each("%%%02x", "", token),
		"percent, twice":          url.QueryEscape(url.QueryEscape(token)),
		"percent, three times":    url.QueryEscape(url.QueryEscape(url.QueryEscape(token))),
		"percent, Microsoft":      each("%%u%04x", "", token),
		"percent in JSON":         strings.ReplaceAll(each("%%%02x", "", token), "%", `\u0025`),
		"percent of invisible":    amid("%E2%80%8B", 3, token),
		"quoted-printable":        each("=%02X", "", token),
		"quoted-printable, lower": each("=%02x", "", token),
		"quoted-printable, soft":  amid("=\r\n", 4, token),

		"JSON escapes":             each(`\u%04x`, "", token),
		"JSON escapes, upper case": each(`\u%04X`, "", token),
		"JSON escapes, partly":     token[:5] + each(`\u%04x`, "", token[5:]),
		"JSON escapes, twice":      each(`\\u%04x`, "", token),
		"JSON slash":               strings.ReplaceAll(token, "/", `\/`),
		"JSON slash, twice":        strings.ReplaceAll(token, "/", `\\/`),
		"JSON invisible":           amid(`\u200b`, 2, token),
		"JSON NUL":                 amid(`\u0000`, 1, token),
		"JSON newline":             amid(`\n`, 6, token),
		"characters in an array":   each(`"%c"`, ",", token),
		"parts in an array":        amid(`","`, 5, token),
		"escapes of C":             each(`\x%02x`, "", token),
		"escapes of C, octal":      each(`\%03o`, "", token),
		"escapes of JavaScript":    each(`\u{%x}`, "", token),
		"Unicode chart":            each("U+%04X", " ", token),

		"entities":                  html.EscapeString("<" + token + ">"),
		"entities, decimal":         each("&#%d;", "", token),
		"entities, hexadecimal":     each("&#x%x;", "", token),
		"entities, upper case":      each("&#X%X;", "", token),
		"entities, zeros":           each("&#%07d;", "", token),
		"entities, no semicolon":    each("&#%d", " ", token),
		"entities, escaped":         each("&amp;#%d;", "", token),
		"entities, named":           strings.NewReplacer("/", "&sol;", "+", "&plus;", "?", "&quest;").Replace(token),
		"entities, invisible":       amid("&shy;", 3, token),
		"entities, zero width":      amid("&ZeroWidthSpace;", 3, token),
		"entities, ampersand in it": strings.ReplaceAll(each("&#x%02x;", "", token), "&", "&amp;amp;"),

		"hexadecimal":             inHex,
		"hexadecimal, upper case": strings.ToUpper(inHex),
		"hexadecimal, mixed case": strings.ToUpper(inHex[:9]) + inHex[9:],
		"hexadecimal, longer":     hex.EncodeToString([]byte("Bearer " + token + "\r\n")),
		"hexadecimal, UTF-16":     hex.EncodeToString([]byte(inUTF16(0))),
		"decimal bytes":           "[" + each("%d", " ", token) + "]",
		"decimal bytes, JSON":     "[" + each("%d", ",", token) + "]",
		"octal bytes":             each("%03o", " ", token),
		"binary bytes":            each("%08b", " ", token),
		"hexadecimal, 0x":         each("0x%02x", ", ", token),
		"hexadecimal, C":          "{" + each("0x%02X", ",", token) + "}",

		"base64 of base64":        std.EncodeToString([]byte("Basic " + std.EncodeToString([]byte(token+":")))),
		"base64 in percent":       url.QueryEscape(std.EncodeToString([]byte(token))),
		"base64 in JSON":          strings.ReplaceAll(std.EncodeToString([]byte(token)), "/", `\/`),
		"base64 in JSON, wrapped": amid(`\r\n`, 8, std.EncodeToString([]byte(token))),
		"base64, UTF-16 LE":       std.EncodeToString([]byte(inUTF16(0))),
		"base64, UTF-16 BE":       std.EncodeToString([]byte(inUTF16(1))),
		"base32":                  base32.StdEncoding.EncodeToString([]byte(token)),
		"base32hex":               base32.HexEncoding.EncodeToString([]byte("x" + token)),

		"UTF-16 LE":          inUTF16(0),
		"UTF-16 BE":          inUTF16(1),
		"UTF-16 LE with BOM": "\xff\xfe" + inUTF16(0),
		"UTF-16 BE with BOM": "\xfe\xff" + inUTF16(1),
		"UTF-32":             amid("\x00\x00\x00", 1, token),

		"full-width letters": shift(token, func(r rune) rune { return r - '!' + '！' }),
		"mathematical letters": shift(token, func(r rune) rune {
			if r >= 'a' && r <= 'z' {
				return r - 'a' + '𝐚'
			}
			return r
		}),
		"accents":         amid("\u0301", 1, token),
		"long strokes":    amid("\u0336", 1, token),
		"tags":            amid("<b></b>", 4, token),
		"tags, one each":  "<i>" + amid("</i><i>", 1, token) + "</i>",
		"tags, escaped":   amid("&lt;wbr&gt;", 4, token),
		"terminal colors": amid("\x1b[31m", 4, token),
		"terminal, JSON":  amid(`\u001b[1;31m`, 4, token),
		"terminal title":  amid("\x1b]0;a title\a", 5, token),
		"terminal link":   amid("\x1b]8;;https://example.com\x1b\\", 5, token),
		"terminal text":   amid("\x1b(B", 3, token),
		"CDATA":           "<![CDATA[" + amid("]]><![CDATA[", 9, token) + "]]>",
		"reversed":        amid("", 1, reverse(token)),
	}
	for name, between := range map[string]string{
		"zero width space": "\u200b", "zero width joiner": "\u200d", "zero width non-joiner": "\u200c", "word joiner": "\u2060", "BOM": "\ufeff",
		"soft hyphen": "\u00ad", "NUL": "\x00", "ESC": "\x1b", "BEL": "\a", "backspace": "\b", "DEL": "\x7f", "C1 control": "\u0085",
		"right-to-left override": "\u202e", "isolate": "\u2066", "variation selector": "\ufe0f", "tag character": "\U000e0061",
		"invalid UTF-8": "\xff", "space": " ", "no-break space": "\u00a0", "line break": "\n", "CR LF": "\r\n", "tab": "\t", "line separator": "\u2028",
		"hyphen": "-", "dot": ".", "combining joiner": "\u034f", "Hangul filler": "\u3164",
	} {
		all["between: "+name] = amid(between, 1, token)
		all["once: "+name] = token[:4] + between + token[4:]
	}
	for offset := range 3 {
		prefix := strings.Repeat("x", offset)
		for _, suffix := range []string{"", ":", " and more"} {
			plain := []byte(prefix + token + suffix)
			name := fmt.Sprintf("base64, offset %d, suffix %q", offset, suffix)
			all[name] = std.EncodeToString(plain)
			all[name+", for URLs"] = web.EncodeToString(plain)
			all[name+", no padding"] = base64.RawStdEncoding.EncodeToString(plain)
			all[name+", wrapped"] = amid("\r\n", 7, std.EncodeToString(plain))
			all[name+", upper case"] = strings.ToUpper(std.EncodeToString(plain))
		}
	}
	for name, separator := range map[string]string{"colons": ":", "spaces": " ", "hyphens": "-", "commas": ", ", "lines": "\n"} {
		all["hexadecimal, "+name] = amid(separator, 2, inHex)
		all["hexadecimal of a header, "+name] = strings.ToUpper(amid(separator, 2, hex.EncodeToString([]byte("Authorization: Bearer "+token))))
	}
	return all
}

func reverse(text string) string {
	reversed := []byte(text)
	slices.Reverse(reversed)
	return string(reversed)
}

// TestEchoes sends each form as a refusal in JSON, as a refusal in plain text, and in a header. Neither the response nor the log at any
// level has more than five characters of it. A success with it is an error.
func TestEchoes(t *testing.T) {
	t.Parallel()
	all := echoes()
	if len(all) < 113 {
		t.Errorf("%d forms, want at least 113", len(all))
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			echo := all[name]
			quoted, err := json.Marshal(strings.ToValidUTF8(echo, ""))
			if err != nil {
				t.Fatal(err)
			}
			if json.Valid([]byte(`"` + echo + `"`)) { // The form consists of escapes.
				quoted = []byte(`"` + echo + `"`)
			}
			for where, body := range map[string]string{
				"JSON": `{"detail": "You sent:", "value": ` + string(quoted) + `}`,
				"text": "You sent " + echo + " to us.",
			} {
				for _, code := range []int{400, 200} {
					var log bytes.Buffer
					ctx := tflogtest.RootLogger(t.Context(), &log)
					response, err := transport.New(config(t, serve(t, func(w http.ResponseWriter, _ *http.Request) {
						w.Header().Set("X-Request-Id", "id "+strings.Map(func(r rune) rune {
							if unicode.IsControl(r) { // net/http refuses the header.
								return '_'
							}
							return r
						}, titles.ReplaceAllString(echo, "")))
						answer(code, body)(w, nil)
					}))).Do(ctx, get)
					shown := log.String()
					switch {
					case err == nil:
						shown += " " + string(response.Body) + " " + response.Text()
						if code == 200 {
							t.Errorf("%s: the success is not refused", where)
						}
					case !errors.Is(err, udemy.ErrUnavailable) || code == 400:
						t.Errorf("%s: error = %v", where, err)
					default:
						shown += " " + err.Error()
					}
					if !strings.Contains(shown, "[redacted") && (code == 400 || where == "JSON") {
						t.Errorf("%s, %d: nothing was redacted:\n%s", where, code, shown)
					}
					for _, part := range parts(echo) {
						if strings.Contains(shown, part) {
							t.Errorf("%s, %d: %q is shown:\n%s", where, code, part, shown)
							break
						}
					}
				}
			}
		})
	}
}

// titles matches terminal sequences with a text. Without their control characters, they are text.
var titles = regexp.MustCompile(`\x1b\][^\a\x1b]*(\a|\x1b\\)`)

// parts returns six characters of an echo, as it is and as a log quotes it.
func parts(echo string) []string {
	visible := transport.Shorten(echo)
	if len(visible) < 12 {
		return nil
	}
	at := len(visible) * 2 / 3 // Some forms begin with a URL.
	middle := visible[at-3 : at+3]
	quoted, _ := json.Marshal(middle)
	return []string{middle, strings.Trim(string(quoted), `"`)}
}

// A short token is not a word of its own in other words.
func TestShortTokens(t *testing.T) {
	t.Parallel()
	for _, short := range []string{"a", "an", "no", "401", "admin", "learner"} {
		t.Run(short, func(t *testing.T) {
			t.Parallel()
			cfg := config(t, serve(t, answer(400, "4012 cannot change adminlearners at all, only "+short+" "+short+"!")))
			cfg.Credential = transport.BasicToken(short)
			response, err := transport.New(cfg).Do(t.Context(), get)
			if err != nil {
				t.Fatal(err)
			}
			if want := "4012 cannot change adminlearners at all, only [redacted] [redacted]!"; string(response.Body) != want {
				t.Errorf("body = %s, want %s", response.Body, want)
			}
			cfg = config(t, serve(t, answer(200, fmt.Sprintf("%q", short))))
			cfg.Credential = transport.BearerToken(short)
			if _, err := transport.New(cfg).Do(t.Context(), get); err != nil {
				t.Errorf("a success with %q is refused: %v", short, err)
			}
		})
	}
}

// A message without the invisible characters of a response does not show a short token.
func TestShortTokens_invisibleCharacters(t *testing.T) {
	t.Parallel()
	for _, short := range []string{"a1b2c", "a1b2-c3d4"} {
		for _, between := range []string{"\x00", "\x1b", "\u00ad", "\u200b", "\u202e"} {
			cfg := config(t, serve(t, answer(400, "refused: "+amid(between, 1, short)+" is wrong")))
			cfg.Credential = transport.BearerToken(short)
			response, err := transport.New(cfg).Do(t.Context(), get)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(response.Text(), short) {
				t.Errorf("with %q: %s", between, response.Text())
			}
		}
	}
}

// Text without the token stays as it is.
func TestNothingToRedact(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"The e-mail address is taken.",
		"secret token, s3cr3t t0ken, s3cr3t/t0ken",
		`{"detail": "100% of <b>R\u0026D</b> &amp; more: a=b, U+0041, 0xff, C:\\temp"}`,
		base64.StdEncoding.EncodeToString([]byte(strings.Repeat("another text ", 20))),
		strings.Repeat("0123456789abcdef", 50),
	} {
		response, err := transport.New(config(t, serve(t, answer(400, text)))).Do(t.Context(), get)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(response.Body), "redacted") {
			t.Errorf("%s became %s", text, response.Body)
		}
	}
}

// The body of a refusal is cut, and no part of the token is left at the cut.
func TestLongRefusals(t *testing.T) {
	t.Parallel()
	for _, length := range []int{1 << 10, 64<<10 - 8, 64<<10 - 200, 128<<10 - 5, 5 << 20} {
		body := strings.Repeat(" ", length) + token + strings.Repeat(" ", length)
		response, err := transport.New(config(t, serve(t, answer(400, body)))).Do(t.Context(), get)
		if err != nil {
			t.Fatal(err)
		}
		if text := response.Text(); strings.Contains(text, token[:4]) || len(response.Body) > 64<<10 {
			t.Errorf("%d bytes in front of the token: %d bytes, %s", length, len(response.Body), text)
		}
	}
}

func BenchmarkEchoedInSuccess(b *testing.B) {
	var page strings.Builder
	for i := range 100 {
		fmt.Fprintf(&page, `{"id":"%d","email":"learner%d@example.com","firstname":"Zo\u00eb","lastname":"O'Neill-Šarić","groups":["a=b","c%%d"]},`, i, i)
	}
	body := `{"results":[` + strings.TrimSuffix(page.String(), ",") + `]}`
	handler := answer(200, body)
	server := httptest.NewServer(handler)
	defer server.Close()
	base, _ := transport.ParseBaseURL(server.URL)
	client := transport.New(transport.Config{BaseURL: base, Credential: transport.BearerToken(token)})
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if _, err := client.Do(b.Context(), get); err != nil {
			b.Fatal(err)
		}
	}
}
