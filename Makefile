# `make help` lists the targets.

GO      ?= go
BIN     := bin/cadre
TOOL    := $(GO) tool -modfile=tools.mod
# How long `make fuzz` runs each of its targets.
FUZZ    ?= 1m

.PHONY: help check vet lint test validate fuzz corpus bench bench-quick run build clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

check: vet lint test validate ## what CI runs, but for fuzzing

build: ## build bin/cadre
	CGO_ENABLED=0 $(GO) build -trimpath -o $(BIN) ./cmd/cadre

run: ## check the example organisation
	$(GO) run ./cmd/cadre check examples/meridian/handbook

test: ## run all tests
	$(GO) test ./...

vet:
	$(GO) vet ./...

lint: ## run golangci-lint, at the version that tools.mod pins
	$(TOOL) golangci-lint run ./...

validate: build ## judge the output formats with tools that others wrote (needs npm and xmllint)
	tests/validate/run $(BIN) examples/meridian/handbook

fuzz: ## fuzz each target for FUZZ (1m)
	tests/fuzz/run $(FUZZ)

corpus: build ## score the compiler on a corpus of real pages (CADRE_CORPUS)
	tests/corpus/run $(BIN)

bench: ## measure speed and memory against limits and peers, and write bench/RESULTS.md
	$(GO) run ./bench

bench-quick: ## the same in a minute, without peers and without writing
	$(GO) run ./bench -quick -out /dev/null

clean: ## remove what was built
	rm -rf bin bench/.work
