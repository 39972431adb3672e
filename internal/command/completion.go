// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package command

import (
	"context"
	"errors"
	"flag"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/udemy-iac/terraform-provider-udemy/internal/command/usage"
)

const completionHelp = `Usage: terraform-provider-udemy completion bash|zsh|fish

Prints a script that completes subcommands, flags and their values in a shell. The binary must be on PATH under the name
terraform-provider-udemy. To load the script in each new shell:

  bash  with the package bash-completion, add to ~/.bashrc:
        source <(terraform-provider-udemy completion bash)
  zsh   add to ~/.zshrc, after compinit:
        source <(terraform-provider-udemy completion zsh)
  fish  run once:
        terraform-provider-udemy completion fish > ~/.config/fish/completions/terraform-provider-udemy.fish
`

func completionSubcommand(root *cobra.Command) subcommand {
	scripts := map[string]func(io.Writer) error{
		"bash": func(w io.Writer) error { return root.GenBashCompletionV2(w, true) },
		"zsh":  root.GenZshCompletion,
		"fish": func(w io.Writer) error { return root.GenFishCompletion(w, true) },
	}
	description := usage.New("completion", "print a script that completes commands in a shell", completionHelp)
	description.Words = []string{"bash", "zsh", "fish"}
	return subcommand{description, func(_ context.Context, args []string, p Process) error {
		if err := description.Parse(args); err != nil {
			return err
		}
		script, ok := scripts[description.Flags.Arg(0)]
		if !ok {
			return &usage.Error{Err: errors.New("no shell; use bash, zsh or fish")}
		}
		return script(p.Stdout)
	}}
}

// complete returns what a word after the given arguments of a subcommand can be.
func complete(c *usage.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if last := len(args) - 1; last >= 0 && strings.HasPrefix(args[last], "-") {
		if f := c.Flags.Lookup(strings.TrimLeft(args[last], "-")); f != nil && takesValue(f) {
			return completeValue(f)
		}
	}
	switch {
	case strings.HasPrefix(word, "-"):
	case c.Files:
		return nil, cobra.ShellCompDirectiveDefault
	case c.Words != nil:
		return c.Words, cobra.ShellCompDirectiveNoFileComp
	}
	var flags []cobra.Completion
	c.Flags.VisitAll(func(f *flag.Flag) {
		_, text := flag.UnquoteUsage(f)
		first, _, _ := strings.Cut(text, "\n")
		flags = append(flags, cobra.CompletionWithDesc("-"+f.Name, first))
	})
	return flags, cobra.ShellCompDirectiveNoFileComp
}

func completeValue(f *flag.Flag) ([]cobra.Completion, cobra.ShellCompDirective) {
	switch value, _ := flag.UnquoteUsage(f); {
	case usage.Values(f) != nil:
		return usage.Values(f), cobra.ShellCompDirectiveNoFileComp
	case value == "DIR":
		return nil, cobra.ShellCompDirectiveFilterDirs
	case value == "FILE":
		return nil, cobra.ShellCompDirectiveDefault
	default:
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
}

func takesValue(f *flag.Flag) bool {
	b, ok := f.Value.(interface{ IsBoolFlag() bool })
	return !ok || !b.IsBoolFlag()
}
