# The five things people run. Without just: each line below is a command for the shell.

# Make the development environment in .venv.
setup:
    python3 -m venv .venv && .venv/bin/pip install -q -e '.[dev,docs]'

# Run the tests, or some of them: just test tests/findings -k debris
test *ARGS:
    .venv/bin/pytest {{ARGS}}

# Style, types and layers.
lint:
    .venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy && .venv/bin/lint-imports

# Everything that a change must pass, on a fresh copy of the checkout (about ten minutes).
check:
    .ci/run

# Write the generated reference pages and build the site into site/.
docs:
    .venv/bin/python -m docs.command_line && .venv/bin/mkdocs build --strict
