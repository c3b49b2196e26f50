#!/usr/bin/env bash
# Checks a statement or a receipt with openssl and coreutils only: check_by_hand.sh FILE PUBLIC_KEY.pem
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

from_base64url() {
  local text
  text=$(tr -- '-_' '+/')
  while (( ${#text} % 4 )); do text+='='; done
  base64 -d <<<"$text"
}
head_of() { openssl dgst -sha256 -binary | base64 -w0 | tr -- '+/' '-_' | tr -d '='; }

IFS='~' read -ra parts < <(cat "$1"; echo)
entry=${parts[0]}
printf %s "${entry%.*}" >"$work/signed"
printf %s "${entry##*.}" | from_base64url >"$work/signature"
openssl pkeyutl -verify -pubin -inkey "$2" -rawin -in "$work/signed" -sigfile "$work/signature" >"$work/answer" || {
  echo "the signature is wrong"
  exit 1
}
printf %s "$entry" | cut -d. -f2 | from_base64url >"$work/payload"

named=0
for disclosure in "${parts[@]:1}"; do
  grep -qF "\"$(printf %s "$disclosure" | head_of)\"" "$work/payload" || {
    echo "not signed: $disclosure"
    exit 1
  }
  printf %s "$disclosure" | from_base64url
  echo
  named=$((named + 1))
done
signed=$(grep -o '"\.\.\."' "$work/payload" | wc -l)
echo "$signed signed, $named named, head $(printf %s "$entry" | head_of)"
