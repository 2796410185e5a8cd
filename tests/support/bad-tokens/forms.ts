import { segment, type TestIssuer } from "../tokens.ts";
import { type BadTokens, type Issuers, refusedFor, replaceSegment } from "./bad-token.ts";

/** A token has one spelling, and its JSON one reading. */
export function badForms({ own }: Issuers): BadTokens {
  const token = own.serviceToken();
  const [header = "", claims = "", signature = ""] = token.split(".");
  const members = JSON.stringify(own.serviceClaims());
  const named = `"alg":"ES384","typ":"at+jwt","kid":${JSON.stringify(own.kid)}`;
  return {
    good: {
      "as it was signed": token,
      "members written with escapes and spaces": own.sign(` ${members.replace('"sub"', '"\\u0073ub"')}\n`),
      "a claim that nobody knows": own.sign({
        ...own.serviceClaims(),
        name: "é€😀",
        constructor: { a: [1, { a: 2 }] },
      }),
    },
    bad: [
      ...refusedFor("malformed", {
        "two points": "..",
        "one segment": "token",
        "two segments": `${header}.${claims}`,
        "four segments": `${token}.${signature}`,
        "five segments, as JWE has": `${header}.${claims}.${claims}.${claims}.${signature}`,
        "empty claims": `${header}..${signature}`,
        "padding behind the signature": `${token}=`,
        "padding behind the claims": replaceSegment(token, 1, `${claims}=`),
        "padding behind the header": replaceSegment(token, 0, `${header}==`),
        "the other alphabet of base64, +": replaceSegment(token, 2, signature.replace(/^./, "+")),
        "the other alphabet of base64, /": replaceSegment(token, 2, signature.replace(/^./, "/")),
        "a character of no alphabet": replaceSegment(token, 2, signature.replace(/^./, "!")),
        "a space within": replaceSegment(token, 1, `${claims.slice(0, 8)} ${claims.slice(8)}`),
        "bits left over behind the claims": signedText(own, `${header}.${withSpareBit(members)}`),
        "bits left over behind the header": signedText(own, `${withSpareBit(`{${named}}`)}.${claims}`),
        "a percent sign": replaceSegment(token, 1, `%${claims.slice(1)}`),
        "a length that base64 cannot have": replaceSegment(
          token,
          1,
          `${claims.slice(0, claims.length - (claims.length % 4))}A`,
        ),
        "claims that are a list": own.sign(`[${members}]`),
        "claims that are a text": own.sign(JSON.stringify(members)),
        "claims that are null": own.sign("null"),
        "claims that are a number": own.sign("1"),
        "claims that are no JSON": own.sign(members.slice(0, -1)),
        "claims with something behind": own.sign(`${members}{}`),
        "claims with a comma too many": own.sign(`${members.slice(0, -1)},}`),
        "claims with a comment": own.sign(`/**/${members}`),
        "claims in single quotes": own.sign(members.replaceAll('"', "'")),
        "claims behind a byte order mark": own.sign(`\ufeff${members}`),
        "claims in UTF-16": own.sign(Buffer.from(members, "utf16le")),
        "claims that are no UTF-8": own.sign(
          Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc3, 0x28]), Buffer.from(`",${members.slice(1)}`)]),
        ),
        "an overlong UTF-8": own.sign(
          Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc0, 0xae]), Buffer.from(`",${members.slice(1)}`)]),
        ),
        "a claim twice": own.sign(`{"sub":"admin",${members.slice(1)}`),
        "a claim twice, once with an escape": own.sign(`{"s\\u0075b":"admin",${members.slice(1)}`),
        "a member twice, deep within": own.sign(`{"more":[{"a":{"b":1,"b":1}}],${members.slice(1)}`),
        "nested deep": own.sign(`{"more":${"[".repeat(2000)}${"]".repeat(2000)},${members.slice(1)}`),
      }),
      ...refusedFor("header", {
        "an empty header": `.${claims}.${signature}`,
        "a header that is a list": own.sign(members, `[{${named}}]`),
        "a header that is no JSON": own.sign(members, `{${named}`),
        "a header member twice": own.sign(members, `{"alg":"none",${named}}`),
        "a header member twice, once with an escape": own.sign(members, `{"\\u0061lg":"none",${named}}`),
        "a header in ISO 8859-1": own.sign(members, Buffer.from(`{${named},"é":1}`, "latin1")),
      }),
    ],
  };
}

/** Another spelling of what is almost base64url: a bit is set that belongs to no byte. */
function withSpareBit(json: string): string {
  const text = segment(json.padEnd(json.length + ((4 - (json.length % 3)) % 3)));
  return `${text.slice(0, -1)}${String.fromCharCode(text.charCodeAt(text.length - 1) + 1)}`;
}

function signedText({ signature }: TestIssuer, text: string): string {
  return `${text}.${signature(text)}`;
}
