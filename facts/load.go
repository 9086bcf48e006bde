package facts

import (
	"errors"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// Load reads every .yaml and .yml file under fsys, sub-folders too, and returns
// them as one checked store. Its error is a [Findings] that names everything
// that is wrong; a store comes only from files without a finding. Names that
// begin with a dot are skipped: editors and mounted volumes keep copies there.
func Load(fsys fs.FS) (*Store, error) {
	s, found := load(fsys)
	if len(found) > 0 {
		return nil, found
	}
	return s, nil
}

// Check reads the files under fsys as [Load] does and returns what is wrong with
// them, sorted by place; nothing if they can be used.
func Check(fsys fs.FS) Findings {
	_, found := load(fsys)
	return found
}

func load(fsys fs.FS) (*Store, Findings) {
	const want = "a folder with the facts in .yaml files"
	if fsys == nil {
		return nil, Findings{{What: "there is no folder of facts", Want: want}}
	}
	paths, found := yamlFiles(fsys)
	if len(paths) == 0 {
		if len(found) == 0 {
			found = Findings{{What: "the folder of facts has no .yaml file", Want: want}}
		}
		return nil, found
	}
	files := readAll(fsys, paths)
	l := newLinker(files)
	l.link()
	l.check()
	for _, f := range files {
		found = append(found, f.findings...)
	}
	return l.store, append(found, l.findings...).sort()
}

// yamlFiles lists the data files by name.
func yamlFiles(fsys fs.FS) (paths []string, found Findings) {
	_ = fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			found = append(found, unreadable(p, err))
			return nil
		case p != "." && strings.HasPrefix(path.Base(p), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
		case !d.IsDir() && (path.Ext(p) == ".yaml" || path.Ext(p) == ".yml"):
			paths = append(paths, p)
		}
		return nil
	})
	slices.Sort(paths)
	return paths, found
}

// unreadable words a file or folder that cannot be read.
func unreadable(p string, err error) Finding {
	what := "the file"
	switch {
	case p == ".":
		what, p = "the folder of facts", ""
	case path.Ext(p) == "":
		what = "the folder"
	}
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		err = pe.Err // its path is in the position already
	}
	return Finding{Pos{File: p}, what + " cannot be read: " + err.Error(), "a folder with readable .yaml files"}
}

// readAll reads the files side by side: parsing is most of the work of loading.
func readAll(fsys fs.FS, paths []string) []*file {
	files := make([]*file, len(paths))
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(paths)) {
		wg.Go(func() {
			for i := range next {
				files[i] = readFile(fsys, paths[i])
			}
		})
	}
	for i := range paths {
		next <- i
	}
	close(next)
	wg.Wait()
	return files
}
