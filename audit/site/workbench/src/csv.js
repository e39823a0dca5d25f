// An answer as CSV (RFC 4180, but lines end with LF), safe to open in a spreadsheet: as release-audit writes it.

// Spreadsheets pass over blanks and what has no width, and read full-width signs as the usual ones.
// eslint-disable-next-line no-control-regex
const FORMULA = /^(?:[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]|[\t\r\n])/u;

const safe = (text) => (FORMULA.test(text) ? `'${text}` : text);

const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export const csv = ({ columns, rows }, isText) => {
  const head = columns.map(({ name }) => quoted(safe(name)));
  const lines = rows.map((row) =>
    row.map((value, place) => quoted(value === null ? "" : isText(columns[place].type) ? safe(value) : value)).join(","),
  );
  return [head.join(","), ...lines, ""].join("\n");
};
