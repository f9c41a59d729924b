// Cameras of this computer: which there are, which was used last, and why one does not open.

/** Why there is no picture. */
export type CameraFault = "none" | "denied" | "busy" | "broken";

export type CameraChoice = { id: string; label: string };

const REMEMBERED = "satchel.camera";
/** Asked for, not demanded: more pixels are more dots per inch on the paper. */
const IDEAL = { width: { ideal: 3840 }, height: { ideal: 2160 }, frameRate: { ideal: 30 } };

/** Opens the camera that was chosen, else the one used last, else any. */
export async function openCamera(wanted: string | null): Promise<MediaStream> {
  const media = navigator.mediaDevices as MediaDevices | undefined;
  if (!media) throw new DOMException("no cameras here", "NotFoundError");
  const ask = (video: MediaTrackConstraints): Promise<MediaStream> =>
    media.getUserMedia({ video, audio: false });
  if (wanted !== null) {
    try {
      return await ask({ ...IDEAL, deviceId: { exact: wanted } });
    } catch (thrown) {
      // The camera that was used last may be unplugged: any other one is tried.
      if (!isNamed(thrown, ["OverconstrainedError", "NotFoundError"])) throw thrown;
    }
  }
  return ask({ ...IDEAL, facingMode: { ideal: "environment" } });
}

/** Why the camera did not open. */
export function cameraFault(thrown: unknown): CameraFault {
  if (isNamed(thrown, ["NotFoundError", "OverconstrainedError", "DevicesNotFoundError"])) {
    return "none";
  }
  if (isNamed(thrown, ["NotAllowedError", "SecurityError", "PermissionDeniedError"])) {
    return "denied";
  }
  return isNamed(thrown, ["NotReadableError", "TrackStartError"]) ? "busy" : "broken";
}

function isNamed(thrown: unknown, names: readonly string[]): boolean {
  return (
    typeof thrown === "object" &&
    thrown !== null &&
    "name" in thrown &&
    names.includes(String(thrown.name))
  );
}

/** The cameras that can be chosen; their names are known once one was allowed. */
export async function cameraChoices(unnamed: (n: number) => string): Promise<CameraChoice[]> {
  const devices = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  return devices
    .filter((device) => device.kind === "videoinput" && device.deviceId !== "")
    .map((device, index) => ({
      id: device.deviceId,
      label: device.label.replace(/\s*\([0-9a-f]{4}:[0-9a-f]{4}\)$/, "") || unnamed(index + 1),
    }));
}

/** The camera used last on this computer. A device's id is no personal data. */
export function rememberedCamera(): string | null {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null;
  }
}

/** Remembers the camera for the next time; without a store it is asked anew. */
export function rememberCamera(id: string): void {
  try {
    localStorage.setItem(REMEMBERED, id);
  } catch {
    return;
  }
}

/** Lets the camera go: its light goes out. */
export function closeCamera(stream: MediaStream | null): void {
  stream?.getTracks().forEach((track) => track.stop());
}
