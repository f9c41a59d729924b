import type { ConnectionFieldView } from "../../generated/ConnectionFieldView";
import type { ConnectionView } from "../../generated/ConnectionView";
import type { ProviderView } from "../../generated/ProviderView";
import { today } from "./moments";

function field(key: string, more: Partial<ConnectionFieldView> = {}): ConnectionFieldView {
  return { key, secret: false, required: false, default: "", options: [], advanced: true, ...more };
}

export const PROVIDERS: ProviderView[] = [
  {
    code: "wepay",
    name: "WePay",
    fields: [
      field("base_url", { required: true, advanced: false, default: "https://wepayapi.com/v2" }),
      field("client_id", { required: true, advanced: false }),
      field("access_token", { secret: true, advanced: false }),
      field("api_version", { default: "2017-02-01" }),
      field("create_without_token", { options: ["no", "yes"], default: "no" }),
      field("authorize_url"),
      field("risk_token", { secret: true }),
      field("client_ip"),
    ],
    countries: ["US", "CA", "GB"],
  },
  {
    code: "winter",
    name: "Winter",
    fields: [
      field("base_url", { required: true, advanced: false }),
      field("api_key", { secret: true, required: true, advanced: false }),
      field("api_secret", { secret: true, required: true, advanced: false }),
      field("key_header", { default: "X-API-KEY" }),
      field("secret_header", { default: "X-API-SECRET" }),
    ],
    countries: ["US"],
  },
];

export function twoConnections(): ConnectionView[] {
  return [
    {
      id: "connection-wepay",
      provider: "wepay",
      provider_name: "WePay",
      name: "WePay",
      settings: { base_url: "https://wepayapi.com/v2", client_id: "197534" },
      credentials_set: ["access_token"],
      has_extra_root: false,
      state: "ok",
      state_since_ms: today(9, 0),
      answered_ms: today(14, 10),
      accounts: 58,
    },
    {
      id: "connection-winter",
      provider: "winter",
      provider_name: "Winter",
      name: "Winter",
      settings: { base_url: "https://winter.example" },
      credentials_set: ["api_key", "api_secret"],
      has_extra_root: false,
      state: "credentials",
      state_since_ms: today(13, 58),
      answered_ms: today(13, 41),
      accounts: 2,
    },
  ];
}
