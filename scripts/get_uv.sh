#!/usr/bin/env bash
# Puts uv into .tools, with nothing but Python. Says what is missing if it cannot.
set -euo pipefail
cd "$(dirname "$0")/.."

python=""
for candidate in python3 python3.13 python3.12 python3.11; do
  if command -v "$candidate" >/dev/null &&
    "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    python=$candidate
    break
  fi
done
if [ -z "$python" ]; then
  echo "No Python >= 3.11 is on the PATH; install one and try again." >&2
  exit 4
fi

# Debian splits venv from Python; where we may, we fetch it.
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  if command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ]; then
    DEBIAN_FRONTEND=noninteractive apt-get -qq update >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y python3-venv >/dev/null
  else
    echo "$python has no venv module; install it (Debian: apt-get install python3-venv)." >&2
    exit 4
  fi
fi

"$python" -m venv .tools
.tools/bin/pip install --quiet --disable-pip-version-check uv
