package app

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "show which build this is",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), buildVersion())
			return err
		},
	}
}

func buildVersion() string { return version(debug.ReadBuildInfo()) }

// version describes a build: "suhbat v1.2.3 (0123456789ab, changed) go1.26.0".
func version(info *debug.BuildInfo, ok bool) string {
	if !ok {
		return "suhbat, of an unknown build"
	}
	setting := func(key string) string {
		for _, s := range info.Settings {
			if s.Key == key {
				return s.Value
			}
		}
		return ""
	}
	text := "suhbat " + info.Main.Version
	if revision := setting("vcs.revision"); revision != "" {
		const short = 12
		text += " (" + revision[:min(short, len(revision))]
		if setting("vcs.modified") == "true" {
			text += ", changed"
		}
		text += ")"
	}
	return text + " " + info.GoVersion
}
