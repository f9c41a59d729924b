import { invoke, type InvokeArgs } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { getCurrentWebview } from "@tauri-apps/api/webview";
import { getCurrentWindow } from "@tauri-apps/api/window";

import type { ChangedView } from "../generated/ChangedView";
import { asApiError, type Frame, type Host, type Picture } from "./host";

async function ask<T>(command: string, args?: InvokeArgs): Promise<T> {
  try {
    return await invoke<T>(command, args);
  } catch (thrown) {
    throw asApiError(thrown);
  }
}

/** Sends bytes as they are: the request's body is the picture, its parameters are headers. */
async function send<T>(
  command: string,
  bytes: Uint8Array,
  headers: Record<string, string>,
): Promise<T> {
  try {
    return await invoke<T>(command, bytes, { headers });
  } catch (thrown) {
    throw asApiError(thrown);
  }
}

function pictureBody(picture: Picture): { bytes: Uint8Array; headers: Record<string, string> } {
  if ("rgba" in picture) return frameBody(picture);
  const headers: Record<string, string> = {};
  if (picture.page !== undefined) headers["page"] = String(picture.page);
  return { bytes: picture.bytes, headers };
}

function frameBody(frame: Frame): { bytes: Uint8Array; headers: Record<string, string> } {
  const { rgba, width, height } = frame;
  const bytes =
    rgba instanceof Uint8Array
      ? rgba
      : new Uint8Array(rgba.buffer, rgba.byteOffset, rgba.byteLength);
  return { bytes, headers: { width: String(width), height: String(height) } };
}

export const tauriHost: Host = {
  appState: () => ask("app_state"),
  vaultCreate: (request) => ask("vault_create", { request }),
  vaultUnlock: (request) => ask("vault_unlock", { request }),
  vaultLock: () => ask("vault_lock"),
  windowUsed: () => ask("window_used"),
  passphraseSuggest: () => ask("passphrase_suggest"),
  passphraseJudge: (passphrase) => ask("passphrase_judge", { passphrase }),
  recoverySuggest: () => ask("recovery_suggest"),
  vaultRecover: (request) => ask("vault_recover", { request }),
  pinUnlock: (pin) => ask("pin_unlock", { pin }),
  protectionShow: () => ask("protection_show"),
  trainingStart: () => ask("training_start"),
  trainingLeave: (erase) => ask("training_leave", { erase }),
  themeSet: (theme) => ask("theme_set", { theme }),
  zoomSet: (percent) => ask("zoom_set", { percent }),

  peopleShow: () => ask("people_show"),
  personAdd: (request) => ask("person_add", { request }),
  personRemove: (request) => ask("person_remove", { request }),
  passphraseChange: (request) => ask("passphrase_change", { request }),
  recoveryChange: (request) => ask("recovery_change", { request }),
  pinSet: (request) => ask("pin_set", { request }),

  providersList: () => ask("providers_list"),
  connectionsList: () => ask("connections_list"),
  connectionSave: (request) => ask("connection_save", { request }),
  connectionCheck: (id) => ask("connection_check", { id }),
  connectionPause: (id, paused) => ask("connection_pause", { id, paused }),

  accountsList: (request) => ask("accounts_list", { request }),
  accountShow: (id) => ask("account_show", { id }),
  accountAdd: (request) => ask("account_add", { request }),
  accountsPreview: (request) => ask("accounts_preview", { request }),
  accountsImport: (request) => ask("accounts_import", { request }),
  accountWatch: (id) => ask("account_watch", { id }),
  accountReveal: (id) => ask("account_reveal", { id }),
  accountForgetAsk: (id) => ask("account_forget_ask", { id }),
  accountForget: (request) => ask("account_forget", { request }),

  draftStart: (account) => ask("draft_start", { account }),
  draftShow: (id) => ask("draft_show", { id }),
  draftWho: (id, kind, country) => ask("draft_who", { id, kind, country }),
  draftAnswer: (id, answers) => ask("draft_answer", { id, answers }),
  draftStep: (id, step) => ask("draft_step", { id, step }),
  draftNoOwners: (id, none) => ask("draft_no_owners", { id, none }),
  draftOwnerRemove: (id, index) => ask("draft_owner_remove", { id, index }),
  draftConsent: (id, given) => ask("draft_consent", { id, given }),
  draftDiscard: (id) => ask("draft_discard", { id }),
  draftSeal: (id) => ask("draft_seal", { id }),
  retakeStart: (account) => ask("retake_start", { account }),

  photoAdd: (draft, document, side, picture) => {
    const { bytes, headers } = pictureBody(picture);
    return send("photo_add", bytes, { draft, document, side, ...headers });
  },
  photoRemove: (id, photo) => ask("photo_remove", { id, photo }),
  photoUse: (id, photo, reason) => ask("photo_use", { id, photo, reason }),
  photoTurn: (id, photo, quarters) => ask("photo_turn", { id, photo, quarters }),
  photoBytes: (photo, rendition) => ask("photo_bytes", { photo, rendition }),
  frameJudge: (shape, frame) => {
    const { bytes, headers } = frameBody(frame);
    const shotWidth = String(frame.shotWidth ?? frame.width);
    return send("frame_judge", bytes, { shape, "shot-width": shotWidth, ...headers });
  },

  networkShow: () => ask("network_show"),
  outboxShow: () => ask("outbox_show"),
  outboxSendNow: (submission) => ask("outbox_send_now", { submission }),
  outboxPause: (paused) => ask("outbox_pause", { paused }),
  outboxHoldPhotos: (hold) => ask("outbox_hold_photos", { hold }),
  submissionWithdraw: (submission) => ask("submission_withdraw", { submission }),
  submissionLighten: (submission) => ask("submission_lighten", { submission }),
  submissionRelease: (submission) => ask("submission_release", { submission }),
  submissionExport: (request) => ask("submission_export", { request }),
  submissionExportPlace: (submission) => ask("submission_export_place", { submission }),
  submissionCorrect: (request) => ask("submission_correct", { request }),
  submissionAnswers: (submission) => ask("submission_answers", { submission }),

  settingsShow: () => ask("settings_show"),
  settingPut: (request) => ask("setting_put", { request }),
  retentionShow: () => ask("retention_show"),
  retentionSet: (request) => ask("retention_set", { request }),
  retentionRun: () => ask("retention_run"),
  auditList: (request) => ask("audit_list", { request }),
  auditExport: (request) => ask("audit_export", { request }),

  onChanged: (listener) => {
    const listening = listen<ChangedView>("changed", (event) => listener(event.payload));
    return () => void listening.then((stop) => stop());
  },
  setTitle: (title) => {
    document.title = title;
    // Without the permission the title bar keeps the app's name; the page's own title is set.
    void getCurrentWindow()
      .setTitle(title)
      .catch(() => undefined);
  },
  zoom: (percent) => {
    // What cannot be drawn larger is still drawn.
    void getCurrentWebview()
      .setZoom(percent / 100)
      .catch(() => undefined);
  },
  reviewOpen: () => ask("review_open"),
};
