// What the window asks of the app behind it: one method per command, and one event.
import type { AccountAddRequest } from "../generated/AccountAddRequest";
import type { AccountRowView } from "../generated/AccountRowView";
import type { AccountsRequest } from "../generated/AccountsRequest";
import type { AccountsView } from "../generated/AccountsView";
import type { AccountView } from "../generated/AccountView";
import type { AnswerRequest } from "../generated/AnswerRequest";
import type { ApiError } from "../generated/ApiError";
import type { AppView } from "../generated/AppView";
import type { AuditCheckView } from "../generated/AuditCheckView";
import type { AuditExportRequest } from "../generated/AuditExportRequest";
import type { AuditRequest } from "../generated/AuditRequest";
import type { AuditView } from "../generated/AuditView";
import type { ChangedView } from "../generated/ChangedView";
import type { ConnectionCheckView } from "../generated/ConnectionCheckView";
import type { ConnectionRequest } from "../generated/ConnectionRequest";
import type { ConnectionView } from "../generated/ConnectionView";
import type { CorrectionRequest } from "../generated/CorrectionRequest";
import type { DetailView } from "../generated/DetailView";
import type { DraftView } from "../generated/DraftView";
import type { ExportRequest } from "../generated/ExportRequest";
import type { ExportView } from "../generated/ExportView";
import type { ForgetRequest } from "../generated/ForgetRequest";
import type { ForgetView } from "../generated/ForgetView";
import type { ForgottenView } from "../generated/ForgottenView";
import type { ImportRequest } from "../generated/ImportRequest";
import type { ImportView } from "../generated/ImportView";
import type { NetworkView } from "../generated/NetworkView";
import type { OutboxView } from "../generated/OutboxView";
import type { PassphraseChangeRequest } from "../generated/PassphraseChangeRequest";
import type { PeopleView } from "../generated/PeopleView";
import type { PersonAddRequest } from "../generated/PersonAddRequest";
import type { PersonRemoveRequest } from "../generated/PersonRemoveRequest";
import type { PhotoView } from "../generated/PhotoView";
import type { PinSetRequest } from "../generated/PinSetRequest";
import type { ProtectionView } from "../generated/ProtectionView";
import type { ProviderView } from "../generated/ProviderView";
import type { RecoveredView } from "../generated/RecoveredView";
import type { RecoveryChangeRequest } from "../generated/RecoveryChangeRequest";
import type { RecoveryKeyView } from "../generated/RecoveryKeyView";
import type { ReportView } from "../generated/ReportView";
import type { RetentionRequest } from "../generated/RetentionRequest";
import type { RetentionView } from "../generated/RetentionView";
import type { SealView } from "../generated/SealView";
import type { SectionView } from "../generated/SectionView";
import type { SettingRequest } from "../generated/SettingRequest";
import type { SettingsView } from "../generated/SettingsView";
import type { Strength } from "../generated/Strength";
import type { VaultCreateRequest } from "../generated/VaultCreateRequest";
import type { VaultRecoverRequest } from "../generated/VaultRecoverRequest";
import type { VaultUnlockRequest } from "../generated/VaultUnlockRequest";

/** A picture of the camera: RGBA bytes, row by row. */
export interface Frame {
  width: number;
  height: number;
  rgba: Uint8Array | Uint8ClampedArray;
  /** Width of the full shot that a shrunken live frame stands for. */
  shotWidth?: number;
}

/** A file as it came: JPEG, PNG or another kind that the app can read. */
export interface RawFile {
  bytes: Uint8Array;
  /** Which page, from 1, of a file that has several. */
  page?: number;
}

export type Picture = Frame | RawFile;
export type Rendition = "preview" | "upload";

export interface Host {
  appState(): Promise<AppView>;
  vaultCreate(request: VaultCreateRequest): Promise<AppView>;
  vaultUnlock(request: VaultUnlockRequest): Promise<AppView>;
  vaultLock(): Promise<AppView>;
  /** Somebody uses the window: the time until it locks begins anew. */
  windowUsed(): Promise<void>;
  passphraseSuggest(): Promise<string>;
  passphraseJudge(passphrase: string): Promise<Strength>;
  recoverySuggest(): Promise<RecoveryKeyView>;
  vaultRecover(request: VaultRecoverRequest): Promise<RecoveredView>;
  pinUnlock(pin: string): Promise<AppView>;
  protectionShow(): Promise<ProtectionView>;
  trainingStart(): Promise<AppView>;
  trainingLeave(erase: boolean): Promise<AppView>;
  themeSet(theme: string): Promise<AppView>;
  zoomSet(percent: number): Promise<AppView>;

