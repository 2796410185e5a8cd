import assert from "node:assert/strict";
import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { test } from "node:test";
import { indexTrust } from "@catalyst-node/core/trust";
import { makeIssuer, segment, trustIn } from "../../../tests/support/tokens.ts";
import { createTokenVerifier, isRefused } from "./index.ts";

/**
 * The cases of Wycheproof's json_web_signature_test.json, put to a key on P-384: it has none of ES384. Their names are
 * its comments, their numbers those of its ES256 groups or of the group that has them. Left out is what only RSA, HMAC
 * or a JWK with `use` and `key_ops` can have.
 */
const own = makeIssuer();
const claims = own.serviceClaims();
const token = own.sign(claims);
const [header = "", payload = "", signature = ""] = token.split(".");
const bytes = Buffer.from(signature, "base64url");
const [r, s] = [bytes.subarray(0, 48), bytes.subarray(48)];
const point = Buffer.concat([
  Buffer.from([4]),
  ...[own.jwk["x"], own.jwk["y"]].map((text) => Buffer.from(text ?? "", "base64url")),
]);

const n = 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n;
const number = (value: bigint, length = 48): Buffer => Buffer.from(value.toString(16).padStart(2 * length, "0"), "hex");
const value = (part: Buffer): bigint => BigInt(`0x${part.toString("hex")}`);
/** The token with another signature. */
const withSignature = (...parts: readonly Buffer[]): string => `${header}.${payload}.${segment(Buffer.concat(parts))}`;
const signed = (head: string, body: string): string => `${head}.${body}.${own.signature(`${head}.${body}`)}`;
const headed = (members: Readonly<Record<string, unknown>>): string =>
  segment({ alg: "ES384", typ: "at+jwt", kid: own.kid, ...members });

const valid: Readonly<Record<string, string>> = {
  "18 acceptsValid": token,
  "376 ValidSpacesInJsonHeader": own.sign(claims, ` {"kid" : "${own.kid}", "alg" : "ES384", "typ" : "at+jwt" }`),
  "377 ValidWhiteSpaceInJsonHeader": own.sign(claims, `{"kid":"${own.kid}",\n\t"alg":"ES384",\r\n"typ":"at+jwt"}`),
  "378 valid": own.sign(claims),
};

const special = { Zero: 0n, One: 1n, Nminus1: n - 1n, N: n };
const specialPairs = Object.entries(special).flatMap(([nameR, one]) =>
  Object.entries(special).map(([nameS, two]) => [
    `386-401 rIs${nameR}_sIs${nameS}`,
    withSignature(number(one), number(two)),
  ]),
);

const stranger = generateKeyPairSync("ec", { namedCurve: "P-384" });
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const strangers = headed({ jwk: { ...stranger.publicKey.export({ format: "jwk" }), kid: own.kid, alg: "ES384" } });
const ofRsa = headed({ alg: "RS384" });
const macHeader = headed({ alg: "HS384" });

