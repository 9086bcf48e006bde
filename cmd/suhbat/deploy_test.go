//go:build unix

package main

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"suhbat/bot/slack/slacktest"
	"suhbat/bot/telegram/telegramtest"
	"suhbat/cmd/internal/app"
)

// deployed reads a file of the folder deploy.
func deployed(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(repository, "deploy", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// documentsOf decodes the documents of a YAML file.
func documentsOf(t *testing.T, name string) (all []map[string]any) {
	t.Helper()
	decoder := yaml.NewDecoder(bytes.NewReader(deployed(t, name)))
	for {
		var doc map[string]any
		err := decoder.Decode(&doc)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("deploy/%s: %v", name, err)
		}
		all = append(all, doc)
	}
}

// schemaOf compiles a schema of testdata/deploy.
func schemaOf(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join("testdata", "deploy", name))
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// manifests are the files of deploy/kubernetes, with the example of a secret.
func manifests(t *testing.T) (names []string) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(repository, "deploy", "kubernetes", "*"))
	if err != nil || len(paths) < 4 {
		t.Fatalf("found %q, %v", paths, err)
	}
	for _, p := range paths {
		names = append(names, "kubernetes/"+filepath.Base(p))
	}
	return names
}

// TestDeploySchemas: Compose and Kubernetes would take the files: no key is misspelt, no
// value is of another type than they want.
func TestDeploySchemas(t *testing.T) {
	compose := schemaOf(t, "compose-spec.json")
	for _, doc := range documentsOf(t, "compose.yaml") {
		if err := compose.Validate(doc); err != nil {
			t.Errorf("deploy/compose.yaml: %v", err)
		}
	}
	kubernetes := schemaOf(t, "kubernetes.json")
	for _, name := range manifests(t) {
		for _, doc := range documentsOf(t, name) {
			if err := kubernetes.Validate(doc); err != nil {
				t.Errorf("deploy/%s: %v", name, err)
			}
		}
	}
	for _, wrong := range []string{"{apiVersion: v1, kind: Pod, metadata: {}}", "{apiVersion: v1, kind: Service, metadata: {}, spec: {selectors: {}}}"} {
		var doc any
		if err := yaml.Unmarshal([]byte(wrong), &doc); err != nil || kubernetes.Validate(doc) == nil {
			t.Errorf("%s is taken, %v", wrong, err)
		}
	}
}

// at follows keys and indexes into a document.
func at(t *testing.T, v any, path ...any) any {
	t.Helper()
	for i, step := range path {
		switch s := step.(type) {
		case string:
			v = v.(map[string]any)[s]
		case int:
			v = v.([]any)[s]
		}
		if v == nil {
			t.Fatalf("%v is not there", path[:i+1])
		}
	}
	return v
}

// kind returns the one document of a kind with the name of the program.
func kind(t *testing.T, file, kind string) map[string]any {
	t.Helper()
	docs := documentsOf(t, file)
	i := slices.IndexFunc(docs, func(d map[string]any) bool {
		return d["kind"] == kind && at(t, d, "metadata", "name") == "suhbat"
	})
	if i < 0 {
		t.Fatalf("deploy/%s has no %s", file, kind)
	}
	return docs[i]
}

// replicas are the services of compose.yaml that are replicas of the program.
func replicas(t *testing.T) map[string]map[string]any {
	t.Helper()
	found := make(map[string]map[string]any)
	for name, s := range at(t, documentsOf(t, "compose.yaml")[0], "services").(map[string]any) {
		if service := s.(map[string]any); service["image"] == "suhbat" {
			found[name] = service
		}
	}
	if len(found) != 3 {
		t.Fatalf("found %d replicas, want 3", len(found))
	}
	return found
}

