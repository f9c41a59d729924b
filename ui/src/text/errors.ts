import type { ApiError } from "../generated/ApiError";
import { documentInSentence } from "./documents";
import { fieldLabel } from "./fields";
import { people } from "./people";

export interface ErrorWords {
  /** What happened, and what to do about it. */
  what: string;
  /** What is safe. */
  safe: string;
}

type Say = (error: ApiError) => ErrorWords;

const NOTHING_SENT = "Nothing was sent.";
const SAFE = "What you typed and sealed is safe on this device.";
const KEPT = "Nothing was changed.";
const PHOTO_KEPT = "The file itself was not changed, and earlier photos are still here.";

const says =
  (what: string, safe: string): Say =>
  () => ({ what, safe });

/** Words for every code that a command can be refused with. */
export const ERRORS = {
  // Vault
  wrong_passphrase: says(
    "That is not the passphrase.",
    "Nothing is erased, however often you try.",
  ),
  weak_passphrase: says(
    "The passphrase is too short or too easy to guess. Use four words that do not belong together.",
    "Nothing was made yet.",
  ),
  locked: says("Satchel is locked. Unlock it and go on where you were.", SAFE),
  in_use: says("Satchel is open elsewhere on this computer. Close the other window.", SAFE),
  not_a_vault: says("There is no vault in Satchel’s folder.", "Nothing was changed."),
  exists: says("There is a vault here already. Unlock it instead.", KEPT),
  newer_version: says("A newer Satchel wrote this vault. Install that version to open it.", SAFE),
  vault_damaged: says(
    "A file of the vault is damaged or missing. An administrator can restore it from a copy.",
    "Satchel deleted nothing.",
  ),
  cost_refused: says("The vault’s lock was made with settings that this version refuses.", SAFE),
  device_secret_absent: says(
    "This computer’s secret for the vault is gone. Open it with the recovery key.",
    "The vault is still there, with everything in it.",
  ),
  keychain_lost: says(
    "The system’s keychain has lost the vault’s secret. Open it with the recovery key.",
    "The vault is still there, with everything in it.",
  ),
  too_many_tries: (e) => ({
    what: people.wait(Number(e.detail ?? 0)),
    safe: "Nothing is erased, however often you try.",
  }),
  no_recovery: says("This vault has no recovery key.", KEPT),
  bad_recovery_key: says(
    "That is not a recovery key. Compare it with your sheet, group by group.",
    KEPT,
  ),
  wrong_recovery_key: says("That recovery key belongs to another vault.", KEPT),
  last_operator: says("Somebody must be able to open the vault. The last one stays.", KEPT),
  is_you: says("That is you. Somebody else takes your passphrase away.", KEPT),
  no_such_operator: says("This person has no passphrase here any more.", KEPT),
  too_many_operators: says("There is room for 16 people. Remove somebody first.", KEPT),
  name_taken: says("Somebody has that name already.", KEPT),
  unknown_role: says("This window and the app behind it do not fit together.", KEPT),
  in_training: says("In training mode there is nobody but you.", KEPT),
  weak_pin: says("Take 6 to 12 digits that do not simply count.", KEPT),
  wrong_pin: (e) => ({ what: people.pin.wrong(e.detail ?? "0"), safe: KEPT }),
  no_pin: says("The PIN no longer opens Satchel. Use the passphrase.", SAFE),
  keychain_absent: says(
    "This session has no keychain, and the device’s secret is in it. Sign in to the desktop as usual, then try again.",
    SAFE,
  ),
  keychain_locked: says("The system’s keychain is locked. Unlock it, then try again.", SAFE),
  keychain_silent: says(
    "The system’s keychain does not answer. Sign out of the computer and in again.",
    SAFE,
  ),
  keychain_failed: says(
    "The system’s keychain does not work. Sign out of the computer and in again.",
    SAFE,
  ),
  no_randomness: says("The system gave no random numbers. Restart the computer.", KEPT),
  no_page_encryption: says("This build cannot encrypt its database. Install a complete one.", KEPT),
  no_memory: says("There is not enough memory to open the vault. Close other programs.", SAFE),
  disk_full: says(
    "The disk is full. Free some space, then try again.",
    "What was sealed before is safe.",
  ),
  disk_nearly_full: says(
    "Less than 200 MB are left, so no new photos are taken. Free some space first.",
    "What is sealed stays safe and is sent.",
  ),
  io: says("A file could not be read or written.", SAFE),
  database: says("Satchel’s store could not be read or written.", SAFE),
  integrity: says("A stored record does not open. It was set aside.", "Nothing was sent from it."),
  record_damaged: says(
    "A stored record does not open. It was set aside.",
    "Nothing was sent from it.",
  ),
  store_failed: says("Satchel’s store could not be read or written.", SAFE),
  settings_not_saved: says("The setting could not be written to the disk.", KEPT),
  not_there: says("This is no longer here.", NOTHING_SENT),
  step_open: says("Something for this account is on its way. Wait for its answer.", SAFE),
  // Training
  no_practice_provider: says(
    "This build has no practice provider.",
    "Nothing real is touched by this.",
  ),
  practice_provider_failed: says(
    "The practice provider did not start.",
    "Nothing real is touched by this.",
  ),
  not_in_training: says("This works only in training mode.", KEPT),
  no_browser: says("No browser opened. Copy the address and open it yourself.", KEPT),
  // Connections
  unknown_connection: says("This connection is no longer here.", NOTHING_SENT),
  unknown_provider: says("Satchel does not know this provider.", NOTHING_SENT),
  connection_incomplete: says(
    "The connection lacks something. Open it and fill in what is missing.",
    NOTHING_SENT,
  ),
  bad_address: says("The address is not usable. It begins with https://", KEPT),
  bad_certificate: says("That is not a certificate in PEM form.", KEPT),
  // Accounts
  unknown_account: says("This account is no longer here.", NOTHING_SENT),
  required: (e) => ({ what: `${fieldOf(e) || "Something"} is missing.`, safe: KEPT }),
  too_long: (e) => ({ what: `${fieldOf(e) || "A value"} is too long.`, safe: KEPT }),
  not_a_number: says("The account number holds something other than digits.", KEPT),
  bad_file: says("That is not a file that can be made. Give its whole path.", KEPT),
  file_exists: says("There is a file of that name already. Choose another name.", KEPT),
  already_forgotten: says("This account is forgotten already.", KEPT),
  account_forgotten: says(
    "This account was forgotten on this device. Add it again to begin anew.",
    KEPT,
  ),
  in_flight: says(
    "Something of it may still be on its way. It can be forgotten once that is settled.",
    KEPT,
  ),
  keeping_not_sound: says("Photos cannot be kept longer than the details they belong to.", KEPT),
  unknown_state: says("Satchel does not know this state.", KEPT),
  already_here: says("This account is here already.", KEPT),
  already_submitted: says(
    "This account is under way already. Open it to see where it stands.",
    NOTHING_SENT,
  ),
  draft_open: says("A draft is open on this account. Finish it, or discard it.", KEPT),
  file_without_account_column: says(
    "The first line names no column account_id. Name the columns in the first line.",
    "Nothing was added.",
  ),
  nothing_to_show: says("There are no answers of this account on this device.", KEPT),
  // Drafts
  unknown_draft: says("This draft is no longer here.", NOTHING_SENT),
  missing_who: says("Choose who the account is for first.", SAFE),
  not_offered: says("The provider does not take this kind of applicant there.", SAFE),
  missing_answers: says(
    "Some answers are missing or wrong. They are listed under Left to do.",
    NOTHING_SENT,
  ),
  missing_owners: says("Name the other owners, or say that there are none.", NOTHING_SENT),
  missing_document: says("A paper is still missing.", NOTHING_SENT),
  missing_side: says("A side of a paper is still missing.", NOTHING_SENT),
  photo_not_usable: (e) => ({
    what: e.path
      ? `The photo of the ${documentInSentence(e.path)} is not good enough. Take it again, or say why it is used.`
      : "A photo is not good enough. Take it again, or say why it is used.",
    safe: NOTHING_SENT,
  }),
  missing_consent: says("The applicant has not agreed yet.", NOTHING_SENT),
  unsupported_document: (e) => ({
    what: e.detail
      ? `The provider does not take this here: ${documentInSentence(e.detail)}.`
      : "The provider does not take this document here.",
    safe: PHOTO_KEPT,
  }),
  nothing_to_retake: says(
    "The provider does not ask for photos of this account now.",
    NOTHING_SENT,
  ),
  // Photos
  unknown_photo: says("This photo is no longer here.", "Take it again."),
  unknown_side: says("This paper has no such side.", PHOTO_KEPT),
  unknown_rendition: says("There is no such picture of this photo.", PHOTO_KEPT),
  unknown_shape: says("The camera’s picture was not understood. Take it again.", PHOTO_KEPT),
  retake_first: says(
    "Take the photo again first. After two tries you may use it and say why.",
    PHOTO_KEPT,
  ),
  empty_file: says("The file is empty. Choose another.", PHOTO_KEPT),
  not_an_image: says("The file is not a picture. Choose a JPEG or PNG file.", PHOTO_KEPT),
  unsupported_heic: says(
    "This is a HEIC file from a phone. On the phone choose “Most compatible”, or send it as JPEG.",
    PHOTO_KEPT,
  ),
  unsupported_avif: says("AVIF files are not taken. Save it as JPEG or PNG.", PHOTO_KEPT),
  unsupported_gif: says("GIF files are not taken. Save it as JPEG or PNG.", PHOTO_KEPT),
  unsupported_svg: says("A drawing is no photo. Choose a JPEG or PNG file.", PHOTO_KEPT),
  unsupported_archive: says(
    "This is an archive or an Office file. Choose the picture itself.",
    PHOTO_KEPT,
  ),
  unsupported_office: says("This is an Office file. Choose the picture itself.", PHOTO_KEPT),
  unsupported_other_jpeg: says(
    "This kind of JPEG is not taken. Save it as an ordinary JPEG.",
    PHOTO_KEPT,
  ),
  unsupported_film: says("This is a film. Choose a photo.", PHOTO_KEPT),
  unsupported_variant: says(
    "This variety of the format is not taken. Save it as JPEG or PNG.",
    PHOTO_KEPT,
  ),
  too_large_file: says("The file is larger than any photo needs. Save it smaller.", PHOTO_KEPT),
  too_many_pixels: says(
    "The picture has more pixels than can be opened. Save it smaller.",
    PHOTO_KEPT,
  ),
  too_small: says(
    "The picture is too small to read a document in it. Take a larger one.",
    PHOTO_KEPT,
  ),
  several_pages: says(
    "The file has several pages. Choose one, or save it as a picture of its own.",
    PHOTO_KEPT,
  ),
  no_such_page: says("The file does not have this page.", PHOTO_KEPT),
  pdf_active: says(
    "The PDF holds more than pages: a script, a form or files. Print it to a new PDF.",
    PHOTO_KEPT,
  ),
  pdf_locked: says("The PDF needs a password. Save it without one.", PHOTO_KEPT),
  truncated: says("The file ends before the picture does. Copy it again.", PHOTO_KEPT),
  damaged: says("The picture is damaged. Copy it again, or take a new photo.", PHOTO_KEPT),
  over_budget: says(
    "The photo stays too large for the provider. Take it again, closer and flatter.",
    PHOTO_KEPT,
  ),
  frame_mismatch: says("The camera’s picture did not arrive whole. Take it again.", PHOTO_KEPT),
  evidence_mismatch: says(
    "The stored photo is not the one that was taken. Take it again.",
    PHOTO_KEPT,
  ),
  encoder_failed: says("The photo could not be prepared. Take it again.", PHOTO_KEPT),
  decoder_failed: says(
    "The picture could not be opened. Choose another, or take a new photo.",
    PHOTO_KEPT,
  ),
  too_slow: says(
    "Opening the picture took more than five seconds. Save it anew as JPEG, or take a new photo.",
    PHOTO_KEPT,
  ),
  too_much_memory: says(
    "Opening the picture takes too much memory. Save it smaller, as JPEG.",
    PHOTO_KEPT,
  ),
  worker_crashed: says(
    "The picture could not be opened: it is damaged, or made to do harm. Choose another.",
    PHOTO_KEPT,
  ),
  worker_unavailable: says(
    "The part of Satchel that opens pictures does not start. Restart Satchel.",
    PHOTO_KEPT,
  ),
  // Submissions
  unknown_submission: says("This submission is no longer here.", NOTHING_SENT),
  unknown_correction: says("This cannot be done about it.", KEPT),
  not_possible_now: says(
    "This is not possible in its present state. It may be on its way already.",
    KEPT,
  ),
  not_set_aside: says("Only what was set aside can be copied.", "No copy was made."),
  bad_folder: says(
    "Name a new folder with its whole path, in a folder that is there.",
    "No copy was made.",
  ),
  folder_exists: says(
    "There is something of that name already. Name another.",
    "No copy was made.",
  ),
  folder_is_ours: says(
    "That lies among Satchel’s own files. Name another place.",
    "No copy was made.",
  ),
  not_written: says("The copy could not be written there.", "No copy was made."),
  // Settings and the rest
  unknown_setting: says("There is no such setting.", KEPT),
  unknown_zoom: says("There is no such size.", KEPT),
  unknown_theme: says("There is no such theme.", KEPT),
  unexpected: says("Satchel met a fault of its own. Try again; if it stays, restart it.", SAFE),
  host_failed: says(
    "The window and the app behind it did not understand each other. Restart Satchel.",
    SAFE,
  ),
} as const satisfies Record<string, Say>;

export type ErrorCode = keyof typeof ERRORS;

function fieldOf(error: ApiError): string {
  const path = error.path ?? error.detail ?? "";
  return path && fieldLabel(path);
}

/** The words for an error; a code that is new to this window gets the general ones. */
export function errorWords(error: ApiError): ErrorWords {
  const say = (ERRORS as Record<string, Say>)[error.code];
  if (say) return say(error);
  return {
    what: "Satchel refused this, for a reason that is new to this window.",
    safe: `${SAFE} The code is under Details.`,
  };
}
