// Cells of an answer as exact text, as release-audit writes them: times in UTC with six digits, null empty.
import { Type } from "apache-arrow";

const PER_SECOND = { 0: 1n, 1: 1_000n, 2: 1_000_000n, 3: 1_000_000_000n };

// A time of so many units since 1970 as ISO 8601; plain times of this database are UTC.
const time = (value, unit) => {
  const perSecond = PER_SECOND[unit];
  let seconds = value / perSecond;
  let rest = value % perSecond;
  if (rest < 0n) {
    seconds -= 1n;
    rest += perSecond;
  }
  const micros = unit === 3 ? rest / 1_000n : rest * (1_000_000n / perSecond);
  const at = new Date(Number(seconds) * 1000);
  return Number.isNaN(at.valueOf())
    ? String(value)
    : `${at.toISOString().slice(0, -5)}.${String(micros).padStart(6, "0")}Z`;
};

const double = (value) => (Number.isInteger(value) && Math.abs(value) < 1e16 ? `${value}.0` : String(value));

const decimal = (value, scale) => {
  const digits = String(value);
  const isNegative = digits.startsWith("-");
  const padded = digits.replace("-", "").padStart(scale + 1, "0");
  const text = scale ? `${padded.slice(0, -scale)}.${padded.slice(-scale)}` : padded;
  return isNegative ? `-${text}` : text;
};

// What stands for a value where several are one cell: JSON.
const plain = (value) => {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value && typeof value.toArray === "function") return [...value].map(plain);
  if (value && typeof value.toJSON === "function") return plain(value.toJSON());
  if (Array.isArray(value)) return value.map(plain);
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
  }
  return value;
};

export const isNumber = (type) =>
  [Type.Int, Type.Float, Type.Decimal].includes(type.typeId);

export const isTime = (type) => type.typeId === Type.Timestamp;

// The text of a cell of a column's part; null: nothing is there.
const cell = (data, type, row, vector) => {
  if (vector.get(row) === null) return null;
  switch (type.typeId) {
    case Type.Timestamp:
      return time(BigInt(data.values[row]), type.unit);
    case Type.Date:
      return new Date(Number(vector.get(row))).toISOString().slice(0, 10);
    case Type.Float:
      return double(vector.get(row));
    case Type.Decimal:
      return decimal(wide(vector.get(row)), type.scale);
    case Type.Int:
    case Type.Bool:
    case Type.Utf8:
      return String(vector.get(row));
    default: {
      const value = plain(vector.get(row));
      return typeof value === "string" ? value : JSON.stringify(value);
    }
  }
};

// A number of 128 bits, which Arrow gives as four of 32.
const wide = (words) => {
  const parts = [...words].map((word) => BigInt(word >>> 0));
  return BigInt.asIntN(128, parts.reduce((sum, part, place) => sum | (part << BigInt(32 * place)), 0n));
};

// The answer as columns (name, type) and rows of texts.
export const rowsOf = ({ schema, batches }) => {
  const columns = schema.fields.map(({ name, type }) => ({ name, type }));
  const rows = [];
  for (const batch of batches) {
    const vectors = columns.map((_, place) => batch.getChildAt(place));
    for (let row = 0; row < batch.numRows; row += 1) {
      rows.push(vectors.map((vector, place) => cell(vector.data[0], columns[place].type, row, vector)));
    }
  }
  return { columns, rows };
};
