/** What a token is asked for: a class with what is free in it. Nothing in it is checked yet. */
export type TokenRequest =
  | {
      readonly class: "service";
      readonly subject: string;
      /** Empty: the subject. */
      readonly clientId: string;
      readonly audience: string;
      readonly scope: readonly string[];
      readonly name: string;
      readonly purpose: string;
    }
  | {
      readonly class: "internal";
      readonly subject: string;
      readonly actor: string;
      readonly audience: string;
      readonly scope: readonly string[];
      readonly hop: number;
    }
  | {
      readonly class: "peer";
      /** A subject does not cross a border by its name: `pseudonym` stands for it. */
      readonly who:
        | { readonly kind: "subject"; readonly subject: string; readonly pseudonym: string }
        | { readonly kind: "node"; readonly node: string };
      readonly actor: string;
      readonly audience: string;
      readonly scope: readonly string[];
    }
  | {
      readonly class: "session";
      readonly node: string;
      readonly audience: string;
      readonly role: "dialer" | "listener" | undefined;
      /** In base64url; 43 characters are 32 bytes. */
      readonly ownNonce: string;
      readonly peerNonce: string;
      readonly transcriptHash: string;
    }
  | {
      readonly class: "subject";
      readonly subject: string;
      readonly audience: string;
      readonly scope: readonly string[];
    };
