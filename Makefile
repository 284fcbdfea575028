# Everything here is a short name for commands that also work by hand; nothing else is needed to build or test.

GO          ?= go
TEMPL        = $(GO) tool -modfile=tools.mod templ
FUZZTIME    ?= 10m
CLIENTS      = $(or $(ORRERY_CLIENTS),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/orrery/clients)
SCREENSHOTS ?= $(or $(TMPDIR),/tmp)/orrery-screenshots
# Where goroutines meet. The race detector makes tests several times slower, so it runs on these and not on everything.
RACE = ./activitylog ./internal/broadcast ./internal/clock ./internal/gather ./internal/jobs ./internal/snowflake ./internal/sse ./storage/sqldb ./social

.PHONY: help generate edges verify check test clients bench bench-large lab screenshots fuzz

help: ## This list.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

lab: ## Three servers that federate, on http://localhost:8080.
	$(GO) run ./cmd/orrery lab

test: ## All tests; what needs PostgreSQL, Chromium or a client of others is skipped where there is none.
	$(GO) test -timeout 12m ./...

clients: ## Two clients that others wrote for Mastodon, with the Node they run in, for tests: 200 MB in the cache folder. Needs npm.
	@if cmp -s cmd/orrery/testdata/clients/package-lock.json $(CLIENTS)/package-lock.json && [ -e $(CLIENTS)/node_modules/.package-lock.json ]; then \
	  echo "$(CLIENTS) holds them"; \
	else mkdir -p $(CLIENTS) && cp cmd/orrery/testdata/clients/package*.json $(CLIENTS) && \
	  npm ci --prefix $(CLIENTS) --ignore-scripts --no-audit --no-fund --loglevel=error; fi

check: verify ## The gates: format, vet, generated files, import rules, data races.
	@unformatted=$$(gofmt -l $$(git ls-files -co --exclude-standard '*.go' | while read -r f; do [ -e "$$f" ] && echo "$$f"; done)); \
	  if [ -n "$$unformatted" ]; then echo "not formatted; run gofmt -w on:"; echo "$$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(GO) test ./internal/archtest
	$(GO) test -race -timeout 6m $(RACE)

generate: ## Make the generated files anew: templ components, docs/rules.md, docs/policies.md, docs/api-coverage.md.
	$(TEMPL) generate -log-level error -path ./views
	$(GO) test ./docs -run 'TestRulesPageIsTheTable|TestPoliciesPageIsTheTable' -count=1 -update
	$(GO) test ./server/api -count=1 -update

edges: ## Write docs/edge-cases.md anew from the tests; go test ./server compares it.
	$(GO) test ./server -run TestEdge -count=1 -update-edges

verify: ## Fail when a generated file is not what make generate makes; tests compare those that tests write.
	@before=$$(mktemp); sha256sum views/*_templ.go > $$before; \
	  $(TEMPL) generate -log-level error -path ./views || { rm -f $$before; exit 1; }; \
	  if ! sha256sum --quiet -c $$before || [ "$$(ls views/*_templ.go | wc -l)" != "$$(grep -c _templ.go $$before)" ]; then \
	    rm -f $$before; echo "generated files were stale; they are made anew now, commit them"; exit 1; fi; \
	  rm -f $$before
	$(GO) test -timeout 12m ./docs ./server/api # as `make test` runs them: what it ran just before is not run again

bench: ## Measure: what recording costs, posts in and out, each against a bare floor.
	$(GO) test -run '^$$' -bench . -benchtime 3s -timeout 20m ./bench/...

bench-large: ## The same on databases with 1,000,000 statuses too: 1 GB in the cache folder, as much for temporary files.
	ORRERY_BENCH_STATUSES=1000000 $(GO) test -run '^$$' -bench . -benchtime 3s -timeout 90m ./bench/...

screenshots: ## Pictures of the pages, light, dark and narrow, in /tmp/orrery-screenshots or SCREENSHOTS=DIR. Needs Chromium.
	@mkdir -p $(SCREENSHOTS)
	ORRERY_TEST_REQUIRE=browser ORRERY_SCREENSHOTS=$(SCREENSHOTS) $(GO) test -count=1 -timeout 15m ./cmd/orrery

fuzz: ## Every fuzz target for FUZZTIME (10m) each, eight side by side.
	@grep -r --include='*_test.go' '^func Fuzz' . | sed 's/^\(.*\)\/[^\/]*:func \(Fuzz[A-Za-z0-9_]*\).*/\1 \2/' | sort | \
	  xargs -P 8 -n 2 sh -c 'GO="$(GO)" .ci/fuzz "$$1" "$$2" $(FUZZTIME) || exit 255' fuzz
