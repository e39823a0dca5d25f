// Builds the workbench into built/: one script, DuckDB's worker and its WebAssembly, all served by the site itself.
import { copyFile, mkdir, rm } from "node:fs/promises";
import { build } from "esbuild";

const OUT = new URL("built/", import.meta.url).pathname;
const DUCKDB = new URL("node_modules/@duckdb/duckdb-wasm/dist/", import.meta.url).pathname;

await rm(OUT, { recursive: true, force: true });
await mkdir(OUT);
await build({
  entryPoints: [new URL("src/main.js", import.meta.url).pathname],
  outfile: `${OUT}workbench.js`,
  bundle: true,
  format: "esm",
  minify: true,
  target: "es2022",
  legalComments: "none",
});
// The bundle with WebAssembly exceptions: every browser of the last years runs it, in one thread.
await copyFile(`${DUCKDB}duckdb-browser-eh.worker.js`, `${OUT}duckdb.worker.js`);
await copyFile(`${DUCKDB}duckdb-eh.wasm`, `${OUT}duckdb.wasm`);
