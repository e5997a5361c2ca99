#!/usr/bin/env bash
# An independent ASTERIX decoder (PyPI libasterix, BSD-3) in an environment of its own, because it
# claims the same import name as others. Never fails: its tests skip and say so.
set -uo pipefail
cd "$(dirname "$0")/../.."

version=0.36.3
folder=.tools/peers/libasterix
[ "$(cat "$folder/.version" 2>/dev/null)" = "$version" ] && exit 0

uv=${UV:-uv}
echo "Setting up libasterix $version ..."
if "$uv" venv --quiet --allow-existing "$folder" &&
  "$uv" pip install --quiet --python "$folder/bin/python" "libasterix==$version"; then
  echo "$version" >"$folder/.version"
else
  echo "Could not install libasterix $version. Its tests will skip." >&2
fi
exit 0
