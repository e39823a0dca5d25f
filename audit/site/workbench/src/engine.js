// DuckDB in a worker of this origin: one file, only read, and nothing else in reach.
import { AsyncDuckDB, DuckDBAccessMode, VoidLogger } from "@duckdb/duckdb-wasm";

const FILE = "numbers.duckdb";

// The bytes at an address of the site; `report` is given how many of how many are there.
const fetched = async (address, report) => {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: the server answered ${answer.status}`);
  const all = Number(answer.headers.get("content-length"));
  const parts = [];
  let count = 0;
  const reader = answer.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    count += part.value.length;
    report(count, all);
  }
  const bytes = new Uint8Array(count);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};

// A connection to the file at `database`; `report` is given a line for each step.
export const opened = async ({ worker, wasm, database }, report) => {
  const megabytes = (count) => (count / 1e6).toFixed(0);
  const step = (what) => (count, all) =>
    report(
      `loading ${what}: ${megabytes(count)}${all >= count ? ` of ${megabytes(all)}` : ""} MB`,
      all ? count / all : null,
    );
  const file = fetched(database, () => {});
  const db = new AsyncDuckDB(new VoidLogger(), new Worker(worker));
  report("loading DuckDB", null);
  await db.instantiate(wasm, null, ({ bytesLoaded, bytesTotal }) => step("DuckDB")(bytesLoaded, bytesTotal));
  report("loading the data", null);
  await db.registerFileBuffer(FILE, await file);
  await db.open({
    path: FILE,
    accessMode: DuckDBAccessMode.READ_ONLY,
    query: { castBigIntToDouble: false, castDecimalToDouble: false, castDurationToTime64: false },
  });
  const connection = await db.connect();
  // What is asked may be a stranger's: it reaches no other file, address or extension, and cannot change that.
  for (const setting of [
    "autoinstall_known_extensions = false",
    "autoload_known_extensions = false",
    "enable_external_access = false",
    "lock_configuration = true",
  ]) {
    await connection.query(`set ${setting}`);
  }
  return connection;
};

// The rows of one statement, as Arrow; `isStopped` is asked while it runs.
export const asked = async (connection, sql, isStopped) => {
  const reader = await (await connection.send(sql, true)).open();
  const { schema } = reader; // the reader drops it at its end
  const batches = [];
  for await (const batch of reader) {
    if (isStopped()) {
      await connection.cancelSent();
      throw new Error("stopped");
    }
    batches.push(batch);
  }
  return { schema, batches };
};