  peopleShow(): Promise<PeopleView>;
  personAdd(request: PersonAddRequest): Promise<PeopleView>;
  personRemove(request: PersonRemoveRequest): Promise<PeopleView>;
  passphraseChange(request: PassphraseChangeRequest): Promise<PeopleView>;
  recoveryChange(request: RecoveryChangeRequest): Promise<PeopleView>;
  pinSet(request: PinSetRequest): Promise<PeopleView>;

  providersList(): Promise<ProviderView[]>;
  connectionsList(): Promise<ConnectionView[]>;
  connectionSave(request: ConnectionRequest): Promise<ConnectionView>;
  connectionCheck(id: string): Promise<ConnectionCheckView>;
  connectionPause(id: string, paused: boolean): Promise<ConnectionView>;

  accountsList(request: AccountsRequest): Promise<AccountsView>;
  accountShow(id: string): Promise<AccountView>;
  accountAdd(request: AccountAddRequest): Promise<AccountRowView>;
  accountsPreview(request: ImportRequest): Promise<ImportView>;
  accountsImport(request: ImportRequest): Promise<ImportView>;
  accountWatch(id: string | null): Promise<void>;
  accountReveal(id: string): Promise<DetailView[]>;
  accountForgetAsk(id: string): Promise<ForgetView>;
  accountForget(request: ForgetRequest): Promise<ForgetView>;

  draftStart(account: string): Promise<DraftView>;
  draftShow(id: string): Promise<DraftView>;
  draftWho(id: string, kind: string, country: string): Promise<DraftView>;
  draftAnswer(id: string, answers: AnswerRequest[]): Promise<DraftView>;
  draftStep(id: string, step: string): Promise<DraftView>;
  draftNoOwners(id: string, none: boolean): Promise<DraftView>;
  draftOwnerRemove(id: string, index: number): Promise<DraftView>;
  draftConsent(id: string, given: boolean): Promise<DraftView>;
  draftDiscard(id: string): Promise<void>;
  draftSeal(id: string): Promise<SealView>;
  retakeStart(account: string): Promise<DraftView>;

  photoAdd(draft: string, document: string, side: string, picture: Picture): Promise<PhotoView>;
  photoRemove(draft: string, photo: string): Promise<DraftView>;
  photoUse(draft: string, photo: string, reason: string): Promise<DraftView>;
  photoTurn(draft: string, photo: string, quarters: number): Promise<PhotoView>;
  photoBytes(photo: string, rendition: Rendition): Promise<ArrayBuffer>;
  frameJudge(shape: string, frame: Frame): Promise<ReportView>;

  networkShow(): Promise<NetworkView>;
  outboxShow(): Promise<OutboxView>;
  outboxSendNow(submission: string | null): Promise<void>;
  outboxPause(paused: boolean): Promise<void>;
  outboxHoldPhotos(hold: boolean): Promise<void>;
  submissionWithdraw(submission: string): Promise<void>;
  submissionLighten(submission: string): Promise<void>;
  submissionRelease(submission: string): Promise<void>;
  submissionExport(request: ExportRequest): Promise<ExportView>;
  submissionExportPlace(submission: string): Promise<string>;
  submissionCorrect(request: CorrectionRequest): Promise<void>;
  submissionAnswers(submission: string): Promise<SectionView[]>;

  settingsShow(): Promise<SettingsView>;
  settingPut(request: SettingRequest): Promise<SettingsView>;
  retentionShow(): Promise<RetentionView>;
  retentionSet(request: RetentionRequest): Promise<RetentionView>;
  retentionRun(): Promise<ForgottenView>;
  auditList(request: AuditRequest): Promise<AuditView>;
  auditExport(request: AuditExportRequest): Promise<AuditCheckView>;

  /** Calls back whenever something changed; the answer ends it. */
  onChanged(listener: (changed: ChangedView) => void): () => void;
  /** Sets the title of the window. */
  setTitle(title: string): void;
  /** Draws everything larger or smaller. */
  zoom(percent: number): void;
  /** Opens the practice provider's page in the person's browser. */
  reviewOpen(): Promise<void>;
}

/** Whatever a command threw, as an error with a code. */
export function asApiError(thrown: unknown): ApiError {
  if (typeof thrown === "object" && thrown !== null && "code" in thrown) {
    const { code, path, detail } = thrown as Partial<ApiError>;
    if (typeof code === "string") {
      return { code, path: path ?? null, detail: detail ?? null };
    }
  }
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: "host_failed", path: null, detail };
}
