package archtest

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strings"
)

const whyVars = "nothing in an instance is process-wide: a package variable is an error value, an embedded file, a compiled " +
	"regexp or a table that nobody changes; the rest is a const, a function or a field"

// immutableCalls make values that nothing changes afterwards and that Go cannot write as a const. A sync.OnceValue is a
// constant that is computed when it is first needed.
var immutableCalls = map[string][]string{
	"errors":                {"New"},
	"fmt":                   {"Errorf"},
	"regexp":                {"MustCompile", "MustCompilePOSIX"},
	"strings":               {"NewReplacer", "Fields"},
	"sync":                  {"OnceValue", "OnceValues"},
	"golang.org/x/net/idna": {"New"},
}

// errorName is how an error value is called, also when a constructor of the package makes it.
var errorName = regexp.MustCompile(`^[eE]rr\p{Lu}`)

// mutableTypes look like a table when written as T{}, but are made to be changed.
var mutableTypes = map[string]bool{
	"sync": true, "sync/atomic": true, "bytes": true, "strings": true, "math/rand": true, "math/rand/v2": true,
	"container/list": true, "net/http": true,
}

// checkVars looks at every package variable, and then for whoever changes one.
func checkVars(pkg string, files []file) []Violation {
	var found []Violation
	names := map[string]bool{}
	for _, f := range files {
		for _, d := range f.ast.Decls {
			decl, ok := d.(*ast.GenDecl)
			if !ok || decl.Tok != token.VAR {
				continue
			}
			for _, s := range decl.Specs {
				spec := s.(*ast.ValueSpec)
				for i, name := range spec.Names {
					if name.Name == "_" {
						continue // var _ Interface = T{}: a promise that the compiler checks
					}
					names[name.Name] = true
					if !constant(f, decl, spec, i) && !exempt(pkg, f, spec) {
						found = append(found, Violation{pkg, "has the package variable " + name.Name + " " + f.at(name), whyVars})
					}
				}
			}
		}
	}
	for _, f := range files {
		found = append(found, checkAssignments(pkg, f, names)...)
	}
	return found
}

// exempt lets test support have flags of the test binary.
func exempt(pkg string, f file, spec *ast.ValueSpec) bool {
	if !matchesAny(testSupport, pkg) || len(spec.Values) != 1 {
		return false
	}
	call, ok := spec.Values[0].(*ast.CallExpr)
	if !ok {
		return false
	}
	path, _, _ := f.imported(call.Fun)
	return path == "flag"
}

// constant reports whether the i-th name of spec is a value of a kind that does not change by itself.
func constant(f file, decl *ast.GenDecl, spec *ast.ValueSpec, i int) bool {
	if embeds(decl.Doc) || embeds(spec.Doc) {
		return true
	}
	if len(spec.Values) != len(spec.Names) {
		return false
	}
	if errorName.MatchString(spec.Names[i].Name) {
		return true
	}
	switch v := ast.Unparen(spec.Values[i]).(type) {
	case *ast.CallExpr:
		path, name, _ := f.imported(v.Fun)
		return slices.Contains(immutableCalls[path], name)
	case *ast.CompositeLit:
		return table(f, v)
	case *ast.UnaryExpr:
		lit, ok := v.X.(*ast.CompositeLit)
		return ok && v.Op == token.AND && table(f, lit)
	}
	return false
}

func embeds(doc *ast.CommentGroup) bool {
	if doc == nil {
		return false
	}
	for _, c := range doc.List {
		if strings.HasPrefix(c.Text, "//go:embed ") {
			return true
		}
	}
	return false
}

// table reports whether lit is a literal one reads from. An empty map is there to be filled, a mutex to be locked.
func table(f file, lit *ast.CompositeLit) bool {
	if _, isMap := lit.Type.(*ast.MapType); isMap {
		return len(lit.Elts) > 0
	}
	path, _, ok := f.imported(lit.Type)
	return !ok || !mutableTypes[path]
}

// checkAssignments finds writes to the package's own variables, and to those of other packages.
func checkAssignments(pkg string, f file, names map[string]bool) []Violation {
	var found []Violation
	write := func(target ast.Expr) {
		if target == nil {
			return
		}
		name := f.written(target, names)
		if name != "" {
			found = append(found, Violation{pkg, "changes the package variable " + name + " " + f.at(target), whyVars})
		}
	}
	ast.Inspect(f.ast, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok == token.DEFINE {
				return true
			}
			for _, target := range n.Lhs {
				write(target)
			}
		case *ast.IncDecStmt:
			write(n.X)
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				write(n.Key)
				write(n.Value)
			}
		case *ast.CallExpr:
			if fn, ok := n.Fun.(*ast.Ident); ok && fn.Obj == nil && len(n.Args) > 0 &&
				(fn.Name == "delete" || fn.Name == "clear" || fn.Name == "copy") {
				write(n.Args[0])
			}
		}
		return true
	})
	return found
}

// written is the package variable that an assignment to target changes, or empty. table[i].field changes table.
func (f file) written(target ast.Expr, names map[string]bool) string {
	for {
		switch e := target.(type) {
		case *ast.Ident:
			if names[e.Name] && packageLevel(f, e) {
				return e.Name
			}
			return ""
		case *ast.SelectorExpr:
			if path, name, ok := f.imported(e); ok {
				return path + "." + name
			}
			target = e.X
		case *ast.IndexExpr:
			target = e.X
		case *ast.SliceExpr:
			target = e.X
		case *ast.StarExpr:
			target = e.X
		case *ast.ParenExpr:
			target = e.X
		default:
			return ""
		}
	}
}

// packageLevel tells the package's variable from a local one of the same name: the parser resolves names within a file,
// and leaves those of other files open.
func packageLevel(f file, id *ast.Ident) bool {
	return id.Obj == nil || f.ast.Scope != nil && f.ast.Scope.Lookup(id.Name) == id.Obj
}
