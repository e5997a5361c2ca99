#!/usr/bin/env bash
# Stone Soup (PyPI stonesoup, MIT), beside which the tracker is measured, in an environment of its
# own. Never fails: the bench says what is missing.
set -uo pipefail
cd "$(dirname "$0")/../.."

version=1.9.1
folder=.tools/peers/stonesoup
[ "$(cat "$folder/.version" 2>/dev/null)" = "$version" ] && exit 0

uv=${UV:-uv}
echo "Setting up Stone Soup $version ..."
if "$uv" venv --quiet --allow-existing "$folder" &&
  "$uv" pip install --quiet --python "$folder/bin/python" "stonesoup==$version"; then
  echo "$version" >"$folder/.version"
else
  echo "Could not install Stone Soup $version. bench/bench_gospa.py will say so." >&2
fi
exit 0