// TestDeployIsTheImage: user, port, health check and paths are those of the Dockerfile,
// and secrets are mounted where the settings look for them.
func TestDeployIsTheImage(t *testing.T) {
	image := readDockerfile(t)[1]
	user, port := only(t, image, "USER"), only(t, image, "EXPOSE")
	binary := execForm(t, only(t, image, "ENTRYPOINT"))[0]
	caddyfile := string(deployed(t, "Caddyfile"))
	for name, r := range replicas(t) {
		if r["user"] != user || r["read_only"] != true || at(t, r, "command", 0) != "serve" || at(t, r, "healthcheck", "test", 1) != binary {
			t.Errorf("%s does not run the image as it is: %v", name, r)
		}
		if !strings.Contains(caddyfile, name+":"+port) {
			t.Errorf("deploy/Caddyfile does not send to %s:%s", name, port)
		}
		if grace, err := time.ParseDuration(r["stop_grace_period"].(string)); err != nil || grace < 10*time.Second {
			t.Errorf("%s is killed after %v, %v: stopping may take five seconds", name, grace, err)
		}
	}
	pod := at(t, kind(t, "kubernetes/deployment.yaml", "Deployment"), "spec", "template", "spec")
	container := at(t, pod, "containers", 0)
	uid := at(t, pod, "securityContext", "runAsUser").(int)
	if !strings.HasPrefix(user, strconv.Itoa(uid)+":") || strconv.Itoa(at(t, container, "ports", 0, "containerPort").(int)) != port || at(t, container, "args", 0) != "serve" {
		t.Errorf("the Deployment does not run the image as it is: %v", container)
	}
	drain, err := time.ParseDuration(at(t, kind(t, "kubernetes/config.yaml", "ConfigMap"), "data", "SUHBAT_DRAIN").(string))
	if grace := at(t, pod, "terminationGracePeriodSeconds").(int); err != nil || grace < 10+int(drain.Seconds()) {
		t.Errorf("a pod is killed after %d seconds: to drain and to stop may take longer, %v", grace, err)
	}
}

// setting matches what looks like the name of a setting of the program.
var setting = regexp.MustCompile(`\b(?:SUHBAT|TELEGRAM|SLACK)_[A-Z_]*[A-Z]\b`)

// known asks the program which settings it reads.
func known() map[string]bool {
	asked := make(map[string]bool)
	app.Main(app.Process{
		Args: []string{"serve"}, In: strings.NewReader(""), Out: io.Discard, Err: io.Discard, Now: time.Now,
		Getenv: func(name string) string { asked[name] = true; return "" },
	})
	return asked
}

// TestDeploySettings: whatever a file for operators calls a setting is one, and the table
// of settings has them all.
func TestDeploySettings(t *testing.T) {
	have := known()
	files := []string{"compose.yaml", "suhbat.service", "suhbat.env"}
	for _, name := range slices.Concat(files, manifests(t)) {
		for _, found := range setting.FindAllString(string(deployed(t, name)), -1) {
			if !have[found] && found != "SUHBAT_" {
				t.Errorf("deploy/%s: the program has no setting %s", name, found)
			}
		}
	}
	table := strings.Join(readDocument(t, "docs/operators.md").lines, "\n")
	for name := range have {
		if setting.MatchString(name) && !strings.HasSuffix(name, "_FILE") && !strings.Contains(table, "`"+name+"`") {
			t.Errorf("docs/operators.md does not tell of %s", name)
		}
	}
}

// variable matches what Compose replaces: ${NAME:-otherwise} or ${NAME:?message}.
var variable = regexp.MustCompile(`\$\{(\w+):([-?])([^}]*)\}`)

// composed is the environment of a replica, with where its secrets are.
func composed(t *testing.T) (env map[string]string, secrets string) {
	t.Helper()
	env = make(map[string]string)
	for name, value := range replicas(t)["replica-1"]["environment"].(map[string]any) {
		env[name] = variable.ReplaceAllStringFunc(value.(string), func(v string) string {
			switch m := variable.FindStringSubmatch(v); {
			case m[1] == "SITE_ADDRESS":
				return "suhbat.example.org"
			case m[2] == "-":
				return m[3]
			default:
				t.Errorf("%s is left open", v)
				return ""
			}
		})
	}
	return env, "/run/secrets/"
}

