import type { ApiError } from "../../generated/ApiError";

/** Throws what a command would be refused with. */
export function refuse(code: string, more: Partial<ApiError> = {}): never {
  const error: ApiError = { code, path: null, detail: null, ...more };
  throw error;
}
