import type { Action } from "./codes";

/** What a person can do next, as a button says it. */
export const action = {
  retake: "Retake photo",
  send_smaller: "Send a smaller version",
  send_again: "Send again",
  choose_another: "Choose another document",
  add_missing: "Add what is missing",
  compare: "Compare",
  export: "Copy for support",
  fix_answers: "Fix answers",
  full_number: "Enter the full number",
  confirm_overwrite: "Replace",
  follow: "Follow it here",
  try_again: "Try again",
  release: "Send again",
  take_full_set: "Take a full new set",
  enter_key: "Enter new key",
  add_documents: "Take the photos",
  see_photo: "See the rejected photo",
  start: "Start onboarding",
  continue: "Continue",
  withdraw: "Take it back",
} satisfies Record<Action, string>;