// clustered is the environment of a pod, with where its secrets are.
func clustered(t *testing.T) (env map[string]string, secrets string) {
	t.Helper()
	env = make(map[string]string)
	for name, value := range at(t, kind(t, "kubernetes/config.yaml", "ConfigMap"), "data").(map[string]any) {
		env[name] = value.(string)
	}
	pod := at(t, kind(t, "kubernetes/deployment.yaml", "Deployment"), "spec", "template", "spec", "containers", 0)
	for _, e := range at(t, pod, "env").([]any) {
		env[at(t, e, "name").(string)] = at(t, e, "value").(string)
	}
	file := filepath.Join(t.TempDir(), "subscriptions.yaml")
	for _, doc := range documentsOf(t, "kubernetes/config.yaml") {
		if text, ok := doc["data"].(map[string]any)["subscriptions.yaml"]; ok && env["SUHBAT_SUBSCRIPTIONS"] == "/config/subscriptions.yaml" {
			if err := os.WriteFile(file, []byte(text.(string)), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	env["SUHBAT_SUBSCRIPTIONS"] = file
	return env, "/secrets/"
}

// TestDeployServes starts the program with the settings of a replica in Compose and of a
// pod in Kubernetes, and the secrets of each as files: it becomes ready.
func TestDeployServes(t *testing.T) {
	secrets := map[string]string{
		"telegram-bot-token": telegramtest.Token, "telegram-webhook-secret": "a-secret", "slack-bot-token": slacktest.BotToken, "slack-signing-secret": slacktest.SigningSecret,
	}
	for name, environment := range map[string]func(*testing.T) (map[string]string, string){"compose": composed, "kubernetes": clustered} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env, mounted := environment(t)
			dir := t.TempDir()
			secrets := maps.Clone(secrets)
			secrets["database-url"] = "sqlite:" + filepath.Join(dir, "suhbat.db")
			for key, value := range env {
				if file, ok := strings.CutPrefix(value, mounted); ok {
					env[key] = filepath.Join(dir, file)
					if err := os.WriteFile(env[key], []byte(secrets[file]+"\n"), 0o600); err != nil || secrets[file] == "" {
						t.Fatalf("%s names %s, %v", key, value, err)
					}
					delete(secrets, file)
				}
			}
			if len(secrets) > 0 {
				t.Errorf("no setting names the secrets %v", slices.Collect(maps.Keys(secrets)))
			}
			_, fake := fakeTelegram(t)
			maps.Copy(env, fake)
			env["SUHBAT_DRAIN"] = ""
			env["TELEGRAM_BOT_TOKEN"] = ""
			s := newSlackService(t, slacktest.Config{}, env)
			s.people()
			s.run()
			s.stop()
			if !strings.Contains(s.out.String(), `{"time":`) {
				t.Error("the log is not JSON")
			}
		})
	}
}

// TestDeployUnit: systemd takes the unit, and finds it to be well enclosed.
func TestDeployUnit(t *testing.T) {
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("systemd-analyze is not installed")
	}
	program := filepath.Join(t.TempDir(), "suhbat") // the path in the unit need not exist here
	unit := filepath.Join(filepath.Dir(program), "suhbat.service")
	text := strings.Replace(string(deployed(t, "suhbat.service")), "=/usr/local/bin/suhbat ", "="+program+" ", 1)
	if err := errors.Join(os.WriteFile(program, []byte("#!/bin/sh\n"), 0o700), os.WriteFile(unit, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"verify", "--man=no", "--recursive-errors=no", unit}, {"security", "--offline=true", "--no-pager", "--threshold=15", unit}} {
		if out, err := exec.CommandContext(t.Context(), analyze, args...).CombinedOutput(); err != nil || bytes.Contains(out, []byte("suhbat.service:")) && args[0] == "verify" {
			t.Errorf("systemd-analyze %s: %v\n%s", args[0], err, out)
		}
	}
}
