#!/bin/sh
# Installs two clients that are not Claude Code, pinned, for test_other_clients.py: Codex, which
# speaks OpenAI's Responses, and Gemini CLI, which speaks Google's dialect.
#
# From npm into a cache that git ignores; needs node 20 and npm, and 500 MB on disk. Safe to run
# again: a second run does nothing.
# Usage: install_other_clients.sh    (the folder is $UNDERSTUDY_TEST_CACHE, else .cache/client)
set -eu

repository=$(cd "$(dirname "$0")/../.." && pwd)
cache=${UNDERSTUDY_TEST_CACHE:-$repository/.cache/client}

# install FOLDER PROGRAM PACKAGE VERSION
install() {
    folder=$cache/$1
    if [ "$(cat "$folder/version" 2>/dev/null)" = "$4" ]; then
        echo "$2 $4 is installed in $folder"
        return
    fi
    mkdir -p "$folder"
    cd "$folder"
    echo '{"private": true}' > package.json
    npm install --no-audit --no-fund --loglevel=error --save-exact "$3@$4"
    "node_modules/.bin/$2" --version | grep -qF "$4" || {
        echo "$2 in $folder does not say that it is version $4" >&2
        exit 1
    }
    echo "$4" > version
    echo "$2 $4 was installed in $folder"
}

install codex codex @openai/codex 0.169.0
install gemini-cli gemini @google/gemini-cli 0.61.0
