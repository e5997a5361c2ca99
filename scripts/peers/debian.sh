#!/usr/bin/env bash
# Installs the Debian programs that tests start or compare with, where apt and root are there.
# Never fails: a test whose program is missing skips and says so.
set -uo pipefail

# program=package
wanted=(mosquitto=mosquitto tshark=tshark chromium=chromium)

missing=()
for pair in "${wanted[@]}"; do
  PATH="$PATH:/usr/sbin" command -v "${pair%%=*}" >/dev/null || missing+=("${pair##*=}")
done
# A browser without a font draws boxes; the package of the font brings no program to look for.
compgen -G "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf" >/dev/null || missing+=(fonts-dejavu-core)
[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
  echo "Not installed, and no root or apt here: ${missing[*]}. Their tests will skip." >&2
  exit 0
fi

echo "Installing from Debian: ${missing[*]} ..."
export DEBIAN_FRONTEND=noninteractive
# A run level of 1 keeps the packages from starting their own services on our ports.
export RUNLEVEL=1
if ! { apt-get -qq update && apt-get -qq install -y --no-install-recommends "${missing[@]}"; } \
  >/dev/null 2>&1 </dev/null; then
  echo "Could not install ${missing[*]} from Debian. Their tests will skip." >&2
fi
exit 0
