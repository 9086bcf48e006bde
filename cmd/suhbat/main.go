// Command suhbat answers questions on the Women, Peace and Security agenda and on
// the Dialogue of Women of Central Asia, each answer with its source. Without
// arguments it talks to you; see suhbat --help for the rest.
package main

import (
	"os"
	"time"
	_ "time/tzdata" // the image holds no other files

	"suhbat/cmd/internal/app"
)

func main() {
	os.Exit(app.Main(app.Process{
		Args: os.Args[1:], In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv, Now: time.Now,
	}))
}
