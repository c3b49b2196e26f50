// Reads every record with two versions of @sd-jwt/core and its signature with jose; prints what each made of it, as JSON.
import { createHash, createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, vectors] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${modules}/package.json`));
const load = (name) => import(pathToFileURL(require.resolve(name)));
const jwks = JSON.parse(readFileSync(`${vectors}/keys.json`, "utf8"));
const jose = await load("jose");
const set = jose.createLocalJWKSet(jwks);
const keyOf = (signed) => {
  const { kid } = JSON.parse(Buffer.from(signed.split(".")[0], "base64url"));
  const jwk = jwks.keys.find((one) => one.kid === kid);
  if (!jwk) throw new Error("unknown key");
  return createPublicKey({ key: jwk, format: "jwk" });
};
const settings = {
  verifier: async (signed, signature) =>
    verify(null, Buffer.from(signed), keyOf(signed), Buffer.from(signature, "base64url")),
  hasher: async (words, algorithm) =>
    new Uint8Array(createHash(algorithm.replace("-", "")).update(Buffer.from(words)).digest()),
  signAlg: "EdDSA",
  hashAlg: "sha-256",
};

const records = Object.fromEntries(
  ["statement", "withheld", "receipt", "annex"].map((name) => [name, readFileSync(`${vectors}/${name}.sdjwt`, "utf8")]),
);
for (const [name, one] of Object.entries(JSON.parse(readFileSync(`${vectors}/refused.json`, "utf8")))) {
  records[name] = one.record;
}
const found = {};
for (const library of ["@sd-jwt/core", "sd-jwt-core-next"]) {
  const { SDJwtInstance } = await load(library);
  const reader = new SDJwtInstance(settings);
  found[library] = {};
  for (const [name, record] of Object.entries(records)) {
    try {
      const { payload } = await reader.verify(record);
      found[library][name] = { names: payload.signatories.map((one) => one.name), count: payload.signatory_count };
    } catch (error) {
      found[library][name] = { refused: String(error.message) };
    }
  }
}
found.jose = {};
for (const [name, record] of Object.entries(records)) {
  try {
    const { payload } = await jose.compactVerify(record.split("~")[0], set, { algorithms: ["EdDSA"] });
    found.jose[name] = { count: JSON.parse(new TextDecoder().decode(payload)).signatory_count };
  } catch (error) {
    found.jose[name] = { refused: String(error.code) };
  }
}
console.log(JSON.stringify(found));
