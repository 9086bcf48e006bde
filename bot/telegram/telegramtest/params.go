package telegramtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// param is a parameter: its text, and whether it came as JSON of its own or as
// the string of a form.
type param struct {
	text   string
	native bool // it stood in a JSON body and is no string
	quoted bool // it stood in a JSON body as a string
	file   bool
}

// params are the parameters of a request by name.
type params map[string]param

// maxBody is what one request may hold.
const maxBody = 50 << 20

// readParams reads the parameters from the query, a form, or a JSON body.
func readParams(r *http.Request) (params, error) {
	p := make(params)
	for name, values := range r.URL.Query() {
		p[name] = param{text: values[0]}
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		kind = "" // no body, or one that is left alone, as the official server does
	}
	r.Body = http.MaxBytesReader(nil, r.Body, maxBody)
	switch kind {
	case "application/json":
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		return p, p.readJSON(body)
	case "multipart/form-data":
		return p, p.readMultipart(r)
	case "application/x-www-form-urlencoded":
		return p, p.readForm(r)
	default:
		_, err := io.Copy(io.Discard, r.Body)
		return p, err
	}
}

func (p params) readForm(r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	for name, values := range r.PostForm {
		p[name] = param{text: values[0]}
	}
	return nil
}

func (p params) readMultipart(r *http.Request) error {
	if err := r.ParseMultipartForm(maxBody); err != nil {
		return err
	}
	for name, values := range r.MultipartForm.Value {
		p[name] = param{text: values[0]}
	}
	for name, files := range r.MultipartForm.File {
		p[name] = param{text: files[0].Filename, file: true}
	}
	return nil
}

func (p params) readJSON(body []byte) error {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		return errors.New("can't parse request JSON object")
	}
	for name, raw := range fields {
		var text string
		if raw[0] == '"' && json.Unmarshal(raw, &text) == nil {
			p[name] = param{text: text, quoted: true}
		} else {
			p[name] = param{text: string(raw), native: true}
		}
	}
	return nil
}

func (p params) texts() map[string]string {
	texts := make(map[string]string, len(p))
	for name, v := range p {
		texts[name] = v.text
	}
	return texts
}

func (p params) text(name string) string { return p[name].text }

func (p params) has(name string) bool { return p[name].text != "" && p[name].text != "null" }

func (p params) number(name string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(p[name].text), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func (p params) flag(name string) bool {
	switch strings.ToLower(p[name].text) {
	case "true", "1", "yes":
		return true
	default:
		return false
	}
}

// decode reads a parameter that is JSON. One that is absent changes nothing.
func (p params) decode(name string, into any) error {
	if !p.has(name) {
		return nil
	}
	if err := json.Unmarshal([]byte(p[name].text), into); err != nil {
		return badRequest("can't parse %s: %s", strings.ReplaceAll(name, "_", " "), fmt.Sprint(err))
	}
	return nil
}
