package rules_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"orrery/federation/rules"
)

// use is what the module's code that is not test code does with rules.
type use struct {
	constants map[string]rules.ID // by name, as declared here
	inTable   map[string]bool     // names of constants that have a row
	used      map[string]bool     // names of constants that another package mentions
	literals  map[rules.ID][]string
}

func TestEveryConstantHasARow(t *testing.T) {
	t.Parallel()
	u := readModule(t)
	if len(u.constants) != len(rules.All()) {
		t.Errorf("got %d constants and %d rows, want as many", len(u.constants), len(rules.All()))
	}
	for name, id := range u.constants {
		if _, ok := rules.Lookup(id); !ok || !u.inTable[name] {
			t.Errorf("%s (%s) has no row", name, id)
		}
	}
}

func TestNobodySpellsAnIDOut(t *testing.T) {
	t.Parallel()
	u := readModule(t)
	for id, places := range u.literals {
		t.Errorf("%q is written out at %s: use the constant", id, strings.Join(places, ", "))
	}
}

func TestEveryRuleIsUsedSomewhere(t *testing.T) {
	t.Parallel()
	u := readModule(t)
	for name, id := range u.constants {
		if !u.used[name] {
			t.Errorf("%s (%s) is in the table but no code uses it", name, id)
		}
	}
}

// TestEveryRuleIsExpectedSomewhere wants each rule named by a test of what an instance does, or by a scenario: a rule that
// nothing proves may as well never be emitted.
func TestEveryRuleIsExpectedSomewhere(t *testing.T) {
	t.Parallel()
	elsewhere := map[rules.ID]string{
		rules.SigHostNotCovered: "asked of signed GETs only; a table of federation/signature proves it",
		rules.LDSExpired:        "4.1 does not look at it; a table of federation/signature proves it",
	}
	proofs := readProofs(t)
	for name, id := range readModule(t).constants {
		named := strings.Contains(proofs, string(id)) || regexp.MustCompile(`\brules\.`+name+`\b`).MatchString(proofs)
		if _, ok := elsewhere[id]; !named && !ok {
			t.Errorf("no test and no scenario expects %s (%s)", id, name)
		}
	}
}

// readProofs joins the tests of whole instances, the scenarios and their tests.
func readProofs(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, pattern := range []string{"../../server/*_test.go", "../../lab/*_test.go", "../../cmd/orrery/*_test.go", "../*box/*_test.go",
		"../../scenarios/*_test.go", "../../scenarios/*.play"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(text)
		}
	}
	return all.String()
}

// readModule reads every Go file of the module but tests.
func readModule(t *testing.T) use {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	u := use{map[string]rules.ID{}, map[string]bool{}, map[string]bool{}, map[rules.ID][]string{}}
	files := token.NewFileSet()
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "node_modules"):
			return filepath.SkipDir
		case d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		switch filepath.Dir(path) {
		case filepath.Join(root, "federation", "rules"):
			u.declares(file)
		case filepath.Join(root, "federation", "signature"):
			u.faults(t, file)
		default:
			u.mentions(files, file)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// declares reads a file of package rules: its constants of type ID, and the names that stand in its table.
func (u use) declares(file *ast.File) {
	for _, decl := range file.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range gen.Specs {
			v, ok := spec.(*ast.ValueSpec)
			if !ok {
				continue
			}
			if typ, ok := v.Type.(*ast.Ident); ok && gen.Tok == token.CONST && typ.Name == "ID" {
				u.constants[v.Names[0].Name] = literal(v.Values[0])
				continue
			}
			if len(v.Values) == 1 && listsRules(v.Values[0]) {
				ast.Inspect(v, func(n ast.Node) bool {
					if name, ok := n.(*ast.Ident); ok {
						u.inTable[name.Name] = true
					}
					return true
				})
			}
		}
	}
}

// listsRules reports whether e is a literal of []Rule.
func listsRules(e ast.Expr) bool {
	lit, ok := e.(*ast.CompositeLit)
	if !ok {
		return false
	}
	list, ok := lit.Type.(*ast.ArrayType)
	if !ok {
		return false
	}
	of, ok := list.Elt.(*ast.Ident)
	return ok && of.Name == "Rule"
}

// mentions reads a file of any other package.
func (u use) mentions(files *token.FileSet, file *ast.File) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if pkg, ok := n.X.(*ast.Ident); ok && pkg.Name == "rules" {
				u.used[n.Sel.Name] = true
			}
		case *ast.BasicLit:
			if id := literal(n); id != "" {
				if _, ok := rules.Lookup(id); ok {
					u.literals[id] = append(u.literals[id], files.Position(n.Pos()).String())
				}
			}
		}
		return true
	})
}

// faults reads a file of package signature, which stands alone and names its rules by their ids. Its file comes after
// those of package rules.
func (u use) faults(t *testing.T, file *ast.File) {
	ast.Inspect(file, func(n ast.Node) bool {
		lit, ok := n.(*ast.BasicLit)
		if !ok {
			return true
		}
		id := literal(lit)
		if family, _, _ := strings.Cut(string(id), "."); (family != "sig" && family != "lds") || strings.ContainsRune(string(id), ' ') {
			return true
		}
		if _, ok := rules.Lookup(id); !ok {
			t.Errorf("package signature reports %q, which is not in the table", id)
		}
		for name, known := range u.constants {
			if known == id {
				u.used[name] = true
			}
		}
		return true
	})
}

func literal(e ast.Expr) rules.ID {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	s, err := strconv.Unquote(lit.Value)
	if err != nil {
		return ""
	}
	return rules.ID(s)
}
