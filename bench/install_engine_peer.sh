#!/bin/sh
# Builds llama.cpp's server, which bench/engines.py measures Understudy's worker beside.
#
# The source is that of llama-cpp-python's source distribution, at the version and with the options
# that `understudy engines install llama.cpp` builds the library with, so that both run the same
# code. About 10 minutes of CPU time; goes into build/peers/llama.cpp, which git ignores. Needs
# cmake and a C++ compiler. Never part of a check. Safe to run again.
# Usage: install_engine_peer.sh
set -eu

repository=$(cd "$(dirname "$0")/.." && pwd)
peer=$repository/build/peers/llama.cpp
python=${PYTHON:-$repository/.venv/bin/python}

# The recipe has the version and the hash: "llama-cpp-python==VERSION --hash=sha256:HASH".
wanted=$("$python" -c 'from understudy.io.engines.llama_recipe import REQUIREMENT; print(REQUIREMENT)')
version=${wanted#*==}
version=${version%% *}

if [ "$(cat "$peer/version" 2>/dev/null)" = "$version" ]; then
    echo "llama-server ($version) is in $peer"
    exit 0
fi
rm -rf "$peer"
mkdir -p "$peer/source"
echo "$wanted" > "$peer/source/wanted.txt"
"$python" -m pip download --quiet --disable-pip-version-check --no-deps --no-binary :all: \
    --require-hashes --requirement "$peer/source/wanted.txt" --dest "$peer/source"
tar -xzf "$peer/source/llama_cpp_python-$version.tar.gz" -C "$peer/source"
cmake -S "$peer/source/llama_cpp_python-$version/vendor/llama.cpp" -B "$peer/build" \
    -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=ON -DGGML_NATIVE=ON \
    -DLLAMA_OPENSSL=OFF -DLLAMA_BUILD_UI=OFF -DLLAMA_USE_PREBUILT_UI=OFF \
    -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_APP=OFF > "$peer/cmake.log"
cmake --build "$peer/build" --target llama-server --parallel > "$peer/build.log"
ln -s build/bin/llama-server "$peer/llama-server"
rm -rf "$peer/source"
echo "$version" > "$peer/version"
echo "llama-server ($version) was built in $peer"
