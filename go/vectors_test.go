package callbot

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// eachVector calls check with the folder of each vector of a kind. The folders must match MANIFEST.
func eachVector(t *testing.T, kind string, check func(t *testing.T, folder string)) {
	root := filepath.Join("..", "vectors")
	manifest, err := os.ReadFile(filepath.Join(root, "MANIFEST"))
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, line := range strings.Split(string(manifest), "\n") {
		if name, ok := strings.CutPrefix(line, kind+"/"); ok {
			listed = append(listed, name)
		}
	}
	if len(listed) == 0 {
		t.Fatalf("MANIFEST lists no %s vectors", kind)
	}
	entries, err := os.ReadDir(filepath.Join(root, kind))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, entry := range entries {
		found = append(found, entry.Name())
	}
	slices.Sort(listed)
	slices.Sort(found)
	if !slices.Equal(listed, found) {
		t.Fatalf("MANIFEST lists %q, but the folders are %q", listed, found)
	}
	read := 0
	for _, name := range listed {
		t.Run(name, func(t *testing.T) {
			check(t, filepath.Join(root, kind, name))
			read++
		})
	}
	if read != len(found) {
		t.Fatalf("%d of %d vectors were read", read, len(found))
	}
}

// vectorFile returns a file of a vector.
func vectorFile(t *testing.T, folder, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestVectors(t *testing.T) { eachVector(t, "signature", checkVector) }

func checkVector(t *testing.T, folder string) {
	file := func(name string) string { return vectorFile(t, folder, name) }
	secret, body := file("secretKey"), file("body")
	seconds, err := strconv.ParseInt(file("createTs"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	createTs := time.Unix(seconds, 0)
	for _, algorithm := range []Algorithm{MD5, SHA256} {
		signer, err := NewSigner(file("uuid"), secret, algorithm)
		if err != nil {
			t.Fatal(err)
		}
		defer signer.Close()
		sign, err := signer.Sign(file("requestID"), createTs, []byte(body))
		if want := file("sign." + algorithm.String()); err != nil || sign != want {
			t.Errorf("%v: %q, %v; wanted %q", algorithm, sign, err, want)
		}
		signed, err := signer.SignedString(file("requestID"), createTs, []byte(body))
		if want := "***" + strings.TrimPrefix(file("authRaw"), secret); err != nil || signed != want {
			t.Errorf("%v: signed string %.300q, %v; wanted %.300q", algorithm, signed, err, want)
		}
	}
}
