# Learning to Explain. `make book` and `make test` set everything up on a machine that has
# Python 3.11, 3.12 or 3.13 and make. `make help` lists the rest.
VENV  ?= .venv
BIN    = $(VENV)/bin
DONE   = $(VENV)/.done

# A Python fits if it runs, is of the right age and can make a virtual environment.
FITS   = -c 'import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))'
PYTHON = $(shell for p in python3.11 python3.12 python3.13 python3 python; do \
	$$p $(FITS) >/dev/null 2>&1 && echo $$p && break; done)
WORKERS ?= 2
NOTEBOOKS = $(shell find book -name '*.ipynb' -not -path '*/.ipynb_checkpoints/*' | sort)

# Else pyright asks the network whether it is the newest.
export PYRIGHT_PYTHON_IGNORE_WARNINGS = 1

# Else glibc gives large blocks back after each use, and asks for them anew.
export MALLOC_MMAP_THRESHOLD_ = 33554432
export MALLOC_TRIM_THRESHOLD_ = 536870912

book: $(DONE)            ## set up if need be, run the chapters, build _build/html/index.html
	$(BIN)/jupyter-book build book --config _config.yml --path-output . -W -n --keep-going
	@echo "Open _build/html/index.html in a browser; it needs no network."

test: export METAXAI_SCALE = quick
test: export OMP_NUM_THREADS = 1
test: lint               ## every check: lint, notebooks, unit tests, the strict build, the browser
	@echo "First the chapters: nbval compares them, and the pages show the same run."
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile book; chapters=$$?; \
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile tests && exit $$chapters

lint: $(DONE)            ## style, types and import floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports

lab: $(DONE)             ## open JupyterLab on the first chapter
	$(BIN)/jupyter lab --ServerApp.root_dir="$(CURDIR)" book/concepts/why_explain.ipynb

grade: SUBMITTED ?= _build/assignments/submitted
grade: $(DONE)           ## grade a folder of submissions: make grade SUBMITTED=folder
	$(BIN)/python -m metaxai_lab.classroom.grade --workers $(WORKERS) "$(SUBMITTED)"

progress: $(DONE)        ## show which exercises you have passed
	$(BIN)/python -m metaxai_lab.classroom.progress

app: $(DONE)             ## ask exported learners, a tab for each, in a small page (Voila)
	$(BIN)/python -m metaxai_lab.classroom.app_files _build/app
	$(BIN)/voila app/answers.ipynb

assignments: $(DONE)     ## write the assignments of the seven parts, for students and teachers
	$(BIN)/python -m metaxai_lab.classroom.assignments _build/assignments

bench: $(DONE)           ## run the benchmarks; each prints a table of ratios
	set -e; for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script; done

store: export METAXAI_SCALE = quick
store: $(DONE)           ## run the chapters and store what nbval compares (after editing one)
	$(BIN)/python -m metaxai_lab.classroom.store $(NOTEBOOKS)

help:                    ## list the commands
	@sed -n 's/^\([a-z]*\):.*## /make \1: /p' $(MAKEFILE_LIST)

$(DONE): pyproject.toml constraints.txt
	@$(or $(PYTHON),false) $(FITS) 2>/dev/null || { echo "Needed: Python 3.11, 3.12 or 3.13 with its venv module." \
	"Found: $(or $(PYTHON),none that fits). Install one (Debian, Ubuntu: apt install python3 python3-venv)," \
	"or name one: make $(MAKECMDGOALS) PYTHON=/path/to/python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@echo "Installing the tested set into $(VENV); the first time this fetches a few GB (torch)."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[book,test,track,grade]"
	touch $@

.PHONY: book test lint lab grade progress app assignments bench store help