const invalid: Readonly<Record<string, string>> = {
  "19 rejectsModifiedSignature": withSignature(r, number(value(s) ^ 1n)),
  "20 rejectsMissingSignature": `${header}.${payload}.`,
  "21 rejectsMissingSignatureAndSeparator": `${header}.${payload}`,
  "22 rejectsModifiedPayload": `${header}.${segment({ ...claims, sub: "other" })}.${signature}`,
  "23 rejectsMissingPayload": `${header}..${signature}`,
  "24 rejectsMissingPayloadAndSeparator": `${header}.${signature}`,
  "25 rejectsModifiedHeader": `${segment(`{"kid":"${own.kid}","alg":"ES384","typ":"at+jwt"}`)}.${payload}.${signature}`,
  "26 rejectsMissingHeader": `.${payload}.${signature}`,
  "27 rejectsMissingHeaderAndSeparator": `${payload}.${signature}`,
  "28 rejectsMissingHeaderAndSignature": `.${payload}.`,
  "29 rejectsMissingHeaderSignatureAndSeparators": payload,
  "30 rejectsEmptyString": "",
  "31 rejectsSymmetryConfusionAttacks_aesKeyFromEcVerificationKeyBytes": `${macHeader}.${payload}.${segment(createHmac("sha384", point).update(`${macHeader}.${payload}`).digest())}`,
  "32 rejectsAttackerProvidedEmbeddedJwk": `${strangers}.${payload}.${segment(
    sign("sha384", Buffer.from(`${strangers}.${payload}`), { key: stranger.privateKey, dsaEncoding: "ieee-p1363" }),
  )}`,
  "14 rejectsExtraEmptyComponent": `${token}.`,
  "15 rejectsExtraComponent": `${token}.foo`,
  "16 rejectsNoneAlgorithmAndMissingSignature": `${headed({ alg: "none" })}.${payload}.`,
  "17 rejectsValidJsonSerialization": JSON.stringify({
    payload,
    signatures: [{ protected: header, header: { kid: own.kid }, signature }],
  }),
  "331-340 UsingRS384": `${ofRsa}.${payload}.${segment(sign("sha384", Buffer.from(`${ofRsa}.${payload}`), rsa.privateKey))}`,
  "341 algIsNone none": `${segment({ alg: "none" })}.${payload}.`,
  "342 algIsNone NONE": `${segment({ alg: "NONE" })}.${payload}.`,
  "343 algIsNone None": `${segment({ alg: "None" })}.${payload}.`,
  "344 algIsNone, all else as it should be": signed(headed({ alg: "nonE" }), payload),
  "360 rejectsSpacesInMac": `${header}.${payload}.${signature.slice(0, 8)} ${signature.slice(8)}`,
  "361 rejectsInvalidCharacterInsertedInMac": `${header}.${payload}.${signature.slice(0, 8)}?${signature.slice(8)}`,
  "363 rejects0ReplacedbyInvalidCharacter": `${header}.${payload}.?${signature.slice(1)}`,
  "364 rejectsInvalidCharacters": `${header}.${payload}.${"#".repeat(128)}`,
  "365 spacesInHeader": signed(`${header}    `, payload),
  "366 invalidCharactersInHeader": signed(`${header}####`, payload),
  "367 invalidBase64Padding": signed(`${header}=`, payload),
  "368 spacesInPayload": signed(header, `${payload}    `),
  "369 invalidCharactersInPayload": signed(header, `${payload}####`),
  "370 invalidBase64PaddingInPayload": signed(header, `${payload}==`),
  "371 InvalidCharacterInPayload": signed(header, `?${payload}`),
  // Wycheproof calls these two valid where the signature is of the text without them; here a text has one spelling.
  "372 InvalidCharacterInsertedInHeader": `${header.slice(0, -1)}?${header.slice(-1)}.${payload}.${signature}`,
  "373 InvalidCharacterInsertedInPayload": `${header}.${payload}?.${signature}`,
  "374 ModifiedUnusedBitsInPayload": `${header}.${loose(segment(spaced(claims)))}.${own.signature(`${header}.${segment(spaced(claims))}`)}`,
  "375 MacOfIncorrectlyEncodedMessage": signed(header, loose(segment(spaced(claims)))),
  "379 SignatureTooLong": withSignature(Buffer.alloc(1), r, Buffer.alloc(1), s),
  "380 TrailingZeros": withSignature(r, Buffer.alloc(1), s, Buffer.alloc(1)),
  "381 RisTooBig": withSignature(number(value(r) + n, 49), number(value(s), 49)),
  "382 SisTooBig": withSignature(number(value(r), 49), number(value(s) + n, 49)),
  "383 IntegerOverflow of r": withSignature(Buffer.from([1]), r, Buffer.alloc(1), s),
  "384 IntegerOverflow of s": withSignature(Buffer.alloc(1), r, Buffer.from([1]), s),
  "385 BufferOverflow": withSignature(Buffer.alloc(500), r, s),
  ...Object.fromEntries(specialPairs),
};

test("the invalid categories of Wycheproof's JWS vectors are refused of ES384 too, and the valid ones are taken", async () => {
  const verifier = createTokenVerifier();
  const index = indexTrust(trustIn(own));
  const isTaken = async (text: string): Promise<boolean> =>
    !isRefused(await verifier.verify(text, index, { audience: "acme/west", classes: ["service"] }));
  for (const [name, text] of Object.entries(valid)) assert.equal(await isTaken(text), true, name);
  for (const [name, text] of Object.entries(invalid)) assert.equal(await isTaken(text), false, name);
  assert.equal(Object.keys(invalid).length, 61);
});

/** JSON of a length that leaves bits over in base64. */
function spaced(members: unknown): string {
  const json = JSON.stringify(members);
  return json.padEnd(json.length + ((4 - (json.length % 3)) % 3));
}

/** With a bit set that belongs to no byte. */
function loose(text: string): string {
  return `${text.slice(0, -1)}${String.fromCharCode(text.charCodeAt(text.length - 1) + 1)}`;
}
