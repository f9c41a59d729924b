import type { ConnectionFieldView } from "../../generated/ConnectionFieldView";
import type { ConnectionRequest } from "../../generated/ConnectionRequest";
import type { ConnectionView } from "../../generated/ConnectionView";
import type { ProviderView } from "../../generated/ProviderView";
import { fieldLabel, words } from "../../text";

export type Typed = Record<string, string>;

/** What stands in the form of a connection before anything is typed. */
export function startValues(provider: ProviderView, connection?: ConnectionView): Typed {
  return Object.fromEntries(
    provider.fields.map((field) => [
      field.key,
      field.secret
        ? ""
        : (connection?.settings[field.key] ?? (field.required ? field.default : "")),
    ]),
  );
}

/** What is wrong with one field, or nothing. */
export function fieldWrong(
  field: ConnectionFieldView,
  value: string,
  connection?: ConnectionView,
): string | null {
  const text = value.trim();
  const kept = field.secret && connection?.credentials_set.includes(field.key);
  if (field.required && !text && !field.default && !kept) {
    return words.connect.missing(fieldLabel(field.key));
  }
  return text && /(^|_)url$/.test(field.key) && !isAddress(text) ? words.connect.badAddress : null;
}

/** An https address; http for this computer alone. */
function isAddress(text: string): boolean {
  try {
    const { protocol, hostname } = new URL(text);
    const local = ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
    return protocol === "https:" || (protocol === "http:" && local);
  } catch {
    return false;
  }
}

/** The request that saves what was typed. Secrets that were left empty keep their value. */
export function requestOf(
  provider: ProviderView,
  typed: Typed,
  name: string,
  rootPem: string | null,
  connection?: ConnectionView,
): ConnectionRequest {
  const settings: Record<string, string> = {};
  const credentials: Record<string, string> = {};
  for (const field of provider.fields) {
    const value = (typed[field.key] ?? "").trim();
    if (!field.secret) settings[field.key] = value || field.default;
    else if (value) credentials[field.key] = value;
  }
  return {
    id: connection?.id ?? null,
    provider: provider.code,
    name: name.trim(),
    settings,
    credentials,
    extra_root_pem: rootPem,
  };
}
