#!/usr/bin/env bash
# Foreign programs from PyPI, each in an environment of its own, by name: libasterix (an ASTERIX
# decoder, BSD-3, which claims the same import name as others) and stonesoup (a tracker, MIT). Never
# fails: what is compared with a missing one says so.
set -uo pipefail
cd "$(dirname "$0")/../.."

declare -A versions=([libasterix]=0.36.3 [stonesoup]=1.9.1)
uv=${UV:-uv}
for name in "$@"; do
  version=${versions[$name]}
  folder=.tools/peers/$name
  [ "$(cat "$folder/.version" 2>/dev/null)" = "$version" ] && continue
  echo "Setting up $name $version ..."
  if "$uv" venv --quiet --allow-existing "$folder" &&
    "$uv" pip install --quiet --python "$folder/bin/python" "$name==$version"; then
    echo "$version" >"$folder/.version"
  else
    echo "Could not install $name $version. What is compared with it is left out." >&2
  fi
done
exit 0
