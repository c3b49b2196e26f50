#!/bin/sh
# Checks what a register of joint statements publishes, with openssl and the usual tools of a Unix system; nothing of ours runs.
#   sh signflow_verify.sh RECORD.sdjwt KEYS.json [TEXT.md]
# RECORD is a statement, an annex or a receipt (SD-JWT, RFC 9901; Ed25519, RFC 8037). KEYS come from a place you trust.
# Exit 0: it holds. 1: it does not, and the last line says why.
set -eu
record=$1 keys=$2 text=${3-}
LC_ALL=C
export LC_ALL
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

refuse() { printf 'REFUSED: %s\n' "$1"; exit 1; }
bytes() { tr '_-' '/+' | awk '{ while (length($0) % 4) $0 = $0 "="; print }' | base64 -d; }
digest() { openssl dgst -sha256 -binary | base64 | tr '/+' '_-' | tr -d '=\n'; }
part() { printf '%s\n' "$entry" | cut -d. -f"$1"; }
member() { grep -o "\"$1\":\"[^\"]*" | head -n 1 | cut -d'"' -f4; }
number() { grep -o "\"$1\":[0-9]*" "$work/payload" | head -n 1 | cut -d: -f2; }

# 1. the signature of the entry, by one of the keys
tr -d '\r\n ' < "$record" > "$work/record"
[ "$(tail -c 1 "$work/record")" = '~' ] || refuse 'this is no whole record: the final ~ is missing'
entry=$(cut -d'~' -f1 "$work/record")
part 1 | bytes > "$work/header" 2> "$work/errors" || refuse 'the header is not base64url'
kid=$(member kid < "$work/header")
[ -n "$kid" ] || refuse 'the header names no key'
grep -Eq '"typ":"signflow-(statement|annex)\+sd-jwt"' "$work/header" || refuse 'this is no statement, annex or receipt'
x=$(tr '{' '\n' < "$keys" | tr -d ' ' | grep -F -- "\"kid\":\"$kid\"" | member x) || true
[ -n "$x" ] || refuse "the key $kid is not among yours"
{ printf '\060\052\060\005\006\003\053\145\160\003\041\000'; printf '%s\n' "$x" | bytes; } > "$work/key.der"
printf %s "${entry%.*}" > "$work/signed"
part 3 | bytes > "$work/signature" 2> "$work/errors" || refuse 'the signature is not base64url'
openssl pkeyutl -verify -pubin -keyform DER -inkey "$work/key.der" -rawin -in "$work/signed" -sigfile "$work/signature" \
  > "$work/answer" 2>&1 || refuse 'the signature is wrong'
part 2 | bytes > "$work/payload"
grep -qF '"_sd_alg":"sha-256"' "$work/payload" || refuse 'the digests are not SHA-256'
printf 'signature: holds, by key %s\n' "$kid"

# 2. the text: its hash stands in the entry
if [ -n "$text" ]; then
  hash=$(openssl dgst -sha256 -r < "$text" | cut -d' ' -f1)
  grep -qF "\"sha256\":\"$hash\"" "$work/payload" || refuse "the text is not the one that was signed: $text"
  printf 'text: as signed, sha256 %s\n' "$hash"
fi

# 3. the names: the digest of each stands in the signed list, each once, and the list is as long as was signed
grep -o '{"\.\.\.":"[^"]*"}' "$work/payload" | cut -d'"' -f4 | sort > "$work/listed" || true
signed=$(wc -l < "$work/listed" | tr -d ' ')
[ "$signed" = "$(number signatory_count)" ] || refuse 'the list is not as long as was signed'
[ -z "$(uniq -d "$work/listed")" ] || refuse 'a digest is listed twice'
cut -d'~' -f2- "$work/record" | tr '~' '\n' | grep . > "$work/names" || true
[ -z "$(sort "$work/names" | uniq -d)" ] || refuse 'a name is shown twice'
shape='^\["[A-Za-z0-9_-]{22,}",\{"name":\{.*\},"date":"[0-9]{4}-[0-9]{2}-[0-9]{2}"\}\]$'
while read -r name; do
  seal=$(printf %s "$name" | digest)
  grep -qxF -- "$seal" "$work/listed" || refuse "a name is not in the signed list: $(printf '%s\n' "$name" | bytes 2> "$work/errors")"
  { printf '%s\n' "$name" | bytes; printf '\n'; } | grep -E "$shape" >> "$work/said" || refuse 'a name is not a salt, a name and a date'
done < "$work/names"
if [ -s "$work/said" ]; then cat "$work/said"; fi
shown=$(wc -l < "$work/names" | tr -d ' ')
printf 'OK: %s signed, %s named, %s withheld, entry %s:%s\n' \
  "$signed" "$shown" "$((signed - shown))" "$(number seq)" "$(printf %s "$entry" | digest)"
