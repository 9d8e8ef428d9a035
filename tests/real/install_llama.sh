#!/bin/sh
# Builds llama.cpp into .venv, for the tests of workers, with the command that users have for it: so
# that the command itself is tried on each fresh machine. Needs a C++ compiler. Safe to run again: where
# it is there and can be loaded, the command says so and does nothing.
set -eu

repository=$(cd "$(dirname "$0")/../.." && pwd)

"$repository/.venv/bin/understudy" engines install llama.cpp --yes
