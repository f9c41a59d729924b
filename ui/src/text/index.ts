// Words of the window. Codes come from the app; every text that a person reads stands in this folder.
export { words, type Words } from "./en";
export { errorWords, type ErrorWords } from "./errors";
export { FIELD_HELP, fieldLabel, optionLabel } from "./fields";
export { documentInSentence, documentName, purposeName, rejected, sideName } from "./documents";
export { lineIcon, lineWords, type LineWords } from "./lines";
export { measureWords } from "./measures";
export { actorWords, deadlineWords, nextTry, whatWords, whyWords } from "./outbox";
export {
  bannerWords,
  checkWords,
  documentState,
  historyWords,
  importWords,
  networkWords,
} from "./states";
