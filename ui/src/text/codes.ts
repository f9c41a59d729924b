// Codes that the app names. Words for each are guaranteed by the types of the tables beside this file.

/** Why something waits. */
export const WHYS = [
  "turn",
  "sending",
  "no_network",
  "intercepted",
  "clock",
  "throttled",
  "server_trouble",
  "answer_lost",
  "fence",
  "photos_not_asked_for",
  "in_review",
  "credentials",
  "paused",
  "photos_held",
  "person",
  "set_aside",
  "finished",
] as const;
export type Why = (typeof WHYS)[number];

/** Where an account stands, in one line. */
export const LINE_CODES = [
  "not_started",
  "draft",
  "held",
  "waiting_turn",
  "waiting_sending",
  "waiting_no_network",
  "waiting_intercepted",
  "waiting_clock",
  "waiting_throttled",
  "waiting_server_trouble",
  "waiting_answer_lost",
  "waiting_fence",
  "waiting_photos_not_asked_for",
  "waiting_in_review",
  "waiting_credentials",
  "waiting_paused",
  "waiting_photos_held",
  "waiting_person",
  "waiting_set_aside",
  "waiting_finished",
  "sent",
  "received",
  "in_review",
  "unknown_state",
  "documents_needed",
  "document_rejected",
  "verified",
  "failed",
  "refused_answers",
  "full_number_needed",
  "submitted_elsewhere",
  "would_overwrite",
  "account_refused",
  "configuration_refused",
  "photo_too_large",
  "some_files",
  "one_image_kept",
  "unresolved",
  "refused_unexplained",
  "integrity",
  "set_aside",
  "withdrawn",
  "purged",
] as const;
export type LineCode = (typeof LINE_CODES)[number];

export const REJECT_REASONS = [
  "illegible",
  "corrupt_file",
  "info_mismatch",
  "doc_unsupported",
  "incomplete",
  "unknown",
] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];

/** What a person can do next. */
export const ACTIONS = [
  "retake",
  "send_smaller",
  "send_again",
  "choose_another",
  "add_missing",
  "compare",
  "export",
  "fix_answers",
  "full_number",
  "confirm_overwrite",
  "follow",
  "try_again",
  "release",
  "take_full_set",
  "enter_key",
  "add_documents",
  "see_photo",
  "start",
  "continue",
  "withdraw",
] as const;
export type Action = (typeof ACTIONS)[number];

export const ROW_ACTIONS = ["retake", "fix", "check", "continue", "start"] as const;
export type RowAction = (typeof ROW_ACTIONS)[number];

export const OUTBOX_ACTIONS = [
  "send_now",
  "pause",
  "resume",
  "let_photos_go",
  "release",
  "withdraw",
  "fix",
  "export",
] as const;
export type OutboxAction = (typeof OUTBOX_ACTIONS)[number];

export const ACTORS = ["satchel", "network", "you", "administrator", "provider"] as const;
export type Actor = (typeof ACTORS)[number];

export const NEXT_KINDS = [
  "tries_at",
  "not_before",
  "asks_at",
  "now",
  "after_change",
  "with_new_key",
  "when_resumed",
  "when_released",
] as const;
export type NextKind = (typeof NEXT_KINDS)[number];

/** What is begun at the provider and must be finished in time. */
export const DEADLINES = ["authorize", "attach"] as const;
export type DeadlineCode = (typeof DEADLINES)[number];

export const NETWORK_KINDS = [
  "offline",
  "online",
  "online_slow",
  "sign_in_needed",
  "checking",
  "no_connection",
] as const;
export type NetworkKind = (typeof NETWORK_KINDS)[number];

export const BANNERS = [
  "credentials",
  "intercepted",
  "clock",
  "disk_nearly_full",
  "disk_full",
] as const;
export type BannerCode = (typeof BANNERS)[number];

export const DOCUMENT_STATES = [
  "here",
  "sending",
  "sent",
  "in_review",
  "verified",
  "rejected",
  "not_accepted",
  "unknown",
] as const;
export type DocumentState = (typeof DOCUMENT_STATES)[number];

export const HISTORY_CODES = [
  "sealed",
  "sent",
  "received",
  "in_review",
  "documents_needed",
  "verified",
  "failed",
  "answer_lost",
  "refused",
  "released",
  "corrected",
  "photos_added",
  "photo_lightened",
  "photos_sent",
  "withdrawn",
  "revealed",
  "exported",
  "photos_forgotten",
  "status_unknown",
  "restored",
  "purged",
] as const;
export type HistoryCode = (typeof HISTORY_CODES)[number];

export const CONNECTION_STATES = [
  "ok",
  "unknown",
  "offline",
  "credentials",
  "intercepted",
  "clock",
  "server",
  "paused",
] as const;
export type ConnectionState = (typeof CONNECTION_STATES)[number];

export const CHECK_CODES = [
  "ok",
  "offline",
  "credentials",
  "intercepted",
  "clock",
  "foreign_answer",
  "bad_address",
  "server",
  "account",
] as const;
export type CheckCode = (typeof CHECK_CODES)[number];

export const IMPORT_CODES = [
  "missing_account_id",
  "missing_name",
  "unknown_country",
  "unknown_kind",
  "not_a_number",
  "twice_in_file",
  "already_here",
  "broken_quotes",
  "too_many_columns",
  "too_few_columns",
  "not_utf8",
] as const;
export type ImportCode = (typeof IMPORT_CODES)[number];

export const MEASURES = [
  "resolution",
  "sharpness",
  "glare",
  "light",
  "brightness",
  "contrast",
  "tilt",
  "document",
  "corners",
  "fill",
  "colour",
] as const;
export type MeasureCode = (typeof MEASURES)[number];

/** Whether a word from the app is one of the codes in the list. */
export function isOneOf<T extends string>(codes: readonly T[], word: string): word is T {
  return (codes as readonly string[]).includes(word);
}
