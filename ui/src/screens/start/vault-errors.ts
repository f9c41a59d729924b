import type { ApiError } from "../../generated/ApiError";

/** Photos and vaults both have the code `damaged`; on these screens it is the vault that is meant. */
export function vaultError(error: ApiError): ApiError {
  return error.code === "damaged" ? { ...error, code: "vault_damaged" } : error;
}
