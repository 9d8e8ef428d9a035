#!/bin/sh
# Makes build/other-python: Understudy on another minor version of Python than .venv's, so that the
# tests can see that a seed is the same run on both. Uses an interpreter that is here, or has uv
# fetch one. Safe to run again.
set -eu
cd "$(dirname "$0")/../.."
environment=build/other-python
stamp=$environment/.done
if [ -e "$stamp" ] && [ "$stamp" -nt pyproject.toml ] && "$environment/bin/python" -c ''; then
  exit 0
fi

mine=$(.venv/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
found=
for minor in 3.13 3.12 3.14 3.11; do
  [ "$minor" != "$mine" ] || continue
  for candidate in "python$minor" "${PYENV_ROOT:-${HOME:-/}/.pyenv}/versions/$minor".*/bin/python; do
    if "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
      found=$candidate
      break 2
    fi
  done
done

rm -rf "$environment"
if [ -n "$found" ]; then
  "$found" -m venv "$environment"
else
  other=3.13
  [ "$mine" != 3.13 ] || other=3.12
  echo "No other Python than $mine is here: uv fetches $other"
  .venv/bin/python -m pip install --disable-pip-version-check --no-input -qq --target build/uv uv
  build/uv/bin/uv venv --quiet --seed --python "$other" "$environment"
fi
"$environment/bin/python" --version
"$environment/bin/python" -m pip install --disable-pip-version-check --no-input -qq --editable .
touch "$stamp"
