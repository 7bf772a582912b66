# `make help` lists the targets.

GO      ?= go
BIN     := bin/cadre
TOOL    := $(GO) tool -modfile=tools.mod
# How long `make fuzz` runs each of its targets.
FUZZ    ?= 1m

.PHONY: help check vet lint lint-all test validate browser reliability fuzz corpus bench bench-quick run build gen clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

check: vet lint test validate ## what CI runs, but for fuzzing

build: ## build bin/cadre
	CGO_ENABLED=0 $(GO) build -trimpath -o $(BIN) ./cmd/cadre

gen: ## write the code of queries and pages anew, with sqlc and templ
	$(TOOL) sqlc generate
	$(TOOL) templ generate

run: ## check the example organisation
	$(GO) run ./cmd/cadre check examples/meridian/handbook

test: ## run all tests, on PostgreSQL too if it is installed
	$(GO) run ./tests/postgres $(GO) test ./...

vet:
	$(GO) vet ./...

lint: ## run gofumpt and staticcheck, at the versions that tools.mod pins
	@unformatted=$$($(TOOL) gofumpt -l .); if [ -n "$$unformatted" ]; then \
		echo "these files are not formatted; run \`$(TOOL) gofumpt -w .\`:"; echo "$$unformatted"; exit 1; fi
	$(TOOL) staticcheck ./...

lint-all: ## run golangci-lint as well, which takes minutes to build
	$(TOOL) golangci-lint run ./...

validate: build ## judge the output formats with tools that others wrote (needs node and npm)
	tests/validate/run $(BIN) examples/meridian/handbook

browser: ## look at the pages in a real browser (needs chromium, node and npm)
	cd tests/browser && npm ci --silent --no-audit --no-fund
	CADRE_TEST_BROWSER=require $(GO) test -count=1 -timeout 30m ./tests/browser/...

reliability: ## kill servers two hundred times while they write, and take a hundred backups meanwhile
	CADRE_TEST_KILLS=200 CADRE_TEST_BACKUPS=100 $(GO) run ./tests/postgres $(GO) test -count=1 -timeout 60m ./tests/reliability ./internal/backup

fuzz: ## fuzz each target for FUZZ (1m)
	$(GO) run ./tests/postgres tests/fuzz/run $(FUZZ)

corpus: build ## score the compiler on a corpus of real pages (CADRE_CORPUS)
	tests/corpus/run $(BIN)

bench: ## measure speed and memory against limits and peers, and write bench/RESULTS.md
	$(GO) run ./tests/postgres -durable $(GO) run ./bench

bench-quick: ## the same in a minute, without peers and without writing
	$(GO) run ./tests/postgres -durable $(GO) run ./bench -quick -out /dev/null

clean: ## remove what was built
	rm -rf bin bench/.work
