#!/usr/bin/env bash
# The Autoferry sensor fusion dataset (CC0): real plots and bearings of boats, on which
# bench/bench_autoferry.py runs the tracker. Never fails: the bench says what is missing.
set -uo pipefail
cd "$(dirname "$0")/../.."

commit=319ed9a587be01ac68e5b5a8233316c5f5ac79bf
folder=.tools/peers/autoferry
[ "$(cat "$folder/.version" 2>/dev/null)" = "$commit" ] && exit 0

echo "Fetching the Autoferry dataset ..."
mkdir -p "$folder"
if curl --fail --silent --show-error --location --max-time 300 \
  "https://codeload.github.com/Autoferry/sensor_fusion_dataset/tar.gz/$commit" |
  tar --extract --gzip --strip-components 1 --directory "$folder" --wildcards '*.json' '*/LICENSE'; then
  echo "$commit" >"$folder/.version"
else
  echo "Could not fetch the Autoferry dataset. bench/bench_autoferry.py will say so." >&2
fi
exit 0
