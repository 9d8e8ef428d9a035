#!/bin/sh
# Installs the gateways that bench/gateway.py measures Understudy beside, at pinned versions.
#
# Each goes into a folder of its own under build/peers, which git ignores: LiteLLM into a virtual
# environment (about 750 MB), claude-code-router into an npm prefix (about 100 MB; needs node and
# npm). Never part of a check: the benchmark leaves out what is not installed. Safe to run again:
# what is there at the right version is left as it is.
# Usage: install_peers.sh [litellm] [ccr]    (default: both)
set -eu

litellm_version=1.106.2
ccr_version=2.0.0
repository=$(cd "$(dirname "$0")/.." && pwd)
peers=$repository/build/peers

install_litellm() {
    python=$peers/litellm/bin/python
    wanted="litellm==$litellm_version"
    if [ -x "$python" ] && "$python" -m pip freeze 2>/dev/null | grep -qxF "$wanted"; then
        echo "$wanted is installed"
        return
    fi
    "${PYTHON:-python3}" -m venv "$peers/litellm"
    "$python" -m pip --disable-pip-version-check --no-input -q install \
        "litellm[proxy]==$litellm_version"
    echo "$wanted was installed in $peers/litellm"
}

install_ccr() {
    package=@musistudio/claude-code-router
    manifest=$peers/ccr/node_modules/$package/package.json
    if grep -qF "\"version\": \"$ccr_version\"" "$manifest" 2>/dev/null; then
        echo "$package@$ccr_version is installed"
        return
    fi
    mkdir -p "$peers/ccr"
    cd "$peers/ccr"
    [ -f package.json ] || echo '{"private": true}' > package.json
    npm install --no-audit --no-fund --loglevel=error --save-exact "$package@$ccr_version"
    echo "$package@$ccr_version was installed in $peers/ccr"
}

[ $# -gt 0 ] || set -- litellm ccr
for peer; do
    case $peer in
        litellm | ccr) (install_"$peer") ;;
        *)
            echo "unknown peer: $peer (known: litellm, ccr)" >&2
            exit 2
            ;;
    esac
done
