// A picture on its way: one at a time, with its size, and a way to cancel.
import type { ApiError } from "../../generated/ApiError";
import type { PhotoView } from "../../generated/PhotoView";
import { asApiError, host, type Picture } from "../../host";

/** No file larger than this is a photo; it is not even read. */
const FILE_BYTES_MAX = 64 * 1024 * 1024;

export type Shot =
  { got: "photo"; photo: PhotoView } | { got: "fault"; error: ApiError } | { got: "nothing" };

/** Sends a picture; one that was cancelled meanwhile is removed again. */
export async function send(
  target: { draft: string; document: string; side: string },
  picture: () => Promise<Picture | null>,
  cancelled: () => boolean,
): Promise<Shot> {
  try {
    const ready = await picture();
    if (ready === null || cancelled()) return { got: "nothing" };
    const photo = await host().photoAdd(target.draft, target.document, target.side, ready);
    if (!cancelled()) return { got: "photo", photo };
    await host().photoRemove(target.draft, photo.id);
    return { got: "nothing" };
  } catch (thrown) {
    return cancelled() ? { got: "nothing" } : { got: "fault", error: asApiError(thrown) };
  }
}

/** The bytes of a file as they are; the name is never looked at. */
export async function fileBytes(file: File, page?: number): Promise<Picture> {
  if (file.size > FILE_BYTES_MAX) throw fault("too_large_file");
  if (file.size === 0) throw fault("empty_file");
  const bytes = new Uint8Array(await file.arrayBuffer());
  return page === undefined ? { bytes } : { bytes, page };
}

/** How many pages a file has of which one must be chosen. */
export function pagesToChoose(error: ApiError | null): number {
  const asks = error?.code === "several_pages" || error?.code === "no_such_page";
  return asks ? Number(error.detail ?? 0) : 0;
}

function fault(code: string): ApiError {
  return { code, path: null, detail: null };
}

/** The first picture of a drop or a paste. */
export function firstFile(data: DataTransfer | null): File | null {
  return data?.files.item(0) ?? null;
}
