// Words for what the barcode of a licence says.

export const licence = {
  says: (field: string, says: string) => `The licence says for “${field}”: ${says}`,
  use: "Use it",
  useIt: (field: string) => `Use what the licence says for “${field}”`,
};
