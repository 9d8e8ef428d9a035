#!/bin/sh
# Installs the pinned Claude Code client for the tests in this folder.
#
# The client is proprietary: it is installed from npm into a cache that git ignores, never kept
# here. Needs node and npm; about 370 MB on disk. Safe to run again: a second run does nothing.
# Usage: install_client.sh    (the folder is $UNDERSTUDY_TEST_CACHE, else .cache/client)
set -eu

version=2.1.330
repository=$(cd "$(dirname "$0")/../.." && pwd)
cache=${UNDERSTUDY_TEST_CACHE:-$repository/.cache/client}
client=$cache/node_modules/.bin/claude

if [ -x "$client" ] && "$client" --version 2>/dev/null | grep -qF "$version"; then
    echo "claude $version is installed in $cache"
    exit 0
fi
mkdir -p "$cache"
cd "$cache"
[ -f package.json ] || echo '{"private": true}' > package.json
npm install --no-audit --no-fund --loglevel=error --save-exact "@anthropic-ai/claude-code@$version"
"$client" --version | grep -qF "$version" || {
    echo "claude in $cache does not say that it is version $version" >&2
    exit 1
}
echo "claude $version was installed in $cache"
