#!/bin/sh
# Fetches llama.cpp's own server tests, which judge Understudy in test_llama_cpp_suites.py, and the
# chat templates that it is tested with, which test_chat_templates.py renders.
#
# They come in the source distribution of llama-cpp-python (MIT), whose hash is pinned: 77 MB of
# which the tests and the templates are kept, in a cache that git ignores. Their conftest.py is not:
# it downloads models.
# The tests get an environment of their own, with the versions that they ask for. Safe to run again: a
# second run does nothing.
# Usage: install_llama_suite.sh    (the folder is $UNDERSTUDY_TEST_CACHE, else .cache/client)
set -eu

repository=$(cd "$(dirname "$0")/../.." && pwd)
cache=${UNDERSTUDY_TEST_CACHE:-$repository/.cache/client}
suite=$cache/llama-suite
python=${PYTHON:-$repository/.venv/bin/python}

# The recipe has the version and the hash: "llama-cpp-python==VERSION --hash=sha256:HASH".
wanted=$("$python" -c 'from understudy.io.engines.llama_recipe import REQUIREMENT; print(REQUIREMENT)')
version=${wanted#*==}
version=${version%% *}

held="$version with templates"

if [ "$(cat "$suite/version" 2>/dev/null)" = "$held" ]; then
    echo "the server tests of llama.cpp ($version) are in $suite"
    exit 0
fi
rm -rf "$suite"
mkdir -p "$suite/download"
echo "$wanted" > "$suite/download/wanted.txt"
"$python" -m pip download --quiet --disable-pip-version-check --no-deps --no-binary :all: \
    --require-hashes --requirement "$suite/download/wanted.txt" --dest "$suite/download"

inside=llama_cpp_python-$version/vendor/llama.cpp
tests=$inside/tools/server/tests
(
    cd "$suite/download"
    tar -xzf "llama_cpp_python-$version.tar.gz" \
        "$tests" "$inside/models/templates"
    rm "$tests/conftest.py"
)
mv "$suite/download/$tests" "$suite/tests"
mv "$suite/download/$inside/models/templates" "$suite/templates"
rm -rf "$suite/download"

"$python" -m venv "$suite/environment"
"$suite/environment/bin/python" -m pip install --quiet --disable-pip-version-check \
    'pytest~=8.3.3' 'openai~=2.14.0' 'requests~=2.32.3'
echo "$held" > "$suite/version"
echo "the server tests of llama.cpp ($version) were put into $suite"
