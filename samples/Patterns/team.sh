# Sourced by the samples: a server of its own on a temporary data folder, with ghost and the specialists that the sample names.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
parley=${PARLEY:-$here/../../parley}

PARLEY_DATA=$(mktemp -d)
export PARLEY_DATA
unset PARLEY_URL PARLEY_TOKEN PARLEY_CONFIG PARLEY_DATABASE

finish() {
  if [[ -n ${server:-} ]]; then
    kill "$server" 2>/dev/null || true
    while read -r _ <&"$output"; do :; done # the server closes its output when it ends
  fi
  rm -rf "$PARLEY_DATA"
}
trap finish EXIT

# Who may spawn whom stands in the configuration.
cp "$here/parley.json" "$PARLEY_DATA/"

exec {output}< <(exec "$parley" up --listen 127.0.0.1:0 2>"$PARLEY_DATA/log")
server=$!
listens=no
while [[ $listens == no ]] && read -r line <&"$output"; do
  [[ $line != "Ctrl+C stops it." ]] || listens=yes
done
[[ $listens == yes ]] || { cat "$PARLEY_DATA/log" >&2; exit 1; }

# Adds ghost and these specialists, all on demonstration models: no key, no network.
team() {
  add ghost demo/ghost
  for name; do add "$name" demo/specialist; done
}

add() {
  "$parley" agent add "$1" >/dev/null
  "$parley" agent host "$1" --model "$2" >/dev/null
}
