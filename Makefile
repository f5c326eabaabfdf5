# The verbs of the project. `make serve` and `make test` set up all that they need in .venv.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
PACKAGES := assistant knowledge models eval tests
# The batches a and c of our dialogs are learned from, b and d are kept for judging.
LEARNED := $(foreach batch,a c,--dialogs eval/dialogs/batch_$(batch).jsonl)
HELD_OUT := $(foreach batch,b d,eval/dialogs/batch_$(batch).jsonl)

.PHONY: help install serve test lint format eval gate bench train training-report weights calibration starter-vectors constraints clean

help:  ## show the verbs
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

.venv/serving: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: install it, or say PYTHON=/path/to/python"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing what serving and evaluating need into .venv (about a minute the first time) ..."
	@$(PIP) --editable '.[eval]'
	@touch $@

.venv/developing: .venv/serving
	@echo "Installing what tests and training need into .venv (a few minutes the first time) ..."
	@$(PIP) --editable '.[dev]'
	@touch $@

install: .venv/serving  ## make .venv/bin/xiaoer

serve: .venv/serving  ## the page and the API at http://127.0.0.1:8000/ (another port: make serve ARGS="--port 8001")
	@$(BIN)/xiaoer serve $(ARGS)

test: .venv/developing  ## every test
	$(BIN)/python -m pytest $(ARGS)

lint: .venv/developing  ## ruff, mypy, import-linter
	$(BIN)/ruff check $(PACKAGES)
	$(BIN)/ruff format --check $(PACKAGES)
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/developing  ## lay the code out
	$(BIN)/ruff check --fix $(PACKAGES)
	$(BIN)/ruff format $(PACKAGES)

eval: .venv/developing  ## measure our own dialogs; writes build/eval.html and build/eval.json (ARGS="--baselines --ablation")
	@mkdir -p build && folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	XIAOER_DATA_DIR=$$folder $(BIN)/xiaoer eval dialogs eval/dialogs/*.jsonl --report build/eval.html $(ARGS)

gate: .venv/developing  ## held-out dialogs: fail below the levels of eval/dialogs/levels.yaml
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	XIAOER_DATA_DIR=$$folder $(BIN)/xiaoer eval gate $(HELD_OUT) $(ARGS)

bench: .venv/developing  ## speed as ratios to the encoder alone, with a chart
	$(BIN)/python -m eval.bench $(ARGS)

train:  ## rebuild all that is learned, and report on dialogs it has not seen (about forty minutes)
	@$(MAKE) weights
	@$(MAKE) starter-vectors
	@$(MAKE) calibration
	@$(MAKE) training-report

weights: .venv/developing  ## tune and rebuild the shipped encoder (half an hour)
	$(BIN)/python -m assistant.train_encoder $(ARGS)

calibration: .venv/developing  ## fit heads and the shipped calibration anew on utterances, dialogs and starter knowledge
	@folder=$$(mktemp -d) && XIAOER_DATA_DIR=$$folder $(BIN)/xiaoer models fit --from-scratch $(LEARNED) --output models/weights/calibration.json; rm -rf $$folder

training-report: .venv/developing  ## what the shipped models reach on held-out dialogs: build/training.html
	@mkdir -p build; folder=$$(mktemp -d) && XIAOER_DATA_DIR=$$folder $(BIN)/xiaoer eval dialogs $(HELD_OUT) --baselines --ablation --report build/training.html; rm -rf $$folder

starter-vectors: .venv/developing  ## embed the starter knowledge anew
	$(BIN)/python -m knowledge.starter.vectors

constraints: .venv/developing  ## pin the versions that are installed now
	@{ head -1 constraints.txt; $(BIN)/python -m pip freeze --exclude-editable | sed 's/+cpu$$//'; } > constraints.new
	@mv constraints.new constraints.txt

clean:  ## remove what was installed and made; the data folder stays
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
