#!/bin/sh
# Installs MLX and mlx-lm into .venv, for the tests of MLX's workers, as users do: on Linux it computes on
# the processor. Safe to run again.
set -eu

repository=$(cd "$(dirname "$0")/../.." && pwd)

"$repository/.venv/bin/python" -m pip --disable-pip-version-check --no-input -qq install --editable "$repository[mlx]"
