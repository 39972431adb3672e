// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Command picture writes a picture of a web page, or of Markdown as GitHub shows it, as a PNG file with few colors.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/udemy-iac/terraform-provider-udemy/tools/browser"
)

func main() {
	url := flag.String("url", "", "`address` of the page")
	markdown := flag.String("markdown", "", "Markdown `file`, in place of -url")
	out := flag.String("out", "", "PNG `file` to write")
	width := flag.Int64("width", 1280, "width of the window in `pixels`")
	height := flag.Int64("height", 0, "height of the picture in `pixels`; 0 for the whole page")
	scheme := flag.String("scheme", "light", "color `scheme`, light or dark")
	flag.Parse()
	var err error
	if *markdown != "" {
		*url, err = rendered(*markdown)
	}
	if err == nil {
		err = run(*url, *out, *width, *height, *scheme)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "picture:", err)
		os.Exit(1)
	}
}

func run(url, out string, width, height int64, scheme string) error {
	path, err := browser.Find()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	tab, stop, err := browser.Start(ctx, path)
	if err != nil {
		return err
	}
	defer stop()
	if err := browser.Window(tab, width, max(height, 800), scheme); err != nil {
		return err
	}
	// The page loads its content after itself.
	if err := chromedp.Do(tab, chromedp.Navigate(url), chromedp.Sleep(time.Second)); err != nil {
		return err
	}
	take := chromedp.CaptureScreenshot()
	if height == 0 {
		take = chromedp.FullScreenshot(100)
	}
	shot, err := chromedp.Run(tab, take)
	if err != nil {
		return err
	}
	small, err := reduced(shot)
	if err != nil {
		return err
	}
	return os.WriteFile(out, small, 0o644)
}

// reduced encodes a picture with up to 256 colors: the most frequent ones that differ enough. The edges of letters have thousands.
func reduced(shot []byte) ([]byte, error) {
	full, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		return nil, err
	}
	counts := map[color.RGBA]int{}
	for y := full.Bounds().Min.Y; y < full.Bounds().Max.Y; y++ {
		for x := full.Bounds().Min.X; x < full.Bounds().Max.X; x++ {
			r, g, b, _ := full.At(x, y).RGBA()
			counts[color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 255}]++
		}
	}
	colors := slices.SortedFunc(maps.Keys(counts), func(a, b color.RGBA) int { return counts[b] - counts[a] })
	var chosen []color.RGBA
	for distance := 4; chosen == nil || len(chosen) > 256; distance *= 2 {
		chosen = nil
		for _, c := range colors {
			if len(chosen) <= 256 && !slices.ContainsFunc(chosen, func(p color.RGBA) bool { return near(p, c, distance) }) {
				chosen = append(chosen, c)
			}
		}
	}
	var palette color.Palette
	for _, c := range chosen {
		palette = append(palette, c)
	}
	few := image.NewPaletted(full.Bounds(), palette)
	draw.Draw(few, full.Bounds(), full, full.Bounds().Min, draw.Src)
	var encoded bytes.Buffer
	err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&encoded, few)
	return encoded.Bytes(), err
}

// near reports whether the sum of the differences of two colors is at most a distance.
func near(a, b color.RGBA, distance int) bool {
	difference := func(a, b uint8) int { return max(int(a)-int(b), int(b)-int(a)) }
	return difference(a.R, b.R)+difference(a.G, b.G)+difference(a.B, b.B) <= distance
}
