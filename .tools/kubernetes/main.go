// This program writes the JSON Schema that deploy/kubernetes is checked with, made of
// the types of Kubernetes' own API:
//
//	cd .tools/kubernetes && go run . > ../../cmd/suhbat/testdata/deploy/kubernetes.json
//
// It knows the kinds that the manifests use. A key that the API does not have is an
// error, as it is to "kubectl apply --validate=strict"; so is a missing one that the API
// always writes. A volume may be of those sources only that occur.
package main

import (
	"encoding/json"
	"log"
	"os"
	"reflect"
	"strings"

	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

type object = map[string]any

// kinds are what a document of a manifest may be, by "apiVersion kind".
var kinds = map[string]any{
	"apps/v1 Deployment":                 apps.Deployment{},
	"v1 Service":                         core.Service{},
	"v1 ConfigMap":                       core.ConfigMap{},
	"v1 Secret":                          core.Secret{},
	"v1 ServiceAccount":                  core.ServiceAccount{},
	"v1 Namespace":                       core.Namespace{},
	"networking.k8s.io/v1 Ingress":       networking.Ingress{},
	"networking.k8s.io/v1 NetworkPolicy": networking.NetworkPolicy{},
	"policy/v1 PodDisruptionBudget":      policy.PodDisruptionBudget{},
}

// special are types that are written otherwise than they are declared.
var special = map[reflect.Type]object{
	reflect.TypeFor[resource.Quantity]():  {"type": []string{"string", "number"}, "pattern": `^[0-9]+(\.[0-9]+)?(m|k|M|G|Ki|Mi|Gi)?$`},
	reflect.TypeFor[intstr.IntOrString](): {"type": []string{"string", "integer"}},
	reflect.TypeFor[meta.Time]():          {"type": "string", "format": "date-time"},
	reflect.TypeFor[meta.FieldsV1]():      {"type": "object"},
	reflect.TypeFor[[]byte]():             {"type": "string"},
}

// leftOut are what no manifest has: what the cluster writes, and volumes of clouds.
func leftOut(in reflect.Type, name string) bool {
	if in == reflect.TypeFor[core.VolumeSource]() {
		switch name {
		case "secret", "configMap", "emptyDir", "projected", "persistentVolumeClaim":
			return false
		}
		return true
	}
	return name == "status" || name == "managedFields" || name == "ephemeralContainers"
}

var definitions = object{}

func main() {
	var all []any
	for name, of := range kinds {
		version, kind, _ := strings.Cut(name, " ")
		all = append(all, object{
			"if":   object{"properties": object{"apiVersion": object{"const": version}, "kind": object{"const": kind}}},
			"then": schema(reflect.TypeOf(of)),
		})
		names = append(names, object{"properties": object{"apiVersion": object{"const": version}, "kind": object{"const": kind}}})
	}
	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", " ")
	err := out.Encode(object{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"type":    "object", "required": []string{"apiVersion", "kind", "metadata"},
		"anyOf": names, "allOf": all, "$defs": definitions,
	})
	if err != nil {
		log.Fatal(err)
	}
}

var names []any

// schema describes a type; structures are defined once and referred to.
func schema(t reflect.Type) object {
	if s, ok := special[t]; ok {
		return s
	}
	switch t.Kind() {
	case reflect.Pointer:
		return schema(t.Elem())
	case reflect.String:
		return object{"type": "string"}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int32, reflect.Int64:
		return object{"type": "integer"}
	case reflect.Slice:
		return object{"type": "array", "items": schema(t.Elem())}
	case reflect.Map:
		return object{"type": "object", "additionalProperties": schema(t.Elem())}
	case reflect.Struct:
		name := strings.NewReplacer("k8s.io/", "", "apimachinery/pkg/apis/", "", "/", ".").Replace(t.PkgPath()) + "." + t.Name()
		if _, done := definitions[name]; !done {
			definitions[name] = nil // while it is made: it may refer to itself
			definitions[name] = structure(t)
		}
		return object{"$ref": "#/$defs/" + name}
	default:
		log.Fatalf("a type that is not expected: %s", t)
		return nil
	}
}

func structure(t reflect.Type) object {
	properties, required := object{}, []string{}
	fields(t, func(name string, optional bool, of reflect.Type) {
		properties[name] = schema(of)
		if !optional {
			required = append(required, name)
		}
	})
	return object{"type": "object", "additionalProperties": false, "properties": properties, "required": required}
}

// fields calls each for the fields of a structure by their JSON names, those of
// structures in it as well.
func fields(t reflect.Type, each func(name string, optional bool, of reflect.Type)) {
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-" || leftOut(t, name):
		case f.Anonymous && name == "" || strings.Contains(options, "inline"):
			fields(f.Type, each)
		default:
			optional := strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero") || f.Type.Kind() == reflect.Struct
			each(name, optional, f.Type)
		}
	}
}
