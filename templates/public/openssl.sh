text={{ reference }}.{{ tongue }}.md record={{ reference }}.sdjwt keys=signflow-keys.json
part() { cut -d'~' -f1 "$record" | cut -d. -f"$1"; }
pad() { awk '{ while (length($0) % 4) $0 = $0 "="; print }'; }
bytes() { tr '_-' '/+' | pad | base64 -d; }
digest() { openssl dgst -sha256 -binary | base64 | tr '/+' '_-' | tr -d =; }
member() { grep -o "\"$1\":\"[^\"]*" | cut -d'"' -f4; }

# 1. the signature of the record
kid=$(part 1 | bytes | member kid)
x=$(tr '{' '\n' < "$keys" | grep -F -- "$kid" | member x)
printf '\060\052\060\005\006\003\053\145\160\003\041\000' > key.der
printf '%s\n' "$x" | bytes >> key.der
printf %s "$(part 1,2)" > signed
part 3 | bytes > signature
openssl pkeyutl -verify -pubin -keyform DER -inkey key.der \
  -rawin -in signed -sigfile signature

# 2. the text: its hash stands in the record
hash=$(sha256sum < "$text" | cut -d' ' -f1)
part 2 | bytes > payload
grep -q "\"$hash\"" payload && says="as signed" || says="NOT as signed"
echo "text: $says"

# 3. the names: the digest of each stands in the record
cut -d'~' -f2- "$record" | tr '~' '\n' | grep . | while read -r name; do
  seal=$(printf %s "$name" | digest)
  grep -qF -- "\"$seal\"" payload || echo "NOT SIGNED:"
  printf '%s\n' "$name" | bytes && echo
done
